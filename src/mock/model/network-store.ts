import { type ApiError, badParameter, notFound } from "./api-error.ts";
import type { Network } from "./network.ts";
import { Store } from "./store.ts";

/** Creates the error for a reference that matches several networks. */
export type AmbiguityError = (reference: string, matches: number, by: "name" | "ID prefix") => ApiError;

/** All networks, by id, name and prefix of an id. Several networks may share a name. */
export class NetworkStore {
  readonly #store = new Store<Network>(({ id }) => id);
  #poolCount = 0;

  get size(): number {
    return this.#store.size;
  }

  [Symbol.iterator](): Iterator<Network> {
    return this.#store[Symbol.iterator]();
  }

  get(id: string): Network | undefined {
    return this.#store.get(id);
  }

  getByName(name: string): Network | undefined {
    return [...this.#store].find((network) => network.name === name);
  }

  /**
   * The network that a client refers to (moby daemon/network.go, FindNetwork).
   * @throws ApiError 404 for an unknown network, 400 for an ambiguous reference
   */
  find(reference: string, createError: AmbiguityError = createAmbiguityError): Network {
    const exact = this.#store.get(reference);
    if (exact !== undefined) return exact;
    const all = [...this.#store];
    const byName = all.filter(({ name }) => name === reference);
    const matches = byName.length > 0 ? byName : all.filter(({ id }) => reference !== "" && id.startsWith(reference));
    if (matches.length > 1) throw createError(reference, matches.length, byName.length > 0 ? "name" : "ID prefix");
    const [network] = matches;
    if (network === undefined) throw notFound(`network ${reference} not found`);
    return network;
  }

  /** The network that a client refers to, or undefined if none or several match. */
  lookUp(reference: string): Network | undefined {
    try {
      return this.find(reference);
    } catch {
      return undefined;
    }
  }

  put(network: Network): Network {
    return this.#store.put(network);
  }

  delete(id: string): void {
    this.#store.delete(id);
  }

  /** The number of the next address pool. libnetwork does not reuse a pool at once. */
  takePoolNumber(): number {
    this.#poolCount += 1;
    return this.#poolCount;
  }
}

function createAmbiguityError(reference: string, matches: number, by: "name" | "ID prefix"): ApiError {
  return badParameter(`network ${reference} is ambiguous (${matches} matches found on ${by})`);
}
