/** Routes by address: to real registries, and to a scripted one for all other addresses. */

import type { Credentials } from "../model/credentials.ts";
import type { Image } from "../model/image.ts";
import type { ImageReference } from "../model/image-reference.ts";
import { type ImageRegistry, type RegistryImage, type SearchResult, toRegistryHost } from "./image-registry.ts";
import type { ImageManifest } from "./manifest.ts";

export class RoutedRegistry implements ImageRegistry {
  readonly #hosts: ReadonlySet<string>;
  readonly #real: ImageRegistry;
  readonly #other: ImageRegistry;

  constructor(hosts: readonly string[], real: ImageRegistry, other: ImageRegistry) {
    this.#hosts = new Set(hosts);
    this.#real = real;
    this.#other = other;
  }

  find(reference: ImageReference, credentials: Credentials): Promise<RegistryImage> {
    return this.#select(reference.domain).find(reference, credentials);
  }

  listTags(reference: ImageReference, credentials: Credentials): Promise<readonly string[]> {
    return this.#select(reference.domain).listTags(reference, credentials);
  }

  authorizePush(reference: ImageReference, credentials: Credentials): Promise<void> {
    return this.#select(reference.domain).authorizePush(reference, credentials);
  }

  findLayer(
    reference: ImageReference,
    image: Image,
    index: number,
    credentials: Credentials,
  ): Promise<string | undefined> {
    return this.#select(reference.domain).findLayer(reference, image, index, credentials);
  }

  put(reference: ImageReference, image: Image, credentials: Credentials): Promise<ImageManifest> {
    return this.#select(reference.domain).put(reference, image, credentials);
  }

  logIn(address: string, credentials: Credentials): Promise<void> {
    return this.#select(toRegistryHost(address)).logIn(address, credentials);
  }

  search(term: string, limit: number): Promise<readonly SearchResult[]> {
    return this.#other.search(term, limit);
  }

  #select(host: string): ImageRegistry {
    return this.#hosts.has(host) ? this.#real : this.#other;
  }
}
