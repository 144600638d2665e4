import type { Container } from "../../model/container.ts";
import type { Engine } from "../../operations/engine.ts";
import { populate } from "../fixtures/populate.ts";
import type { ContainerLiteral } from "../fixtures/state-literal.ts";
import { SimulatedContainer } from "./simulated-container.ts";

/** What became of a container: nothing before it, or nothing after it, for one that is new or gone. */
export interface ContainerChange {
  readonly after: Container | undefined;
  readonly before: Container | undefined;
}

/** All containers of a simulated daemon, as a test holds them. */
export class SimulatedContainers implements Iterable<SimulatedContainer> {
  readonly #engine: () => Engine;

  /** `engine`: the daemon as it is now. */
  constructor(engine: () => Engine) {
    this.#engine = engine;
  }

  get size(): number {
    return this.#engine().containers.size;
  }

  /** In the order in which they were created. */
  *[Symbol.iterator](): Iterator<SimulatedContainer> {
    for (const record of { [Symbol.iterator]: () => this.#engine().containers[Symbol.iterator]() })
      yield this.#wrap(record);
  }

  /** By id, name, or the beginning of an id. @throws Refusal 404 where there is none */
  get(reference: string): SimulatedContainer {
    return this.#wrap(this.#engine().containers.find(reference));
  }

  has(name: string): boolean {
    return this.#engine().containers.named(name) !== undefined;
  }

  /** @throws UsageError `WHALESONG_BAD_STATE` for what the daemon would refuse */
  add(literal: ContainerLiteral): SimulatedContainer {
    populate(this.#engine(), { containers: [literal] });
    return this.get(literal.name);
  }

  #wrap(record: Container): SimulatedContainer {
    return new SimulatedContainer(this.#engine(), record);
  }
}
