/** A simulated daemon as tests hold it: its initial state, its calls, hooks and listeners, and a reset. */

import { checkOptions } from "../../base/options/check-options.ts";
import type { EngineEvent } from "../model/engine-event.ts";
import type { Exec } from "../model/exec.ts";
import type { Engine } from "../operations/engine.ts";
import { closeAllPorts } from "../operations/lifecycle/publish-ports.ts";
import { CallLog } from "./calls/call-log.ts";
import { CallHooks } from "./calls/hooks.ts";
import type { RecordedCall } from "./calls/recorded-call.ts";
import { populate } from "./fixtures/populate.ts";
import { stateKind } from "./fixtures/state-kinds.ts";
import type { StateLiteral } from "./fixtures/state-literal.ts";
import { type ContainerChange, SimulatedContainers } from "./handles/simulated-containers.ts";

/** The events of a mock by name, each with what its listeners get. */
export interface MockEvents {
  /** The mock has responded to a call. */
  readonly call: RecordedCall;
  /** A client starts a command in a running container. */
  readonly exec: Exec;
  /** An event of `/events`. */
  readonly event: EngineEvent;
  /** A container is created, changed or removed. */
  readonly container: ContainerChange;
  /** The mock was reset. The value is the new engine. */
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
   * @param createEngine creates a daemon without containers, at the start and at each reset
   * @throws UsageError `WHALESONG_BAD_STATE` for a state that the daemon would refuse
   */
  constructor(make: () => Engine, initial: readonly StateLiteral[] = []) {
    this.#createEngine = make;
    this.#initial = initial;
    this.#engine = this.#begin();
  }

  /** The current engine. A reset replaces it. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Adds what a literal says. @throws UsageError `WHALESONG_BAD_STATE` if it is wrong, or the daemon would refuse it */
  add(state: StateLiteral): void {
    checkOptions("add", state, stateKind);
    populate(this.#engine, state);
  }

  /** Restores the initial state and forgets all calls. Initial containers start again. Hooks and listeners stay. */
  reset(): void {
    killAllProcesses(this.#engine);
    this.#engine = this.#begin();
    this.calls.forget();
    this.emit("reset", this.#engine);
  }

  /** Kills all processes and closes all ports. */
  async end(): Promise<void> {
    const ports = closeAllPorts(this.#engine);
    killAllProcesses(this.#engine);
    await ports;
  }

  /** Adds a listener. Returns a function that removes it. */
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

/** Kills all processes and marks their containers as stopped by hand, so that no restart policy restarts them. */
function killAllProcesses(engine: Engine): void {
  for (const [id, { run }] of engine.runtimes) {
    engine.containers.change(id, (container) => ({ ...container, isStoppedByHand: true }));
    run?.table.thaw();
    run?.table.signalAll("KILL");
  }
}
