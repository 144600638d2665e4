/** A shell: what it knows, and its traps. How it runs commands is the runner's. */

import { waitUntilSettledOrAborted } from "../../base/abort.ts";
import { type ByteSink, type ByteSource, Pipe } from "../process/pipe.ts";
import type { Process, StandardStreams } from "../process/process.ts";
import { StackOverflow } from "../process/process-end.ts";
import type { ShellVariables } from "./arithmetic.ts";
import type { ExpansionScope } from "./expand.ts";
import { FunctionReturn, LoopExit, ShellExit } from "./flow.ts";
import { parseScript } from "./parse.ts";
import type { SavedVariable } from "./scoped-variables.ts";
import { type CommandList, type ShellCommand, SyntaxFault } from "./syntax.ts";

/** What the shell does itself. */
export type ShellBuiltin = (shell: Shell, words: readonly string[]) => Promise<number> | number;

export interface CommandRunner {
  readonly builtins: ReadonlyMap<string, ShellBuiltin>;
  run(shell: Shell, command: ShellCommand): Promise<number>;
}

/** A turn for the others after so many commands: a loop that never waits must not hold up the world. */
const TURN = 50;
/** Functions, `eval`s, files and traps that call each other deeper than this have used up the stack. */
export const DEEPEST_CALL = 2000;

const SIGNAL_TEXTS: Readonly<Record<string, string>> = {
  ABRT: "Aborted",
  ALRM: "Alarm clock",
  HUP: "Hangup",
  KILL: "Killed",
  QUIT: "Quit",
  SEGV: "Segmentation fault",
  TERM: "Terminated",
  USR1: "User defined signal 1",
  USR2: "User defined signal 2",
  XCPU: "CPU time limit exceeded",
};

/** Variables that a shell has, and that it does not export. */
const DEFAULTS: readonly (readonly [string, string])[] = [
  ["IFS", " \t\n"],
  ["OPTIND", "1"],
  ["PS2", "> "],
  ["PS4", "+ "],
];

export class Shell implements ExpansionScope {
  readonly self: Process;
  readonly runner: CommandRunner;
  readonly values: Map<string, string>;
  readonly exported: Set<string>;
  readonly functions: Map<string, ShellCommand>;
  /** Letters, and names such as `pipefail`. */
  readonly options: Set<string>;
  readonly readonlyNames: Set<string>;
  readonly traps: Map<string, string> = new Map();
  readonly jobs: Process[] = [];
  /** What the functions that are running have to put back. */
  readonly frames: SavedVariable[][];
  /** The descriptors from 3 on. */
  others: ReadonlyMap<number, ByteSource | ByteSink>;
  /** How many loops are running. */
  loops = 0;
  name: string;
  positional: readonly string[];
  status: number;
  /** How many conditions we are in, where a failure does not end a shell with `set -e`. */
  conditions: number;
  #commands = 0;
  #depth = 0;
  #caught: string[] = [];
  #onCaught: () => void = () => undefined;

  /** A subshell begins with all that its parent knows, but for the traps. */
  constructor(self: Process, runner: CommandRunner, parent?: Shell) {
    this.self = self;
    this.runner = runner;
    this.values = new Map(parent?.values ?? [...DEFAULTS, ...Object.entries(self.env)]);
    this.exported = new Set(parent?.exported ?? Object.keys(self.env));
    this.functions = new Map(parent?.functions);
    this.options = new Set(parent?.options);
    this.readonlyNames = new Set(parent?.readonlyNames);
    this.frames = parent?.frames.map((frame) => [...frame]) ?? [];
    this.others = parent?.others ?? new Map();
    this.loops = parent?.loops ?? 0;
    this.positional = parent?.positional ?? [];
    this.name = parent?.name ?? "sh";
    this.status = parent?.status ?? 0;
    this.conditions = parent?.conditions ?? 0;
  }

  get disk(): Process["disk"] {
    return this.self.disk;
  }

  get cwd(): string {
    return this.self.cwd;
  }

  get variables(): ShellVariables {
    return { get: (name) => this.readParameter(name) ?? "", set: (name, value) => this.assign(name, value) };
  }

  /** @throws SyntaxFault where it is read only */
  assign(name: string, value: string): void {
    this.expectWritable(name);
    this.values.set(name, value);
    if (this.options.has("a")) this.exported.add(name);
  }

  /** @throws SyntaxFault where it is read only */
  expectWritable(name: string): void {
    if (this.readonlyNames.has(name)) throw new SyntaxFault(`${name}: is read only`);
  }

  get expandsFiles(): boolean {
    return !this.options.has("f");
  }

  get failsOnUnset(): boolean {
    return this.options.has("u");
  }

  /** The exported variables. */
  get environment(): Readonly<Record<string, string>> {
    const known = [...this.exported].filter((name) => this.values.has(name));
    return Object.fromEntries(known.map((name) => [name, this.values.get(name) as string]));
  }

  readParameter(name: string): string | undefined {
    if (/^[1-9]\d*$/.test(name)) return this.positional[Number(name) - 1];
    if (/^\w{2,}$|^[A-Za-z_]$/.test(name)) return this.#readVariable(name);
    const last = this.jobs.at(-1);
    const special: Readonly<Record<string, string | undefined>> = {
      "?": String(this.status),
      "#": String(this.positional.length),
      $: String(this.self.pid),
      "!": last === undefined ? undefined : String(last.pid),
      "0": this.name,
      "-": [...this.options].filter(({ length }) => length === 1).join(""),
      "@": this.positional.join(" "),
      "*": this.positional.join(" "),
    };
    return special[name];
  }

  #readVariable(name: string): string | undefined {
    return this.values.get(name) ?? this.#readBuiltinVariable(name);
  }

  /** Variables that a shell sets itself. */
  #readBuiltinVariable(name: string): string | undefined {
    if (name === "PWD") return this.self.cwd;
    return name === "PPID" ? String(this.self.parent?.pid ?? 0) : undefined;
  }

  /** What a script prints. */
  async readOutput(runScript: string): Promise<string> {
    const pipe = new Pipe();
    const child = this.fork((shell) => shell.evaluateScript(runScript), { stdout: pipe });
    void child.exited.then(() => pipe.end());
    const pieces: Buffer[] = [];
    for (let bytes = await pipe.read(); bytes !== undefined; bytes = await pipe.read()) pieces.push(bytes);
    this.status = await this.self.waitUntil(child.exited);
    return Buffer.concat(pieces).toString("utf8");
  }

  /** The status of the whole of `text`. @throws SyntaxFault */
  async evaluateScript(text: string): Promise<number> {
    if (this.#depth >= DEEPEST_CALL) throw new StackOverflow();
    this.#depth += 1;
    try {
      return await this.list(parseScript(text));
    } finally {
      this.#depth -= 1;
    }
  }

  async list({ items }: CommandList): Promise<number> {
    for (const { command, isBackground } of items) {
      if (this.options.has("n")) break;
      if (isBackground) this.#runInBackground(command);
      else await this.run(command);
      await this.turn();
    }
    return this.status;
  }

  async run(command: ShellCommand): Promise<number> {
    this.status = await this.runner.run(this, command);
    await this.runTraps();
    const isJudged = command.kind !== "and" && command.kind !== "or" && command.kind !== "list";
    const isFatal = this.status !== 0 && isJudged && this.options.has("e") && this.conditions === 0;
    if (isFatal) throw new ShellExit(this.status);
    return this.status;
  }

  #runInBackground(command: ShellCommand): void {
    this.jobs.push(this.fork((shell) => shell.run(command)));
    this.status = 0;
  }

  /** A subshell: a child process with a copy of all that the shell knows. */
  fork(run: (shell: Shell) => Promise<number>, stdio: Partial<StandardStreams> = {}): Process {
    const findProgram = (self: Process): Promise<number> => {
      const shell = new Shell(self, this.runner, this);
      return shell.toEnd(() => run(shell));
    };
    return this.self.spawn(findProgram, this.self.argv, { ...stdio, env: this.environment, cwd: this.self.cwd });
  }

  /** The status with which it ends, however it ends. */
  async toEnd(run: () => Promise<number>): Promise<number> {
    const status = await this.#endWith(run);
    const last = this.traps.get("EXIT");
    if (last === undefined) return status;
    this.traps.delete("EXIT");
    this.status = status;
    return this.#endWith(async () => {
      await this.evaluateScript(last);
      return status;
    });
  }

  async #endWith(run: () => Promise<number>): Promise<number> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof ShellExit || error instanceof FunctionReturn) return error.status;
      if (error instanceof LoopExit) return 0;
      if (error instanceof SyntaxFault) return this.failWith(`${error.message}`, 2);
      throw error;
    }
  }

  /** Complains, and gives the status back. */
  async failWith(message: string, status: number): Promise<number> {
    await this.self.writeStderr(`${this.name}: ${message}\n`);
    return status;
  }

  /** A signal that is trapped: its script runs when the command at hand is done. */
  noteSignal(name: string): void {
    this.#caught.push(name);
    this.#onCaught();
  }

  async runTraps(): Promise<void> {
    for (let name = this.#caught.shift(); name !== undefined; name = this.#caught.shift()) {
      const script = this.traps.get(name);
      const { status } = this;
      if (script !== undefined) await this.evaluateScript(script);
      this.status = status;
    }
  }

  /** Waits for a child, or for a signal that is trapped: then more than 128, as `wait` has it. */
  async waitFor(child: Process): Promise<number> {
    const interruption = new AbortController();
    this.#onCaught = () => interruption.abort();
    if (this.#caught.length === 0)
      await this.self.waitUntil(waitUntilSettledOrAborted(child.exited, interruption.signal));
    this.#onCaught = () => undefined;
    await this.reportSignal(child);
    return child.status ?? 129;
  }

  /** What ash writes of a child that a signal has ended. */
  async reportSignal(child: Process): Promise<void> {
    const text = SIGNAL_TEXTS[child.endedBySignal ?? ""];
    if (text !== undefined) await this.self.writeStderr(`${text}\n`);
  }

  async turn(): Promise<void> {
    this.#commands += 1;
    if (this.#commands % TURN === 0) await this.self.yield();
    else await this.self.checkpoint();
  }
}
