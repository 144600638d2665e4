import { checkArgument } from "../../../base/options/check-options.ts";
import type { Container } from "../../model/container.ts";
import type { Engine } from "../../operations/engine.ts";
import { populate } from "../fixtures/populate.ts";
import { containerKind } from "../fixtures/state-kinds.ts";
import type { ContainerLiteral } from "../fixtures/state-literal.ts";
import { SimulatedContainer } from "./simulated-container.ts";

/** A change of a container. A new one has no `before`, a removed one has no `after`. */
export interface ContainerChange {
  readonly after: Container | undefined;
  readonly before: Container | undefined;
}

/** All containers of a simulated daemon, as tests hold them. */
export class SimulatedContainers implements Iterable<SimulatedContainer> {
  readonly #engine: () => Engine;

  /** @param engine returns the current engine */
  constructor(engine: () => Engine) {
    this.#engine = engine;
  }

  get size(): number {
    return this.#engine().containers.size;
  }

  /** The containers in the order of their creation. */
  *[Symbol.iterator](): Iterator<SimulatedContainer> {
    for (const record of { [Symbol.iterator]: () => this.#engine().containers[Symbol.iterator]() })
      yield this.#wrap(record);
  }

  /** Finds a container by its id, its name, or the beginning of its id. @throws ApiError 404 */
  get(reference: string): SimulatedContainer {
    return this.#wrap(this.#engine().containers.find(reference));
  }

  has(name: string): boolean {
    return this.#engine().containers.getByName(name) !== undefined;
  }

  /** Adds a container. @throws UsageError `WHALESONG_BAD_STATE` if it is wrong, or the daemon would refuse it */
  add(literal: ContainerLiteral): SimulatedContainer {
    checkArgument("containers.add", "container", literal, containerKind);
    populate(this.#engine(), { containers: [literal] });
    return this.get(literal.name);
  }

  #wrap(record: Container): SimulatedContainer {
    return new SimulatedContainer(this.#engine(), record);
  }
}
