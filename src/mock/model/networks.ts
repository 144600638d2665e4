import { type ApiError, badParameter, notFound } from "./api-error.ts";
import type { Network } from "./network.ts";
import { Shelf } from "./shelf.ts";

/** How many networks a client may mean by one word, and what makes it think so. */
export type Ambiguous = (reference: string, matches: number, by: "name" | "ID prefix") => ApiError;

/** All networks, to be found by id, by name, and by the beginning of an id. Several may have one name. */
export class Networks {
  readonly #shelf = new Shelf<Network>(({ id }) => id);
  #pools = 0;

  get size(): number {
    return this.#shelf.size;
  }

  [Symbol.iterator](): Iterator<Network> {
    return this.#shelf[Symbol.iterator]();
  }

  get(id: string): Network | undefined {
    return this.#shelf.get(id);
  }

  named(name: string): Network | undefined {
    return [...this.#shelf].find((network) => network.name === name);
  }

  /**
   * The network that a client means (moby daemon/network.go, FindNetwork).
   * @throws Refusal 404; 400 where several are meant
   */
  find(reference: string, ambiguous: Ambiguous = saidOfFound): Network {
    const exact = this.#shelf.get(reference);
    if (exact !== undefined) return exact;
    const all = [...this.#shelf];
    const named = all.filter(({ name }) => name === reference);
    const found = named.length > 0 ? named : all.filter(({ id }) => reference !== "" && id.startsWith(reference));
    if (found.length > 1) throw ambiguous(reference, found.length, named.length > 0 ? "name" : "ID prefix");
    const [network] = found;
    if (network === undefined) throw notFound(`network ${reference} not found`);
    return network;
  }

  put(network: Network): Network {
    return this.#shelf.put(network);
  }

  delete(id: string): void {
    this.#shelf.delete(id);
  }

  /** The number of the next pool of addresses that is to be handed out: they are not used again at once. */
  nextPool(): number {
    this.#pools += 1;
    return this.#pools;
  }
}

function saidOfFound(reference: string, matches: number, by: "name" | "ID prefix"): ApiError {
  return badParameter(`network ${reference} is ambiguous (${matches} matches found on ${by})`);
}
