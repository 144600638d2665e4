/** A container's runs: how one begins, what becomes of it in the end (moby daemon/start.go, monitor.go). */

import type { Disk } from "../../../userland/files/disk.ts";
import { findProgram } from "../../../userland/process/find-program.ts";
import { nowhere, Pipe } from "../../../userland/process/pipe.ts";
import type { Program, Stdio } from "../../../userland/process/process.ts";
import { ProcessTable } from "../../../userland/process/process-table.ts";
import type { Terminal } from "../../../userland/process/terminal.ts";
import { ApiError, conflict } from "../../model/api-error.ts";
import { type Container, ended, isRunning, started, withState } from "../../model/container.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { partOf, placeFiles, programsIn } from "../../runtime/behaviour-lookup.ts";
import { diskOf, environmentOf, userOf } from "../../runtime/container-environment.ts";
import { hostOf } from "../../runtime/container-network.ts";
import type { Machine, Run } from "../../runtime/container-runtime.ts";
import { allocatePids, runtimeOf, withStartupDelay } from "../../runtime/engine-runtime.ts";
import { terminalOf } from "../../runtime/terminal.ts";
import type { Engine } from "../engine.ts";
import { watchHealth } from "./health.ts";
import { closePorts, type HostPorts, publish } from "./host-ports.ts";
import { tellMounts } from "./mounts.ts";
import { connectNetworks, disconnectNetworks } from "./networks.ts";
import { removeContainer } from "./remove.ts";
import { restartDelayMs, restarts } from "./restart-policy.ts";
import { runtimeError } from "./runtime-error.ts";

/**
 * Starts it at once, unless ports of the machine have to be opened first: then it resolves when that is done.
 * @throws Refusal 304 where it runs, 409 where it cannot, 400 and 500 where it fails
 */
export function startContainer(engine: Engine, id: string): Promise<void> | undefined {
  const container = engine.containers.get(id) as Container;
  if (container.state.status === "paused") throw conflict("cannot start a paused container, try unpause instead");
  if (container.state.status === "running") throw new ApiError(304, "");
  if (container.state.status === "removing" || container.state.status === "dead") {
    throw conflict("container is marked for removal and cannot be started");
  }
  return begin(engine, {
    ...container,
    isStoppedByHand: false,
    restartCount: isRunning(container) ? container.restartCount : 0,
  });
}

/** One run; whatever fails is undone, remembered and thrown. */
function begin(engine: Engine, container: Container): Promise<void> | undefined {
  try {
    const published = publish(engine, container);
    if (published instanceof Promise) return beginWhenOpen(engine, container, published);
    beginNow(engine, container, published);
    return undefined;
  } catch (error) {
    throw undone(engine, container.id, error);
  }
}

async function beginWhenOpen(engine: Engine, container: Container, published: Promise<HostPorts>): Promise<void> {
  let open: HostPorts["open"] = [];
  try {
    const hostPorts = await published;
    open = hostPorts.open;
    beginNow(engine, asItIsNow(engine, container), hostPorts);
  } catch (error) {
    void closePorts(open);
    throw undone(engine, container.id, error);
  }
}

function undone(engine: Engine, id: string, error: unknown): unknown {
  if (error instanceof ApiError && error.status !== 304) failed(engine, id, error);
  return error;
}

/** Which runtime it has is settled when it is first started. */
function withRuntime(container: Container): Container {
  const { hostConfig } = container;
  return { ...container, hostConfig: { ...hostConfig, Runtime: hostConfig.Runtime || "runc" } };
}

/** While ports of the machine were opened, the container may have been changed, started or removed. */
function asItIsNow({ containers }: Engine, before: Container): Container {
  const now = containers.get(before.id);
  if (now?.state.status !== before.state.status) throw new ApiError(304, "");
  return { ...now, isStoppedByHand: before.isStoppedByHand, restartCount: before.restartCount };
}

function beginNow(engine: Engine, container: Container, { ports, open }: HostPorts): void {
  const placed = engine.containers.put({ ...connectNetworks(engine, withRuntime(container)), ports });
  const run = { ...launch(engine, placed), open };
  runtimeOf(engine, placed).run = run;
  tellMounts(engine, placed, "mount");
  const running = engine.containers.put(started(placed, run.hostPid, engine.time.stamp()));
  emitContainerEvent(engine, running, "start");
  watchHealth(engine, running, run);
  void run.main.exited.then((exitCode) => finish(engine, container.id, run, exitCode));
}

class StartFailure extends ApiError {
  readonly exitCode: number;

  constructor(status: number, message: string, exitCode: number) {
    super(status, message);
    this.exitCode = exitCode;
  }
}

function failed(engine: Engine, id: string, error: ApiError): void {
  const exitCode = error instanceof StartFailure ? error.exitCode : 128;
  const undone = engine.containers.change(id, (container) => {
    const isConnected = Object.values(container.networks).some(({ endpointId }) => endpointId !== "");
    const apart = isConnected ? disconnectNetworks(engine, container) : container;
    return withState(apart, { exitCode, error: error.message });
  });
  if (undone?.hostConfig.AutoRemove !== true) return;
  removeContainer(engine, id, { removesVolumes: true });
}

function launch(engine: Engine, container: Container): Omit<Run, "open"> {
  const machine = runtimeOf(engine, container);
  const disk = diskOf(engine, container, machine.files);
  const { config, argv } = container;
  const user = userOf(disk, config.User);
  const env = environmentOf(engine, container, { isTty: config.Tty, home: user.home });
  const cwd = workingDirectory(disk, config.WorkingDir);
  const programs = programsIn(engine, container);
  placeFiles(engine, container, disk);
  const program = partOf(engine, container) ?? findProgram(argv, { disk, programs, env, cwd });
  if (typeof program !== "function") {
    const { message, exitCode } = runtimeError("start", argv[0] ?? "", program);
    throw new StartFailure(400, message, exitCode);
  }
  const { time, onFault } = engine;
  const host = hostOf(engine, container);
  const onOutOfMemory = (): void => emitContainerEvent(engine, container, "oom");
  const table = new ProcessTable({ disk, time, programs, onFault, onOutOfMemory, host, hostname: config.Hostname });
  return launched(engine, container, { table, program, start: { argv, env, cwd, user } });
}

/** A folder that is not there is made, as the daemon makes it. */
function workingDirectory(disk: Disk, wanted: string): string {
  if (wanted === "") return "/";
  if (disk.peek(wanted) === undefined) disk.makeFolders(wanted);
  return wanted;
}

interface Launch {
  readonly table: ProcessTable;
  readonly program: Program;
  readonly start: Omit<Parameters<ProcessTable["spawn"]>[0], keyof Stdio>;
}

function launched(engine: Engine, container: Container, { table, program, start }: Launch): Omit<Run, "open"> {
  const machine = runtimeOf(engine, container);
  machine.output.listen({ hear: (stream, bytes) => machine.log.write(stream, bytes), end: () => machine.log.endRun() });
  const terminal = container.config.Tty ? terminalOf(table, machine.output, machine.stdin) : undefined;
  const main = table.spawn(
    { ...start, ...stdioOf(machine, container, terminal), terminal },
    withStartupDelay(engine, program),
  );
  return { table, main, terminal, hostPid: allocatePids(engine, container), over: new AbortController() };
}

function stdioOf(machine: Machine, { config }: Container, terminal: Terminal | undefined): Stdio {
  if (terminal !== undefined) return { stdin: terminal.source, stdout: terminal.output, stderr: terminal.output };
  const { output, stdin } = machine;
  return { stdin: config.OpenStdin ? stdin : nowhere, stdout: output.sink("stdout"), stderr: output.sink("stderr") };
}

/** Its first process is over, and with it all others. */
function finish(engine: Engine, id: string, run: Run, exitCode: number): void {
  const machine = engine.machines.get(id);
  run.over.abort();
  void closePorts(run.open);
  run.table.thaw();
  run.table.signalAll("KILL");
  if (machine === undefined) return;
  machine.run = undefined;
  machine.stdin.end();
  machine.stdin = new Pipe();
  const ranMs = Number(engine.time.now() - run.main.startedAt) / 1e6;
  const before = engine.containers.get(id) as Container;
  const comesBack = restarts(before, exitCode);
  const status = comesBack ? "restarting" : "exited";
  const restartCount = before.restartCount + Number(comesBack);
  const { ranOutOfMemory: isOomKilled } = run.table;
  const state = withState(ended(before, exitCode, engine.time.stamp(), status), { isOomKilled });
  const over = engine.containers.put({ ...state, restartCount });
  machine.output.end();
  emitContainerEvent(engine, over, "die", { exitCode: String(exitCode) });
  engine.containers.put(disconnectNetworks(engine, over));
  tellMounts(engine, over, "unmount");
  machine.tellExit(exitCode);
  if (comesBack) void comeBack(engine, id, restartDelayMs(restartCount, ranMs));
  else if (over.hostConfig.AutoRemove) removeContainer(engine, id, { removesVolumes: true });
}

async function comeBack(engine: Engine, id: string, delayMs: number): Promise<void> {
  await engine.time.sleep(delayMs);
  const container = engine.containers.get(id);
  if (container?.state.status !== "restarting") return;
  try {
    await begin(engine, container);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    engine.containers.change(id, (left) => withState(left, { status: "exited" }));
  }
}
