/**
 * Behaviours: what an image, a container or a command does instead of running its program, as a script or a function.
 * parse-behaviours.ts reads them from YAML.
 */
import type { Connection } from "../../../session/connection.ts";
import type { Actor } from "./actor.ts";

/** What containers or commands do in place of their programs. */
export interface Behaviour extends BehaviourMatch {
  /** A script, or a function that resolves with the exit code. Without it, the program itself runs. */
  readonly does?: readonly BehaviourStep[] | BehaviourFunction;
  /** The exit code of a script; `oom` to run out of memory at its end. @default 0 */
  readonly exit?: number | "oom";
  /** After the script, runs until it is stopped. */
  readonly stays?: boolean;
  /** By signal (`TERM`): the exit code with which it ends a script, or `ignore`. */
  readonly signals?: Readonly<Record<string, number | "ignore">>;
  /** The results of health checks, in order. The last one repeats. */
  readonly health?: readonly ("healthy" | "unhealthy")[];
  /** Files that exist at the start, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** What its ports answer, by number. */
  readonly ports?: Readonly<Record<number, PortBehaviour>>;
}

/** The containers and commands that a behaviour applies to. All members must match. `*` matches any text. */
export interface BehaviourMatch {
  /** `postgres:16`, `postgres` for any tag, `*\/web:1.*` */
  readonly image?: string;
  /** The container's name. */
  readonly container?: string;
  /**
   * A command by its name alone, `pg_isready`, or with its arguments, `psql -c *`. Without it, the behaviour is for
   * the main process of a container, whatever its command.
   */
  readonly command?: string;
}

/** A function as a program. It resolves with the exit code; nothing means 0. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one, too
export type BehaviourFunction = (actor: Actor) => Promise<number | undefined | void> | number | undefined | void;

/** A step of a script. A text is a line on stdout. */
export type BehaviourStep =
  | string
  | { readonly stdout: string }
  | { readonly stderr: string }
  | { readonly waitMs: number }
  /** Waits for this line, and ignores others. */
  | { readonly stdin: string }
  /** Answers lines until the end of stdin. */
  | { readonly answers: LineAnswers }
  | { readonly writes: Readonly<Record<string, string>> };

/** `echo`, or answers by line. `*` answers all other lines. */
export type LineAnswers = "echo" | Readonly<Record<string, string>>;

/** What answers connections to a port of a container. */
export type PortBehaviour =
  | "echo"
  /** Accepts, and sends nothing. */
  | "silent"
  /** Accepts, and closes. */
  | "closes"
  /** Sends a greeting, then answers lines. */
  | { readonly greets?: string; readonly answers?: LineAnswers }
  /** One response for all requests, or responses by path. `*` is for all other paths, which are 404 without it. */
  | { readonly http: HttpPage | Readonly<Record<string, HttpPage>> }
  | ((connection: Connection) => Promise<void>);

export interface HttpPage {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
