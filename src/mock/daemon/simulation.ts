/** A simulated daemon with all that a test wants of it: what it began with, what it was asked, who wants to know. */

import type { EngineEvent } from "../model/event.ts";
import type { Exec } from "../model/exec.ts";
import type { Engine } from "../operations/engine.ts";
import { closeAllPorts } from "../operations/lifecycle/host-ports.ts";
import type { AskedCall } from "./calls/asked-call.ts";
import { Calls } from "./calls/calls.ts";
import { Hooks } from "./calls/hooks.ts";
import type { StateLiteral } from "./fixtures/literal.ts";
import { populate } from "./fixtures/populate.ts";
import { type ContainerChange, SimulatedContainers } from "./handles/containers.ts";

/** What can be listened to. */
export interface Happenings {
  /** A call has been answered. */
  readonly call: AskedCall;
  /** A command is started in a container that runs. */
  readonly exec: Exec;
  /** What `/events` tells. */
  readonly event: EngineEvent;
  /** A container has changed, or is new, or gone. */
  readonly container: ContainerChange;
  /** All is as it was in the beginning: there is another daemon. */
  readonly reset: Engine;
}

type Listeners = { readonly [K in keyof Happenings]: Set<(happening: Happenings[K]) => void> };

export class Simulation {
  readonly calls: Calls = new Calls();
  readonly hooks: Hooks = new Hooks();
  readonly containers: SimulatedContainers = new SimulatedContainers(() => this.#engine);
  readonly #make: () => Engine;
  readonly #initial: readonly StateLiteral[];
  readonly #listeners: Listeners = {
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
    this.#make = make;
    this.#initial = initial;
    this.#engine = this.#begun();
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
    endAll(this.#engine);
    this.#engine = this.#begun();
    this.calls.forget();
    this.tell("reset", this.#engine);
  }

  /** Nothing runs any more, and no port is answered. */
  async end(): Promise<void> {
    const ports = closeAllPorts(this.#engine);
    endAll(this.#engine);
    await ports;
  }

  /** Returns what ends it. */
  on<K extends keyof Happenings>(what: K, listener: (happening: Happenings[K]) => void): () => void {
    const listeners = this.#listeners[what];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  tell<K extends keyof Happenings>(what: K, happening: Happenings[K]): void {
    for (const listener of [...this.#listeners[what]]) listener(happening);
  }

  #begun(): Engine {
    const engine = this.#make();
    for (const state of this.#initial) populate(engine, state);
    engine.events.listen((event) => this.#hear(engine, event));
    engine.containers.watch((after, before) => this.tell("container", { after, before }));
    return engine;
  }

  #hear(engine: Engine, event: EngineEvent): void {
    this.tell("event", event);
    const exec = event.action.startsWith("exec_start") ? engine.execs.get(event.attributes.execID ?? "") : undefined;
    if (exec !== undefined) this.tell("exec", exec);
  }
}

/** No restart policy brings back what ends with its daemon. */
function endAll(engine: Engine): void {
  for (const [id, { run }] of engine.machines) {
    engine.containers.change(id, (container) => ({ ...container, isStoppedByHand: true }));
    run?.table.thaw();
    run?.table.signalAll("KILL");
  }
}
