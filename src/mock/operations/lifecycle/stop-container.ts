/** Stops, kills, restarts, pauses and unpauses containers (moby daemon/stop.go, kill.go, restart.go, pause.go). */

import { parseSignal, toSignalName } from "../../../userland/process/signals.ts";
import { ApiError, badParameter, conflictError, systemError } from "../../model/api-error.ts";
import { type Container, isRunning, withState } from "../../model/container.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { getRuntime } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";
import { startContainer } from "./start-container.ts";

const DEFAULT_TIMEOUT_S = 10;
const KILL = 9;

export interface StopOptions {
  /** The name or number of the signal. @default the container's own */
  readonly signal?: string;
  /** The time before KILL. @default the container's own */
  readonly seconds?: number | undefined;
}

/** Resolves when the container has stopped. @throws ApiError 304 if it does not run, 400 for an unknown signal */
export async function stopContainer(engine: Engine, id: string, options: StopOptions = {}): Promise<void> {
  const container = engine.containers.get(id) as Container;
  if (!isRunning(container)) throw new ApiError(304, "");
  await endRun(engine, container, options);
}

/** Ends the run and emits `stop`: after `die` as dockerd 20.10, or before it as 28 (moby daemon/monitor.go). */
async function endRun(engine: Engine, container: Container, options: StopOptions): Promise<void> {
  const emitStop = (): void => emitIfPresent(engine, container.id, "stop");
  const runtime = getRuntime(engine, container);
  const isEarly = !isOlderEngine(engine.release, "28") && runtime.run !== undefined;
  if (isEarly) runtime.beforeDie = emitStop;
  await endProcess(engine, container, options);
  if (!isEarly) emitStop();
}

/** Sends the container's stop signal, and KILL after the timeout. */
async function endProcess(engine: Engine, container: Container, { signal = "", seconds }: StopOptions): Promise<void> {
  const { config, id } = container;
  const requested = parseSignal(signal);
  if (signal !== "" && requested === undefined) throw badParameter(`Invalid signal: ${signal}`);
  const timeoutS = seconds ?? config.StopTimeout ?? DEFAULT_TIMEOUT_S;
  const exit = getRuntime(engine, container).nextExit;
  signalContainer(engine, container, requested ?? parseSignal(config.StopSignal ?? "TERM") ?? 15);
  if (!hasProcess(engine, id)) return;
  const timer = new AbortController();
  const isLate = await Promise.race([
    exit.then(() => false),
    timeoutS < 0
      ? new Promise<never>(() => undefined)
      : engine.time.sleep(timeoutS * 1000, timer.signal).then(() => true),
  ]);
  timer.abort();
  if (!isLate) return;
  const now = engine.containers.get(id);
  if (now !== undefined && isRunning(now)) signalContainer(engine, now, KILL);
  await exit;
}

/** A container that waits for its restart has no process. */
function hasProcess(engine: Engine, id: string): boolean {
  return engine.runtimes.get(id)?.run !== undefined;
}

function emitIfPresent(engine: Engine, id: string, action: string): void {
  const container = engine.containers.get(id);
  if (container !== undefined) emitContainerEvent(engine, container, action);
}

/**
 * @param signal a name or a number; empty for KILL
 * @throws ApiError 400 for an unknown signal, 409 if the container does not run
 */
export async function killContainer(engine: Engine, reference: string, signal: string): Promise<void> {
  const number = signal === "" ? KILL : parseSignal(signal);
  if (number === undefined) throw badParameter(`Invalid signal: ${signal}`);
  const container = findToKill(engine, reference);
  if (!isRunning(container)) {
    throw conflictError(`Cannot kill container: ${reference}: Container ${container.id} is not running`);
  }
  const exit = getRuntime(engine, container).nextExit;
  const hadProcess = hasProcess(engine, container.id);
  signalContainer(engine, container, number);
  if (number === KILL && hadProcess) await exit;
}

function findToKill(engine: Engine, reference: string): Container {
  try {
    return engine.containers.find(reference);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.status, `Cannot kill container: ${reference}: ${error.message}`);
  }
}

/** Sends a client's signal. From then on the restart policy does not apply. */
export function signalContainer(engine: Engine, container: Container, number: number): void {
  const { id } = container;
  const runtime = getRuntime(engine, container);
  engine.containers.change(id, (now) => ({ ...now, isStoppedByHand: true }));
  if (container.state.status === "paused") thawContainer(engine, id);
  emitContainerEvent(engine, container, "kill", { signal: String(number) });
  if (runtime.run !== undefined) runtime.run.main.signal(toSignalName(number));
  else if (container.state.status === "restarting") {
    engine.containers.change(id, (now) => withState(now, { status: "exited" }));
    runtime.reportExit(container.state.exitCode);
  }
}

/** Resolves when the container runs again. */
export async function restartContainer(engine: Engine, id: string, options: StopOptions = {}): Promise<void> {
  const container = engine.containers.get(id) as Container;
  if (isRunning(container)) {
    await endRun(engine, container, options);
  }
  await startContainer(engine, id);
  emitIfPresent(engine, id, "restart");
}

/** @throws ApiError 409 if the container is not running */
export function pauseContainer(engine: Engine, id: string): void {
  const container = engine.containers.get(id) as Container;
  const { status } = container.state;
  if (status === "paused") throw conflictError(`Container ${id} is already paused`);
  if (status === "restarting")
    throw conflictError(`Container ${id} is restarting, wait until the container is running`);
  if (status !== "running") throw conflictError(`Container ${id} is not running`);
  getRuntime(engine, container).run?.table.freeze();
  engine.containers.put(withState(container, { status: "paused" }));
  emitContainerEvent(engine, container, "pause");
}

/** @throws ApiError 500 if the container is not paused */
export function unpauseContainer(engine: Engine, id: string): void {
  const container = engine.containers.get(id) as Container;
  if (container.state.status !== "paused") throw systemError(`Container ${id} is not paused`);
  thawContainer(engine, id);
  emitContainerEvent(engine, container, "unpause");
}

function thawContainer(engine: Engine, id: string): void {
  engine.runtimes.get(id)?.run?.table.thaw();
  engine.containers.change(id, (container) => withState(container, { status: "running" }));
}
