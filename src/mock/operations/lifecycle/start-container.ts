/** Starts containers, and handles the end of their processes (moby daemon/start.go, monitor.go). */

import type { Disk } from "../../../userland/files/disk.ts";
import { findProgram } from "../../../userland/process/find-program.ts";
import type { MissingFeature } from "../../../userland/process/missing-feature.ts";
import { Pipe } from "../../../userland/process/pipe.ts";
import type { Program, StandardStreams } from "../../../userland/process/process.ts";
import { ProcessTable } from "../../../userland/process/process-table.ts";
import { ApiError, conflictError } from "../../model/api-error.ts";
import { type Container, isRunning, markEnded, markStarted, withState } from "../../model/container.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { wordError } from "../../model/error-wording.ts";
import { createPrograms, findMainProgram, placeBehaviourFiles } from "../../runtime/behaviour-lookup.ts";
import { createDisk } from "../../runtime/container-disk.ts";
import { resolveHost } from "../../runtime/container-host.ts";
import type { ContainerRun, ContainerRuntime } from "../../runtime/container-runtime.ts";
import { resolveUser } from "../../runtime/container-user.ts";
import { allocatePids, getRuntime, withStartupDelay } from "../../runtime/engine-runtime.ts";
import { createEnvironment } from "../../runtime/environment-variables.ts";
import { createStandardStreams, createTerminal } from "../../runtime/terminal.ts";
import type { Engine } from "../engine.ts";
import { checkReadOnlyOptions } from "./check-mount.ts";
import { watchHealth } from "./health.ts";
import { emitMountEvents } from "./mounts.ts";
import { connectNetworks, disconnectNetworks, emitConnects } from "./networks.ts";
import { closePorts, type HostPorts, publishPorts } from "./publish-ports.ts";
import { removeContainer } from "./remove-container.ts";
import { hasToRestart, nextRestartDelayMs } from "./restart-policy.ts";
import { createRuntimeError } from "./runtime-error.ts";

/**
 * Starts a container at once. If ports of this machine have to be opened first, returns a promise of the start.
 * @throws ApiError 304 if it runs already, 409 if its state forbids it, 400 or 500 if the start fails
 */
export function startContainer(engine: Engine, id: string): Promise<void> | undefined {
  const container = engine.containers.get(id) as Container;
  if (container.state.status === "paused") throw conflictError("cannot start a paused container, try unpause instead");
  if (container.state.status === "running") throw new ApiError(304, "");
  if (container.state.status === "removing" || container.state.status === "dead") {
    throw conflictError("container is marked for removal and cannot be started");
  }
  if (!isRunning(container)) getRuntime(engine, container).restartDelayMs = 0;
  const restartCount = isRunning(container) ? container.restartCount : 0;
  return startRun(engine, { ...container, isStoppedByHand: false, restartCount });
}

/** Starts one run. A failure is undone, recorded in the container's state, and thrown. */
function startRun(engine: Engine, container: Container): Promise<void> | undefined {
  try {
    const hostPorts = publishPorts(engine, container);
    if (hostPorts instanceof Promise) return startWhenOpen(engine, container, hostPorts);
    startNow(engine, container, hostPorts);
    return undefined;
  } catch (error) {
    throw undoStart(engine, container.id, error);
  }
}

async function startWhenOpen(engine: Engine, container: Container, published: Promise<HostPorts>): Promise<void> {
  let open: HostPorts["openPorts"] = [];
  try {
    const hostPorts = await published;
    open = hostPorts.openPorts;
    startNow(engine, refreshContainer(engine, container), hostPorts);
  } catch (error) {
    void closePorts(open);
    throw undoStart(engine, container.id, error);
  }
}

function undoStart(engine: Engine, id: string, error: unknown): unknown {
  if (error instanceof ApiError && error.status !== 304) recordFailure(engine, id, error);
  return error;
}

/** The first start fixes the container's runtime. */
function withRuntime(container: Container): Container {
  const { hostConfig } = container;
  return { ...container, hostConfig: { ...hostConfig, Runtime: hostConfig.Runtime || "runc" } };
}

/** The container's record now: it may have changed while ports were opened. */
function refreshContainer({ containers }: Engine, before: Container): Container {
  const now = containers.get(before.id);
  if (now?.state.status !== before.state.status) throw new ApiError(304, "");
  return { ...now, isStoppedByHand: before.isStoppedByHand, restartCount: before.restartCount };
}

function startNow(engine: Engine, container: Container, { ports, openPorts: open }: HostPorts): void {
  const networked = engine.containers.put({ ...connectNetworks(engine, withRuntime(container)), ports });
  const run = { ...launchContainer(engine, networked), openPorts: open };
  getRuntime(engine, networked).run = run;
  emitMountEvents(engine, networked, "mount");
  emitConnects(engine, networked);
  const running = engine.containers.put(markStarted(networked, run.hostPid, engine.time.stamp()));
  emitContainerEvent(engine, running, "start");
  watchHealth(engine, running, run);
  void run.main.exited.then((exitCode) => finishRun(engine, container.id, run, exitCode));
}

class StartFailure extends ApiError {
  readonly exitCode: number;

  constructor(status: number, message: string, exitCode: number) {
    super(status, message);
    this.exitCode = exitCode;
  }
}

function recordFailure(engine: Engine, id: string, error: ApiError): void {
  const exitCode = error instanceof StartFailure ? error.exitCode : 128;
  const failedContainer = engine.containers.change(id, (container) => {
    const isConnected = Object.values(container.networks).some(({ endpointId }) => endpointId !== "");
    const hadMounts = error instanceof StartFailure && !isOlderEngine(engine.release, "28");
    if (hadMounts) emitMountEvents(engine, container, "mount");
    const disconnected = isConnected ? disconnectNetworks(engine, container) : container;
    if (hadMounts) emitMountEvents(engine, container, "unmount");
    const { message } = wordError(engine.release, error, { operation: "ContainerStart", name: id });
    return withState(disconnected, { exitCode, error: message });
  });
  if (failedContainer?.hostConfig.AutoRemove !== true) return;
  removeContainer(engine, id, { removesVolumes: true });
}

function launchContainer(engine: Engine, container: Container): Omit<ContainerRun, "openPorts"> {
  const runtime = getRuntime(engine, container);
  checkReadOnlyOptions(container.hostConfig);
  const disk = createDisk(engine, container, runtime.files);
  const { config, argv } = container;
  const user = resolveUser(disk, config.User, container.hostConfig.GroupAdd ?? []);
  const env = createEnvironment(engine, container, { isTty: config.Tty, home: user.home });
  const cwd = ensureWorkingDirectory(disk, config.WorkingDir);
  const programs = createPrograms(engine, container);
  placeBehaviourFiles(engine, container, disk);
  const program = findMainProgram(engine, container) ?? findProgram(argv, { disk, programs, env, cwd });
  if (typeof program !== "function") {
    engine.onMissingFeature({ program: argv[0] ?? "" }, config.Image);
    const { message, exitCode } = createRuntimeError("start", argv[0] ?? "", program);
    throw new StartFailure(400, message, exitCode);
  }
  const { time, onFault } = engine;
  const host = resolveHost(engine, container);
  const onOutOfMemory = (): void => emitContainerEvent(engine, container, "oom");
  const onMissingFeature = (feature: MissingFeature): void => engine.onMissingFeature(feature, config.Image);
  const reports = { onFault, onOutOfMemory, onMissingFeature };
  const table = new ProcessTable({ disk, time, programs, host, hostname: config.Hostname, ...reports });
  return spawnMain(engine, container, { table, program, start: { argv, env, cwd, user } });
}

/** Creates a working directory that does not exist, as dockerd does. */
function ensureWorkingDirectory(disk: Disk, path: string): string {
  if (path === "") return "/";
  if (disk.peek(path) === undefined) disk.makeFolders(path);
  return path;
}

interface Launch {
  readonly table: ProcessTable;
  readonly program: Program;
  readonly start: Omit<Parameters<ProcessTable["spawn"]>[0], keyof StandardStreams>;
}

function spawnMain(
  engine: Engine,
  container: Container,
  { table, program, start }: Launch,
): Omit<ContainerRun, "openPorts"> {
  const runtime = getRuntime(engine, container);
  runtime.output.listen({
    write: (stream, bytes) => runtime.log.write(stream, bytes),
    end: () => runtime.log.endRun(),
  });
  const terminal = container.config.Tty ? createTerminal(table, runtime.output, runtime.stdin) : undefined;
  const main = table.spawn(
    {
      ...start,
      ...createStandardStreams(terminal, {
        output: runtime.output,
        stdin: runtime.stdin,
        opensStdin: container.config.OpenStdin,
      }),
      terminal,
    },
    withStartupDelay(engine, program, runtime.beginDelays()),
  );
  return { table, main, terminal, hostPid: allocatePids(engine, container), lifetime: new AbortController() };
}

/** The main process has ended: ends the others, and restarts or removes the container as its policy says. */
function finishRun(engine: Engine, id: string, run: ContainerRun, exitCode: number): void {
  const runtime = engine.runtimes.get(id);
  run.lifetime.abort();
  void closePorts(run.openPorts);
  run.table.thaw();
  run.table.signalAll("KILL");
  if (runtime === undefined) return;
  runtime.run = undefined;
  runtime.stdin.end();
  runtime.stdin = new Pipe();
  const ranMs = Number(engine.time.now() - run.main.startedAt) / 1e6;
  const before = engine.containers.get(id) as Container;
  const restarts = hasToRestart(before, exitCode);
  const status = restarts ? "restarting" : "exited";
  const restartCount = before.restartCount + Number(restarts);
  const { ranOutOfMemory: isOomKilled } = run.table;
  const state = withState(markEnded(before, exitCode, engine.time.stamp(), status), { isOomKilled });
  const exitedContainer = engine.containers.put({ ...state, restartCount });
  runtime.output.end();
  emitEnd(engine, exitedContainer, ranMs);
  runtime.reportExit(exitCode);
  if (restarts) void restartLater(engine, id, runtime, ranMs);
  else if (exitedContainer.hostConfig.AutoRemove) removeContainer(engine, id, { removesVolumes: true });
}

/** dockerd 28 frees the container's resources before it reports the end, 20.10 after it (moby daemon/monitor.go). */
function emitEnd(engine: Engine, container: Container, ranMs: number): void {
  const free = (): void => {
    engine.containers.put(disconnectNetworks(engine, container));
    emitMountEvents(engine, container, "unmount");
  };
  const { exitCode } = container.state;
  if (isOlderEngine(engine.release, "28")) {
    emitContainerEvent(engine, container, "die", { exitCode: String(exitCode) });
    free();
    return;
  }
  free();
  const runtime = getRuntime(engine, container);
  runtime.beforeDie?.();
  runtime.beforeDie = undefined;
  const execDuration = String(Math.floor(ranMs / 1000));
  emitContainerEvent(engine, container, "die", { execDuration, exitCode: String(exitCode) });
}

async function restartLater(engine: Engine, id: string, runtime: ContainerRuntime, ranMs: number): Promise<void> {
  runtime.restartDelayMs = nextRestartDelayMs(runtime.restartDelayMs, ranMs);
  await engine.time.sleep(runtime.restartDelayMs);
  const container = engine.containers.get(id);
  if (container?.state.status !== "restarting") return;
  try {
    await startRun(engine, container);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    engine.containers.change(id, (current) => withState(current, { status: "exited" }));
  }
}
