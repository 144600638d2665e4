import type { Daemon } from "../../session/connection.ts";

/** An open port of this machine. */
export interface OpenPort {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens a TCP port of this machine; 0 for any free one. Undefined for a port in use. */
export type PortOpener = (port: number, answer: Daemon) => Promise<OpenPort | undefined>;
