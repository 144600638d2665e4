/** The interface of a registry, scripted or real. A real one gets its transport from outside, as the mock does no I/O. */
import type { Credentials } from "../model/credentials.ts";
import type { Image } from "../model/image.ts";
import type { ImageReference } from "../model/image-reference.ts";
import type { ImageManifest } from "./manifest.ts";

/** An image in a registry. */
export interface RegistryImage {
  readonly image: Image;
  readonly manifest: ImageManifest;
  /** The delay of each message of a layer, in milliseconds. */
  readonly delayMs: number;
  /** The pull fails after this number of layers. */
  readonly breaksAfter?: { readonly layers: number; readonly message: string };
}

export interface SearchResult {
  readonly name: string;
  readonly description: string;
  readonly stars: number;
  readonly isOfficial: boolean;
}

export interface ImageRegistry {
  /** @throws ApiError with dockerd's message for the registry's response */
  find(reference: ImageReference, credentials: Credentials): Promise<RegistryImage>;
  /** All tags of a repository. @throws ApiError */
  listTags(reference: ImageReference, credentials: Credentials): Promise<readonly string[]>;
  /** Checks the credentials of a push, before anything is sent. @throws ApiError */
  authorizePush(reference: ImageReference, credentials: Credentials): Promise<void>;
  /** The repository of this registry that has the image's layer already. */
  findLayer(
    reference: ImageReference,
    image: Image,
    layer: number,
    credentials: Credentials,
  ): Promise<string | undefined>;
  /** Stores an image, and resolves with its manifest. @throws ApiError */
  put(reference: ImageReference, image: Image, credentials: Credentials): Promise<ImageManifest>;
  /** @throws ApiError 500 for a wrong name or password */
  logIn(address: string, credentials: Credentials): Promise<void>;
  search(term: string, limit: number): Promise<readonly SearchResult[]>;
}

/** The host of a registry's address: `https://127.0.0.1:5000/v1/` is `127.0.0.1:5000`. */
export function toRegistryHost(address: string): string {
  return address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}
