/** Several registries as one: those that exist by their addresses, and a scripted one for all others. */

import type { Credentials } from "../model/credentials.ts";
import type { Image } from "../model/image.ts";
import type { Reference } from "../model/reference.ts";
import type { Manifest } from "./manifest.ts";
import type { Offer, Registry, SearchResult } from "./registry.ts";

export class RoutedRegistry implements Registry {
  readonly #hosts: ReadonlySet<string>;
  readonly #real: Registry;
  readonly #other: Registry;

  constructor(hosts: readonly string[], real: Registry, other: Registry) {
    this.#hosts = new Set(hosts);
    this.#real = real;
    this.#other = other;
  }

  find(reference: Reference, credentials: Credentials): Promise<Offer> {
    return this.#of(reference.domain).find(reference, credentials);
  }

  tags(reference: Reference, credentials: Credentials): Promise<readonly string[]> {
    return this.#of(reference.domain).tags(reference, credentials);
  }

  admit(reference: Reference, credentials: Credentials): Promise<void> {
    return this.#of(reference.domain).admit(reference, credentials);
  }

  holds(reference: Reference, image: Image, index: number, credentials: Credentials): Promise<string | undefined> {
    return this.#of(reference.domain).holds(reference, image, index, credentials);
  }

  put(reference: Reference, image: Image, credentials: Credentials): Promise<Manifest> {
    return this.#of(reference.domain).put(reference, image, credentials);
  }

  login(address: string, credentials: Credentials): Promise<void> {
    return this.#of(address.replace(/^https?:\/\//, "").replace(/\/.*$/, "")).login(address, credentials);
  }

  search(term: string, limit: number): Promise<readonly SearchResult[]> {
    return this.#other.search(term, limit);
  }

  #of(host: string): Registry {
    return this.#hosts.has(host) ? this.#real : this.#other;
  }
}
