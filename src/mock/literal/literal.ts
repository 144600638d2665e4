/** What a daemon has from the start, as one literal: in code, in YAML and in JSON the same. Defaults fill all else in. */
import type { Behaviour } from "../behaviours/behaviour.ts";
import type { ContainerStatus } from "../state/container.ts";

export interface StateLiteral {
  /** What images, containers and commands do; behind those that there are already. */
  readonly behaviours?: readonly Behaviour[];
  readonly images?: readonly (string | ImageLiteral)[];
  readonly networks?: readonly (string | NetworkLiteral)[];
  readonly volumes?: readonly (string | VolumeLiteral)[];
  readonly containers?: readonly ContainerLiteral[];
}

/** By path; a text or, in code, bytes. */
export type FilesLiteral = Readonly<Record<string, string | Uint8Array>>;

/** busybox with other names and more files, unless it says `from` what else. */
export interface ImageLiteral {
  /** `web`, `example.com/team/web:1`. */
  readonly name: string;
  /** An image that is there already. Default: `busybox`. */
  readonly from?: string;
  /** One word is run by a shell. */
  readonly command?: string | readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Those that it exposes: `80`, `53/udp`. */
  readonly ports?: readonly (string | number)[];
  readonly user?: string;
  readonly workdir?: string;
  readonly files?: FilesLiteral;
}

export interface NetworkLiteral {
  readonly name: string;
  /** Default: `bridge`. */
  readonly driver?: string;
  /** `10.5.0.0/16`. Default: the next of Docker's own. */
  readonly subnet?: string;
  readonly internal?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface VolumeLiteral {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly files?: FilesLiteral;
}

/** A line on stdout, or on stderr. */
export type LogLiteral = string | { readonly stderr: string };

export interface ContainerLiteral {
  readonly name: string;
  /** One that is not there is made: busybox under that name. */
  readonly image: string;
  /** Default: `running`. One that runs does nothing but wait, unless a command says otherwise. */
  readonly state?: ContainerStatus;
  /** Of one that does not run any more. Default: 0. */
  readonly exitCode?: number;
  /** Of one that runs. */
  readonly health?: "starting" | "healthy" | "unhealthy";
  /** One word is run by a shell. */
  readonly command?: string | readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** `8080:80`, `127.0.0.1:53:53/udp`, or `80` alone for any free port of the host. */
  readonly ports?: readonly (string | number)[];
  /** `data:/var/lib/data:ro`, as `docker run -v` has it. */
  readonly volumes?: readonly string[];
  /** Default: `bridge`. */
  readonly network?: string;
  /** `no`, `always`, `unless-stopped`, `on-failure:3`. */
  readonly restart?: string;
  readonly tty?: boolean;
  readonly files?: FilesLiteral;
  /** What it has printed before. */
  readonly logs?: readonly LogLiteral[];
}
