/** With what a simulated process starts. */
import type { ByteSink, ByteSource } from "./pipe.ts";
import type { TerminalDevice } from "./terminal.ts";

export interface StandardStreams {
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
}

export interface ProcessStart extends StandardStreams {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: ProcessUser;
  readonly terminal?: TerminalDevice | undefined;
}

export interface ProcessUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups?: readonly number[];
}
