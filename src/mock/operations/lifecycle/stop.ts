/** How a container is told to end, and made to (moby daemon/stop.go, kill.go, restart.go, pause.go). */

import { signalName, signalNumber } from "../../../userland/process/signals.ts";
import { ApiError, badParameter, conflict, systemError } from "../../model/api-error.ts";
import { type Container, isRunning, withState } from "../../model/container.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { runtimeOf } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";
import { startContainer } from "./start.ts";

const PATIENCE_S = 10;
const KILL = 9;

/** Resolves when it has stopped. @throws Refusal 304 where it does not run */
export async function stopContainer(engine: Engine, id: string, seconds?: number): Promise<void> {
  const container = engine.containers.get(id) as Container;
  if (!isRunning(container)) throw new ApiError(304, "");
  await end(engine, container, seconds);
  tellLater(engine, id, "stop");
}

/** With the signal that it is to be stopped with, then, when patience is over, with KILL. */
async function end(engine: Engine, container: Container, seconds?: number): Promise<void> {
  const { config, id } = container;
  const patience = seconds ?? config.StopTimeout ?? PATIENCE_S;
  const exit = runtimeOf(engine, container).nextExit;
  signalContainer(engine, container, signalNumber(config.StopSignal ?? "TERM") ?? 15);
  if (!hasLeftRun(engine, id)) return;
  const giveUp = new AbortController();
  const isLate = await Promise.race([
    exit.then(() => false),
    patience < 0
      ? new Promise<never>(() => undefined)
      : engine.time.sleep(patience * 1000, giveUp.signal).then(() => true),
  ]);
  giveUp.abort();
  if (!isLate) return;
  const now = engine.containers.get(id);
  if (now !== undefined && isRunning(now)) signalContainer(engine, now, KILL);
  await exit;
}

/** False where there was no process to wait for: it was about to come back. */
function hasLeftRun(engine: Engine, id: string): boolean {
  return engine.machines.get(id)?.run !== undefined;
}

function tellLater(engine: Engine, id: string, action: string): void {
  const container = engine.containers.get(id);
  if (container !== undefined) emitContainerEvent(engine, container, action);
}

/** `signal` as a client writes it. @throws Refusal 400 for what is none, 409 where it does not run */
export async function killContainer(engine: Engine, reference: string, signal: string): Promise<void> {
  const number = signal === "" ? KILL : signalNumber(signal);
  if (number === undefined) throw badParameter(`Invalid signal: ${signal}`);
  const container = found(engine, reference);
  if (!isRunning(container)) {
    throw conflict(`Cannot kill container: ${reference}: Container ${container.id} is not running`);
  }
  const exit = runtimeOf(engine, container).nextExit;
  const wasRunning = hasLeftRun(engine, container.id);
  signalContainer(engine, container, number);
  if (number === KILL && wasRunning) await exit;
}

function found(engine: Engine, reference: string): Container {
  try {
    return engine.containers.find(reference);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.status, `Cannot kill container: ${reference}: ${error.message}`);
  }
}

/** A client's signal: a restart policy has no say any more in what it ends. */
export function signalContainer(engine: Engine, container: Container, number: number): void {
  const { id } = container;
  const machine = runtimeOf(engine, container);
  engine.containers.change(id, (now) => ({ ...now, isStoppedByHand: true }));
  if (container.state.status === "paused") unfreeze(engine, id);
  emitContainerEvent(engine, container, "kill", { signal: String(number) });
  if (machine.run !== undefined) machine.run.main.signal(signalName(number));
  else if (container.state.status === "restarting") {
    engine.containers.change(id, (now) => withState(now, { status: "exited" }));
    machine.tellExit(container.state.exitCode);
  }
}

/** Resolves when it runs again. */
export async function restartContainer(engine: Engine, id: string, seconds?: number): Promise<void> {
  const container = engine.containers.get(id) as Container;
  if (isRunning(container)) {
    await end(engine, container, seconds);
    tellLater(engine, id, "stop");
  }
  await startContainer(engine, id);
  tellLater(engine, id, "restart");
}

/** @throws Refusal 409 where it cannot be frozen */
export function pauseContainer(engine: Engine, id: string): void {
  const container = engine.containers.get(id) as Container;
  const { status } = container.state;
  if (status === "paused") throw conflict(`Container ${id} is already paused`);
  if (status === "restarting") throw conflict(`Container ${id} is restarting, wait until the container is running`);
  if (status !== "running") throw conflict(`Container ${id} is not running`);
  runtimeOf(engine, container).run?.table.freeze();
  engine.containers.put(withState(container, { status: "paused" }));
  emitContainerEvent(engine, container, "pause");
}

/** @throws Refusal 500 where it is not frozen */
export function unpauseContainer(engine: Engine, id: string): void {
  const container = engine.containers.get(id) as Container;
  if (container.state.status !== "paused") throw systemError(`Container ${id} is not paused`);
  unfreeze(engine, id);
  emitContainerEvent(engine, container, "unpause");
}

function unfreeze(engine: Engine, id: string): void {
  engine.machines.get(id)?.run?.table.thaw();
  engine.containers.change(id, (container) => withState(container, { status: "running" }));
}
