/**
 * A simulated process: a program, that is an async function, and what the world does to it meanwhile. It notices at
 * its next call (read, write, sleep, wait) that it was frozen or killed, as a real one does at its next instruction.
 */
import { waitUntilSettledOrAborted } from "../../base/abort.ts";
import type { Disk } from "../files/disk.ts";
import type { FileNode } from "../files/node.ts";
import { resolvePath } from "../files/path.ts";
import { ROOT_CREDENTIALS } from "../files/permissions.ts";
import type { NetworkHost } from "../network/host.ts";
import type { SimulatedTime } from "../time/time.ts";
import type { MissingFeature } from "./missing-feature.ts";
import type { ByteSink, ByteSource } from "./pipe.ts";
import { isStackOverflow, OutOfMemory, OutOfTime, ProcessEnd } from "./process-end.ts";
import type { ProcessStart, ProcessUser } from "./process-start.ts";
import { isFatalByDefault, parseSignal, type SignalName } from "./signals.ts";
import type { TerminalDevice } from "./terminal.ts";

export type { ProcessStart, ProcessUser, StandardStreams } from "./process-start.ts";

/** What runs; resolves with its exit status. */
export type Program = (self: Process) => Promise<number> | number;

/** What a signal makes a process do. `ignore` is a handler that does nothing. */
export type SignalHandler = (signal: SignalName) => void;

/** What can be run. */
export interface ProgramTable {
  /** The program of the file at `path`, which was called by the name of `argv[0]`; undefined where nothing simulates it. */
  at(path: string, file: FileNode, argv: readonly string[]): Program | undefined;
  /** The program of a command that needs no file. */
  named?(argv: readonly string[]): Program | undefined;
}

/** The processes of one container, and what they share. */
export interface ProcessGroup {
  readonly disk: Disk;
  readonly time: SimulatedTime;
  readonly hostname: string;
  readonly programs: ProgramTable;
  readonly host: NetworkHost;
  readonly running: readonly Process[];
  /** While frozen: resolves when it is over. */
  readonly thawed: Promise<void> | undefined;
  find(pid: number): Process | undefined;
  spawn(start: ProcessStart, program: Program, parent?: Process): Process;
  remove(process: Process): void;
  /** Counts a step of a process. Resolves when it may go on; undefined where it may at once. */
  step(): Promise<void> | undefined;
  /** One of them has asked for more memory than there is. */
  reportOutOfMemory(): void;
  /** One of them has asked for what is not simulated. */
  reportMissing(feature: MissingFeature): void;
}

const KILLED = 137;
const SEGMENTATION_FAULT = 139;
const OUT_OF_TIME = 152;

export class Process {
  readonly pid: number;
  readonly parent: Process | undefined;
  readonly table: ProcessGroup;
  readonly user: ProcessUser;
  readonly terminal: TerminalDevice | undefined;
  readonly startedAt: bigint;
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  stdin: ByteSource;
  stdout: ByteSink;
  stderr: ByteSink;
  /** The signal that ended it, where one did. */
  endedBySignal: SignalName | undefined;
  /** Resolves with the exit status. */
  readonly exited: Promise<number>;
  #status: number | undefined;
  readonly #death = new AbortController();
  #endedBy: number | undefined;
  readonly #handlers = new Map<SignalName, SignalHandler>();
  #finish: (status: number) => void = () => undefined;
  #umask: number;
  #disk: Disk;

  constructor(table: ProcessGroup, pid: number, start: ProcessStart, parent: Process | undefined) {
    this.table = table;
    this.pid = pid;
    this.parent = parent;
    this.user = start.user;
    this.terminal = start.terminal;
    this.startedAt = table.time.now();
    this.argv = start.argv;
    this.env = start.env;
    this.cwd = start.cwd;
    this.stdin = start.stdin;
    this.stdout = start.stdout;
    this.stderr = start.stderr;
    const { uid, gid, groups = [] } = start.user;
    this.#umask = parent?.umask ?? ROOT_CREDENTIALS.umask;
    this.#disk = table.disk.withCredentials({ uid, gid, groups, umask: this.#umask });
    this.exited = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** The files as the process' user may use them. */
  get disk(): Disk {
    return this.#disk;
  }

  get umask(): number {
    return this.#umask;
  }

  set umask(umask: number) {
    const { uid, gid, groups = [] } = this.user;
    this.#umask = umask;
    this.#disk = this.table.disk.withCredentials({ uid, gid, groups, umask });
  }

  get time(): SimulatedTime {
    return this.table.time;
  }

  /** Starts a child: its output is where ours is, unless `start` says otherwise. */
  spawn(program: Program, argv: readonly string[], start: Partial<ProcessStart> = {}): Process {
    const { env, cwd, user, terminal, stdin, stdout, stderr } = this;
    return this.table.spawn({ env, cwd, user, terminal, stdin, stdout, stderr, ...start, argv }, program, this);
  }

  get isRunning(): boolean {
    return this.#status === undefined;
  }

  /** Undefined while it runs. */
  get status(): number | undefined {
    return this.#status;
  }

  resolvePath(path: string): string {
    return resolvePath(path, this.cwd);
  }

  /** Runs the program to its end; its status is that of the process. */
  async run(program: Program): Promise<number> {
    const status = await this.#runProgram(program);
    this.#status = status;
    this.table.remove(this);
    this.#finish(status);
    return status;
  }

  async #runProgram(program: Program): Promise<number> {
    try {
      const status = await program(this);
      return this.#endedBy ?? status & 0xff;
    } catch (error) {
      if (error instanceof ProcessEnd) return this.#endedBy ?? error.status & 0xff;
      if (this.#endedBy !== undefined) return this.#endedBy;
      if (isStackOverflow(error)) {
        this.endedBySignal = "SEGV";
        return SEGMENTATION_FAULT;
      }
      if (error instanceof OutOfTime) {
        this.endedBySignal = "XCPU";
        return OUT_OF_TIME;
      }
      if (!(error instanceof OutOfMemory)) throw error;
      this.endedBySignal = "KILL";
      this.table.reportOutOfMemory();
      return KILLED;
    }
  }

  /** Whether a program that threw this ended as a process may. */
  isKnownEnd(error: unknown): boolean {
    return (
      error instanceof ProcessEnd ||
      error instanceof OutOfMemory ||
      error instanceof OutOfTime ||
      isStackOverflow(error) ||
      this.#endedBy !== undefined
    );
  }

  // What a program calls.

  /** The next bytes of standard input; undefined at its end. */
  async read(): Promise<Buffer | undefined> {
    await this.checkpoint();
    const bytes = await this.stdin.read(this.#death.signal);
    await this.checkpoint();
    return bytes;
  }

  /** As `read`, but undefined when nothing comes for so long. */
  async readWithin(ms: number): Promise<Buffer | undefined> {
    const [timeout, done] = [new AbortController(), new AbortController()];
    void this.time.sleep(ms, done.signal).then(() => timeout.abort());
    const bytes = await this.stdin.read(AbortSignal.any([this.#death.signal, timeout.signal]));
    done.abort();
    await this.checkpoint();
    return bytes;
  }

  async writeStdout(text: string | Buffer): Promise<void> {
    await this.#write(this.stdout, text);
  }

  async writeStderr(text: string | Buffer): Promise<void> {
    await this.#write(this.stderr, text);
  }

  async sleep(ms: number): Promise<void> {
    await this.checkpoint();
    await this.time.sleep(ms, this.#death.signal);
    await this.checkpoint();
  }

  /** A short sleep before something that is as good as begun. `skip` ends it early. */
  async delay(ms: number, skip?: AbortSignal): Promise<void> {
    await this.checkpoint();
    await this.time.delay(ms, this.#death.signal, skip);
    await this.checkpoint();
  }

  /** Waits for `coming`, unless a signal ends this process first. */
  async waitUntil<T>(coming: Promise<T>): Promise<T> {
    await waitUntilSettledOrAborted(coming, this.#death.signal);
    await this.checkpoint();
    return coming;
  }

  /** Lets everybody else have a turn; what loops without waiting must call it. */
  async yield(): Promise<void> {
    await this.time.yieldTurn();
    await this.checkpoint();
  }

  /** Waits while frozen. @throws ProcessEnd if it was ended meanwhile */
  async checkpoint(): Promise<void> {
    const turn = this.table.step();
    if (turn !== undefined) await turn;
    const { thawed } = this.table;
    if (thawed !== undefined) await waitUntilSettledOrAborted(thawed, this.#death.signal);
    if (this.#death.signal.aborted) throw new ProcessEnd(this.#endedBy ?? 0);
  }

  onSignal(name: SignalName, handler: SignalHandler | undefined): void {
    if (handler === undefined) this.#handlers.delete(name);
    else this.#handlers.set(name, handler);
  }

  // What others do to it.

  /**
   * As in a process namespace: its first process is not ended by signals that it does not listen to, save KILL from
   * outside (pid_namespaces(7)).
   */
  signal(name: SignalName): void {
    const handler = this.#handlers.get(name);
    if (name === "KILL" || (handler === undefined && this.pid !== 1 && isFatalByDefault(name))) this.#endBy(name);
    else handler?.(name);
  }

  #endBy(name: SignalName): void {
    if (this.isRunning && this.#endedBy === undefined) this.endedBySignal = name;
    this.endWith(128 + (parseSignal(name) ?? 0));
  }

  /** Ends it wherever it is, as a crash of its own would. */
  endWith(status: number): void {
    if (!this.isRunning || this.#endedBy !== undefined) return;
    this.#endedBy = status;
    this.#death.abort();
  }

  async #write(sink: ByteSink, text: string | Buffer): Promise<void> {
    await this.checkpoint();
    const isRead = await sink.write(Buffer.from(text as string), this.#death.signal);
    await this.checkpoint();
    if (!isRead) throw new ProcessEnd(141);
  }
}
