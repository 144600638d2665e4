/** A simulated daemon with all that a test wants of it: what it began with, what it was asked, who wants to know. */

import type { EngineEvent } from "../model/event.ts";
import type { Exec } from "../model/exec.ts";
import type { Engine } from "../operations/engine.ts";
import { closeAllPorts } from "../operations/lifecycle/host-ports.ts";
import { CallLog } from "./calls/call-log.ts";
import { CallHooks } from "./calls/hooks.ts";
import type { RecordedCall } from "./calls/recorded-call.ts";
import { populate } from "./fixtures/populate.ts";
import type { StateLiteral } from "./fixtures/state-literal.ts";
import { type ContainerChange, SimulatedContainers } from "./handles/simulated-containers.ts";

/** What can be listened to. */
export interface MockEvents {
  /** A call has been answered. */
  readonly call: RecordedCall;
  /** A command is started in a container that runs. */
  readonly exec: Exec;
  /** What `/events` tells. */
  readonly event: EngineEvent;
  /** A container has changed, or is new, or gone. */
  readonly container: ContainerChange;
  /** All is as it was in the beginning: there is another daemon. */
  readonly reset: Engine;
}

type EventListeners = { readonly [K in keyof MockEvents]: Set<(happening: MockEvents[K]) => void> };

export class Simulation {
  readonly calls: CallLog = new CallLog();
  readonly hooks: CallHooks = new CallHooks();
  readonly containers: SimulatedContainers = new SimulatedContainers(() => this.#engine);
  readonly #createEngine: () => Engine;
  readonly #initial: readonly StateLiteral[];
  readonly #listeners: EventListeners = {
    call: new Set(),
    exec: new Set(),
    event: new Set(),
    container: new Set(),
    reset: new Set(),
  };
  #engine: Engine;

  /**
   * `make`: a daemon without a past.
   * @throws UsageError `WHALESONG_BAD_STATE` for a state that the daemon would refuse
   */
  constructor(make: () => Engine, initial: readonly StateLiteral[] = []) {
    this.#createEngine = make;
    this.#initial = initial;
    this.#engine = this.#begin();
  }

  /** The daemon as it is now; another one after a reset. */
  get engine(): Engine {
    return this.#engine;
  }

  /** More of what it could have had from the start. @throws UsageError `WHALESONG_BAD_STATE` */
  add(state: StateLiteral): void {
    populate(this.#engine, state);
  }

  /** As it was in the beginning: nothing was called, and what ran then runs anew. Hooks and listeners stay. */
  reset(): void {
    killAllProcesses(this.#engine);
    this.#engine = this.#begin();
    this.calls.forget();
    this.emit("reset", this.#engine);
  }

  /** Nothing runs any more, and no port is answered. */
  async end(): Promise<void> {
    const ports = closeAllPorts(this.#engine);
    killAllProcesses(this.#engine);
    await ports;
  }

  /** Returns what ends it. */
  on<K extends keyof MockEvents>(what: K, listener: (happening: MockEvents[K]) => void): () => void {
    const listeners = this.#listeners[what];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<K extends keyof MockEvents>(what: K, happening: MockEvents[K]): void {
    for (const listener of [...this.#listeners[what]]) listener(happening);
  }

  #begin(): Engine {
    const engine = this.#createEngine();
    for (const state of this.#initial) populate(engine, state);
    engine.events.listen((event) => this.#emitEngineEvent(engine, event));
    engine.containers.watch((after, before) => this.emit("container", { after, before }));
    return engine;
  }

  #emitEngineEvent(engine: Engine, event: EngineEvent): void {
    this.emit("event", event);
    const exec = event.action.startsWith("exec_start") ? engine.execs.get(event.attributes.execID ?? "") : undefined;
    if (exec !== undefined) this.emit("exec", exec);
  }
}

/** No restart policy brings back what ends with its daemon. */
function killAllProcesses(engine: Engine): void {
  for (const [id, { run }] of engine.machines) {
    engine.containers.change(id, (container) => ({ ...container, isStoppedByHand: true }));
    run?.table.thaw();
    run?.table.signalAll("KILL");
  }
}
