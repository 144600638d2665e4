/**
 * What an image, a container or a command does, where the simulation is to know better than its own small world: told
 * as a script, or as a function. YAML says the same (`read.ts`).
 */
import type { Connection } from "../../../session/connection.ts";
import type { Actor } from "./actor.ts";

export interface Behaviour extends Match {
  /** What it runs: a script, or a function that resolves with the exit code. Without it, what it would run anyway. */
  readonly does?: readonly Step[] | Act;
  /** The exit code of a script; `oom` where it runs out of memory in the end. Default: 0. */
  readonly exit?: number | "oom";
  /** After its script it runs until it is stopped. */
  readonly stays?: boolean;
  /** By signal (`TERM`): the exit code that it ends a script with, or that nothing happens. */
  readonly signals?: Readonly<Record<string, number | "ignore">>;
  /** How its health checks end, one after the other; the last one again and again. */
  readonly health?: readonly ("healthy" | "unhealthy")[];
  /** Files that are there when it starts, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Who answers at its ports. */
  readonly ports?: Readonly<Record<number, PortBehaviour>>;
}

/** Which containers and commands it is for: all that are given must fit. `*` stands for anything. */
export interface Match {
  /** `postgres:16`, `postgres` for any tag, `*\/web:1.*` */
  readonly image?: string;
  /** The container's name. */
  readonly container?: string;
  /**
   * A command by its name alone, `pg_isready`, or with its arguments, `psql -c *`. Without it the behaviour is that of
   * a container's first process, whatever its command.
   */
  readonly command?: string;
}

/** A function that is a program: resolves with the exit code; nothing stands for 0. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one, too
export type Act = (actor: Actor) => Promise<number | undefined | void> | number | undefined | void;

/** One thing after the other. A text is a line on stdout. */
export type Step =
  | string
  | { readonly stdout: string }
  | { readonly stderr: string }
  | { readonly waitMs: number }
  /** Waits until this line is read; others are passed over. */
  | { readonly stdin: string }
  /** Reads lines until the end of stdin, and answers them. */
  | { readonly answers: Answers }
  | { readonly writes: Readonly<Record<string, string>> };

/** `echo`, or what is answered by line; `*` for any other line, which is else not answered. */
export type Answers = "echo" | Readonly<Record<string, string>>;

export type PortBehaviour =
  | "echo"
  /** Accepts, and says nothing. */
  | "silent"
  /** Accepts, and closes. */
  | "closes"
  /** Says something first, then answers lines. */
  | { readonly greets?: string; readonly answers?: Answers }
  /** One response for everything, or one by path; `*` for all other paths, which are else not found. */
  | { readonly http: Page | Readonly<Record<string, Page>> }
  | ((connection: Connection) => Promise<void>);

export interface Page {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
