/** Further commands in a container that runs (moby daemon/exec.go). */

import { findProgram } from "../../../userland/process/find-program.ts";
import { nowhere, Pipe } from "../../../userland/process/pipe.ts";
import type { Process, Program, Stdio } from "../../../userland/process/process.ts";
import type { Terminal } from "../../../userland/process/terminal.ts";
import { badParameter, conflict, notFound } from "../../model/api-error.ts";
import type { Container } from "../../model/container.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import type { Exec } from "../../model/exec.ts";
import { environmentOf, userOf } from "../../runtime/container-environment.ts";
import type { Run } from "../../runtime/container-runtime.ts";
import { runtimeOf, withStartupDelay } from "../../runtime/engine-runtime.ts";
import { Output } from "../../runtime/streams/output.ts";
import { terminalOf } from "../../runtime/terminal.ts";
import type { Engine } from "../engine.ts";
import { type RuntimeError, runtimeError, runtimeFailure } from "./runtime-error.ts";

export type ExecWish = Omit<Exec, "id" | "containerId" | "isRunning" | "wasStarted" | "exitCode" | "pid">;

/**
 * @param kind what its id is counted as
 * @throws Refusal 409 where the container does not run, 400 without a command
 */
export function createExec(engine: Engine, container: Container, wish: ExecWish, kind: string = "exec"): Exec {
  if (wish.argv.length === 0) throw badParameter("No exec command specified");
  checkRuns(container);
  const id = engine.random.id(kind);
  const exec = { ...wish, id, containerId: container.id, isRunning: false, wasStarted: false, exitCode: null, pid: 0 };
  runtimeOf(engine, container).execs.add(id);
  engine.execs.put(exec);
  emitContainerEvent(engine, container, `exec_create: ${spokenCommand(wish.argv)}`, { execID: id });
  return exec;
}

/** With a blank behind the first word, also where there is no second. */
function spokenCommand([first = "", ...words]: readonly string[]): string {
  return `${first} ${words.join(" ")}`;
}

function checkRuns({ id, name, state: { status } }: Container): void {
  if (status === "paused") throw conflict(`Container ${name} is paused, unpause the container before exec`);
  if (status === "restarting") throw conflict(`Container ${id} is restarting, wait until the container is running`);
  if (status !== "running") throw conflict(`Container ${id} is not running`);
}

/** @throws Refusal 404 */
export function findExec(engine: Engine, id: string): Exec {
  const exec = engine.execs.get(id);
  if (exec === undefined || engine.containers.get(exec.containerId) === undefined) {
    throw notFound(`No such exec instance: ${id}`);
  }
  return exec;
}

/** @throws Refusal 409 where it has run, or its container does not run any more */
export function checkStartable(engine: Engine, exec: Exec): void {
  if (exec.wasStarted) throw conflict(`Error: Exec command ${exec.id} has already run`);
  checkRuns(engine.containers.get(exec.containerId) as Container);
}

/** A command that runs, and its ends for whoever attaches. */
export interface ExecRun {
  readonly process: Process;
  readonly output: Output;
  readonly stdin: Pipe;
  /** Begins; so whoever listens has heard everything. */
  go(): Promise<void>;
}

/** Makes it ready; the process begins with `go`. What cannot be run is remembered, and told. */
export function prepareExec(engine: Engine, exec: Exec): ExecRun | RuntimeError {
  const container = engine.containers.get(exec.containerId) as Container;
  const run = runtimeOf(engine, container).run as Run;
  engine.execs.put({ ...exec, wasStarted: true });
  emitContainerEvent(engine, container, `exec_start: ${spokenCommand(exec.argv)}`, { execID: exec.id });
  const prepared = programOf(engine, exec, container, run);
  if ("message" in prepared) {
    engine.execs.change(exec.id, (now) => ({ ...now, exitCode: prepared.exitCode === 127 ? 126 : prepared.exitCode }));
    return prepared;
  }
  return prepareRun(engine, exec, run, prepared);
}

interface Prepared {
  readonly program: Program;
  readonly env: Record<string, string>;
  readonly cwd: string;
  readonly user: ReturnType<typeof userOf>;
}

function programOf(engine: Engine, exec: Exec, container: Container, { table }: Run): Prepared | RuntimeError {
  const { disk, programs } = table;
  const user = userOf(disk, exec.user || container.config.User);
  const env = environmentOf(engine, container, { isTty: exec.isTty, more: exec.env, home: user.home });
  const cwd = exec.workingDir || container.config.WorkingDir || "/";
  if (disk.peek(cwd)?.kind !== "directory") {
    return runtimeFailure("exec", `chdir to cwd ("${cwd}") set in config.json failed: no such file or directory`, 126);
  }
  const program = findProgram(exec.argv, { disk, programs, env, cwd });
  if (typeof program !== "function") return runtimeError("exec", exec.argv[0] ?? "", program);
  return { program, env, cwd, user };
}

function prepareRun(engine: Engine, exec: Exec, run: Run, { program, ...place }: Prepared): ExecRun {
  const [output, stdin] = [new Output(), new Pipe()];
  const { table } = run;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const terminal = exec.isTty ? terminalOf(table, output, stdin) : undefined;
  const start = { argv: exec.argv, ...place, terminal, ...stdioOf(exec, output, stdin, terminal) };
  const process: Process = table.spawn(start, async (self) => {
    await begun;
    return withStartupDelay(engine, program)(self);
  });
  const go = async (): Promise<void> => {
    engine.machines.get(exec.containerId)?.execRuns.set(exec.id, { process, terminal });
    const pid = run.hostPid + process.pid - 1;
    engine.execs.change(exec.id, (now) => ({ ...now, isRunning: true, pid }));
    begin();
    over(engine, exec, await process.exited);
    output.end();
  };
  return { process, output, stdin, go };
}

function stdioOf(exec: Exec, output: Output, stdin: Pipe, terminal: Terminal | undefined): Stdio {
  if (terminal !== undefined) return { stdin: terminal.source, stdout: terminal.output, stderr: terminal.output };
  return { stdin: exec.opensStdin ? stdin : nowhere, stdout: output.sink("stdout"), stderr: output.sink("stderr") };
}

function over(engine: Engine, exec: Exec, exitCode: number): void {
  engine.machines.get(exec.containerId)?.execRuns.delete(exec.id);
  engine.execs.change(exec.id, (now) => ({ ...now, isRunning: false, exitCode }));
  const container = engine.containers.get(exec.containerId);
  if (container !== undefined)
    emitContainerEvent(engine, container, "exec_die", { execID: exec.id, exitCode: String(exitCode) });
}
