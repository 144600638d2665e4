/** What of a container is alive: its files, its streams, and its processes while it runs. */

import type { Cell } from "../../userland/files/disk.ts";
import type { DirectoryNode } from "../../userland/files/node.ts";
import { Pipe } from "../../userland/process/pipe.ts";
import type { Process } from "../../userland/process/process.ts";
import type { ProcessTable } from "../../userland/process/process-table.ts";
import type { Terminal } from "../../userland/process/terminal.ts";
import type { OpenPort } from "./open-port.ts";
import { Log } from "./streams/log.ts";
import { Output } from "./streams/output.ts";

/** One run, from a start to the end of its first process. */
export interface Run {
  readonly table: ProcessTable;
  readonly main: Process;
  readonly terminal: Terminal | undefined;
  /** The host's number of the first process; those of the others follow. */
  readonly hostPid: number;
  /** Ports of this machine that lead to it. */
  readonly open: readonly OpenPort[];
  /** Aborted when it is over. */
  readonly over: AbortController;
}

export class Machine {
  /** Before the container changed anything. */
  readonly base: DirectoryNode;
  readonly files: Cell;
  readonly log: Log;
  readonly output: Output = new Output();
  /** Of the container's first process; a new one for each run. */
  stdin: Pipe = new Pipe();
  run: Run | undefined;
  readonly execs: Set<string> = new Set();
  /** Commands in the container that run now, by exec. */
  readonly execRuns: Map<string, { readonly process: Process; readonly terminal: Terminal | undefined }> = new Map();
  #exitWaiters: ((exitCode: number) => void)[] = [];
  #removalWaiters: ((exitCode: number) => void)[] = [];

  constructor(base: DirectoryNode, stamp: () => bigint) {
    this.base = base;
    this.files = { root: base };
    this.log = new Log(stamp);
  }

  /** Resolves with the exit code when the next run, or this one, is over. */
  get nextExit(): Promise<number> {
    return new Promise((resolve) => this.#exitWaiters.push(resolve));
  }

  /** Resolves with the last exit code when the container is removed. */
  get removal(): Promise<number> {
    return new Promise((resolve) => this.#removalWaiters.push(resolve));
  }

  tellExit(exitCode: number): void {
    for (const tell of this.#exitWaiters.splice(0)) tell(exitCode);
  }

  /** Who waits for an exit that will not come any more is told, too. */
  tellRemoval(exitCode: number): void {
    for (const tell of this.#removalWaiters.splice(0)) tell(exitCode);
    this.tellExit(exitCode);
  }
}
