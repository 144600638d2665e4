/** Runs further commands in a running container (moby daemon/exec.go). */

import { findProgram } from "../../../userland/process/find-program.ts";
import { Pipe } from "../../../userland/process/pipe.ts";
import type { Process, Program } from "../../../userland/process/process.ts";
import { badParameter, conflictError, notFound } from "../../model/api-error.ts";
import type { Container } from "../../model/container.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { wordError } from "../../model/error-wording.ts";
import type { Exec } from "../../model/exec.ts";
import type { ContainerRun } from "../../runtime/container-runtime.ts";
import { resolveUser } from "../../runtime/container-user.ts";
import { getRuntime, withStartupDelay } from "../../runtime/engine-runtime.ts";
import { createEnvironment } from "../../runtime/environment-variables.ts";
import { OutputBroadcast } from "../../runtime/streams/output-broadcast.ts";
import { createStandardStreams, createTerminal } from "../../runtime/terminal.ts";
import type { Engine } from "../engine.ts";
import { createRuntimeError, createStartError, type RuntimeError } from "./runtime-error.ts";

export type ExecRequest = Omit<Exec, "id" | "containerId" | "isRunning" | "wasStarted" | "exitCode" | "pid">;

/**
 * @param kind the kind of id: each kind has its own sequence
 * @throws ApiError 409 if the container does not run
 */
export function createExec(engine: Engine, container: Container, request: ExecRequest, kind: string = "exec"): Exec {
  checkRuns(container);
  const id = engine.random.drawId(kind);
  const exec = {
    ...request,
    id,
    containerId: container.id,
    isRunning: false,
    wasStarted: false,
    exitCode: null,
    pid: 0,
  };
  getRuntime(engine, container).execs.add(id);
  engine.execs.put(exec);
  emitContainerEvent(engine, container, `exec_create: ${formatCommand(request.argv)}`, { execID: id });
  return exec;
}

/** As moby formats it, with a blank behind the first word even if there is no second. */
function formatCommand([first = "", ...words]: readonly string[]): string {
  return `${first} ${words.join(" ")}`;
}

function checkRuns({ id, name, state: { status } }: Container): void {
  if (status === "paused") throw conflictError(`Container ${name} is paused, unpause the container before exec`);
  if (status === "restarting")
    throw conflictError(`Container ${id} is restarting, wait until the container is running`);
  if (status !== "running") throw conflictError(`Container ${id} is not running`);
}

/** @throws ApiError 404 */
export function findExec(engine: Engine, id: string): Exec {
  const exec = engine.execs.get(id);
  if (exec === undefined || engine.containers.get(exec.containerId) === undefined) {
    throw notFound(`No such exec instance: ${id}`);
  }
  return exec;
}

/** @throws ApiError 409 if it was started before, or its container does not run */
export function checkStartable(engine: Engine, exec: Exec): void {
  if (exec.wasStarted) throw conflictError(`Error: Exec command ${exec.id} has already run`);
  checkRuns(engine.containers.get(exec.containerId) as Container);
}

/** A command that is ready to run, with its streams. */
export interface PreparedExec {
  readonly process: Process;
  readonly output: OutputBroadcast;
  readonly stdin: Pipe;
  /** Starts the command. Listen to `output` before, to miss nothing. */
  start(): Promise<void>;
}

/** Prepares a command, which `start` then runs. A command that cannot run is recorded, and its error returned. */
export function prepareExec(engine: Engine, exec: Exec): PreparedExec | RuntimeError {
  const container = engine.containers.get(exec.containerId) as Container;
  const run = getRuntime(engine, container).run as ContainerRun;
  engine.execs.put({ ...exec, wasStarted: true });
  emitContainerEvent(engine, container, `exec_start: ${formatCommand(exec.argv)}`, { execID: exec.id });
  const program = resolveProgram(engine, exec, container, run);
  if ("message" in program) {
    engine.execs.change(exec.id, (now) => ({
      ...now,
      exitCode: isOlderEngine(engine.release, "28") ? 126 : program.exitCode,
    }));
    const { message } = wordError(engine.release, badParameter(program.message));
    return { ...program, message };
  }
  return prepareRun(engine, exec, run, program);
}

interface ExecProgram {
  readonly program: Program;
  readonly env: Record<string, string>;
  readonly cwd: string;
  readonly user: ReturnType<typeof resolveUser>;
}

function resolveProgram(
  engine: Engine,
  exec: Exec,
  container: Container,
  { table }: ContainerRun,
): ExecProgram | RuntimeError {
  const { disk, programs } = table;
  const user = resolveUser(disk, exec.user || container.config.User, container.hostConfig.GroupAdd ?? []);
  const env = createEnvironment(engine, container, { isTty: exec.isTty, more: exec.env, home: user.home });
  const cwd = exec.workingDir || container.config.WorkingDir || "/";
  if (disk.peek(cwd)?.kind !== "directory") {
    return createStartError(
      "exec",
      `chdir to cwd ("${cwd}") set in config.json failed: no such file or directory`,
      126,
    );
  }
  const program = findProgram(exec.argv, { disk, programs, env, cwd });
  if (typeof program !== "function") {
    engine.onMissingFeature({ program: exec.argv[0] ?? "" }, container.config.Image);
    return createRuntimeError("exec", exec.argv[0] ?? "", program);
  }
  return { program, env, cwd, user };
}

function prepareRun(engine: Engine, exec: Exec, run: ContainerRun, { program, ...place }: ExecProgram): PreparedExec {
  const [output, stdin] = [new OutputBroadcast(), new Pipe()];
  const { table } = run;
  let release: () => void = () => undefined;
  const startGate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const terminal = exec.isTty ? createTerminal(table, output, stdin) : undefined;
  const start = {
    argv: exec.argv,
    ...place,
    terminal,
    ...createStandardStreams(terminal, { output, stdin, opensStdin: exec.opensStdin }),
  };
  const process: Process = table.spawn(start, async (self) => {
    await startGate;
    return withStartupDelay(engine, program)(self);
  });
  const go = async (): Promise<void> => {
    engine.runtimes.get(exec.containerId)?.execRuns.set(exec.id, { process, terminal });
    const pid = run.hostPid + process.pid - 1;
    engine.execs.change(exec.id, (now) => ({ ...now, isRunning: true, pid }));
    release();
    finishExec(engine, exec, await process.exited);
    output.end();
  };
  return { process, output, stdin, start: go };
}

function finishExec(engine: Engine, exec: Exec, exitCode: number): void {
  engine.runtimes.get(exec.containerId)?.execRuns.delete(exec.id);
  engine.execs.change(exec.id, (now) => ({ ...now, isRunning: false, exitCode }));
  const container = engine.containers.get(exec.containerId);
  if (container !== undefined)
    emitContainerEvent(engine, container, "exec_die", { execID: exec.id, exitCode: String(exitCode) });
}
