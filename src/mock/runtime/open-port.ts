import type { Daemon } from "../../session/connection.ts";

/** A port of this machine that is answered. */
export interface OpenPort {
  readonly port: number;
  close(): Promise<void>;
}

/** Has a TCP port of this machine answered, any that is free where it is 0; undefined where it is taken. */
export type OpensPorts = (port: number, answer: Daemon) => Promise<OpenPort | undefined>;
