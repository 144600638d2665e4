/** The live part of a container: its files, its streams, and its processes while it runs. */

import type { RootRef } from "../../userland/files/disk.ts";
import type { DirectoryNode } from "../../userland/files/node.ts";
import { Pipe } from "../../userland/process/pipe.ts";
import type { Process } from "../../userland/process/process.ts";
import type { ProcessTable } from "../../userland/process/process-table.ts";
import type { TerminalDevice } from "../../userland/process/terminal.ts";
import type { OpenPort } from "./open-port.ts";
import { ContainerLog } from "./streams/container-log.ts";
import { OutputBroadcast } from "./streams/output-broadcast.ts";

/** One run of a container, from a start to the end of its main process. */
export interface ContainerRun {
  readonly table: ProcessTable;
  readonly main: Process;
  readonly terminal: TerminalDevice | undefined;
  /** The host's number of the main process. Those of the others follow. */
  readonly hostPid: number;
  /** The ports of this machine that lead to the container. */
  readonly openPorts: readonly OpenPort[];
  /** Aborted at the end of the run. */
  readonly lifetime: AbortController;
}

export class ContainerRuntime {
  readonly files: RootRef;
  readonly log: ContainerLog;
  readonly output: OutputBroadcast = new OutputBroadcast();
  /** The input of the main process. Each run has a new one. */
  stdin: Pipe = new Pipe();
  run: ContainerRun | undefined;
  /** Called once, before the next end of a run is reported. */
  beforeDie: (() => void) | undefined;
  /** The delay before the last restart by the policy; 0 after a client's start. */
  restartDelayMs = 0;
  readonly execs: Set<string> = new Set();
  /** The running execs, by id. */
  readonly execRuns: Map<string, { readonly process: Process; readonly terminal: TerminalDevice | undefined }> =
    new Map();
  /** Aborted when the startup delays of the current run are skipped. */
  #delaysSkipped = new AbortController();
  readonly #createBase: () => DirectoryNode;
  #base: DirectoryNode | undefined;
  #exitWaiters: ((exitCode: number) => void)[] = [];
  #removalWaiters: ((exitCode: number) => void)[] = [];

  /** @param createBase creates the file tree of the container, when it is first looked at */
  constructor(createBase: () => DirectoryNode, stamp: () => bigint) {
    this.#createBase = createBase;
    this.files = new ContainerFiles(this);
    this.log = new ContainerLog(stamp);
  }

  /** The file tree before the container's first change. */
  get base(): DirectoryNode {
    this.#base ??= this.#createBase();
    return this.#base;
  }

  /** Resolves with the exit code at the end of the current run, or else of the next. */
  get nextExit(): Promise<number> {
    return new Promise((resolve) => this.#exitWaiters.push(resolve));
  }

  /** Resolves with the last exit code when the container is removed. */
  get removal(): Promise<number> {
    return new Promise((resolve) => this.#removalWaiters.push(resolve));
  }

  /** For a new run: returns what tells the signal that skips its startup delays, undefined while a client is connected. */
  beginDelays(): () => AbortSignal | undefined {
    this.#delaysSkipped = new AbortController();
    const { signal } = this.#delaysSkipped;
    return () => (this.#hasClients ? undefined : signal);
  }

  /**
   * Skips the startup delays of the current run, for a client that waits for nothing but its end. The delays are for
   * clients that see the run: while one is attached or follows the log, they stay.
   */
  skipDelays(): void {
    if (!this.#hasClients) this.#delaysSkipped.abort();
  }

  /** One listener of the output is the log. */
  get #hasClients(): boolean {
    return this.output.listenerCount > 1 || this.log.isFollowed;
  }

  reportExit(exitCode: number): void {
    for (const resolve of this.#exitWaiters.splice(0)) resolve(exitCode);
  }

  /** Resolves the waits for a removal, and also those for an exit, which will not come any more. */
  reportRemoval(exitCode: number): void {
    for (const resolve of this.#removalWaiters.splice(0)) resolve(exitCode);
    this.reportExit(exitCode);
  }
}

/** The files as they are now: those of the start until something changes. */
class ContainerFiles implements RootRef {
  readonly #runtime: ContainerRuntime;
  #changed: DirectoryNode | undefined;

  constructor(runtime: ContainerRuntime) {
    this.#runtime = runtime;
  }

  get root(): DirectoryNode {
    return this.#changed ?? this.#runtime.base;
  }

  set root(changed: DirectoryNode) {
    this.#changed = changed;
  }
}
