/** Where images come from and go to. The scripted one is data; one that exists is reached by who may do I/O. */
import type { Credentials } from "../model/credentials.ts";
import type { Image } from "../model/image.ts";
import type { Reference } from "../model/reference.ts";
import type { Manifest } from "./manifest.ts";

/** An image that a registry has. */
export interface Offer {
  readonly image: Image;
  readonly manifest: Manifest;
  /** How long each of a layer's steps takes, in milliseconds. */
  readonly delayMs: number;
  /** It breaks off after this many layers. */
  readonly breaksAfter?: { readonly layers: number; readonly message: string };
}

export interface SearchResult {
  readonly name: string;
  readonly description: string;
  readonly stars: number;
  readonly isOfficial: boolean;
}

export interface Registry {
  /** @throws Refusal as the daemon tells what a registry answers */
  find(reference: Reference, credentials: Credentials): Promise<Offer>;
  /** All tags of a repository. @throws Refusal */
  tags(reference: Reference, credentials: Credentials): Promise<readonly string[]>;
  /** Checked before anything is sent. @throws Refusal */
  admit(reference: Reference, credentials: Credentials): Promise<void>;
  /** Which repository of this registry has the image's layer already; undefined where none has. */
  holds(reference: Reference, image: Image, layer: number, credentials: Credentials): Promise<string | undefined>;
  /** Resolves with the manifest that it is kept by. @throws Refusal */
  put(reference: Reference, image: Image, credentials: Credentials): Promise<Manifest>;
  /** @throws Refusal where nobody of that name and password is known there */
  login(address: string, credentials: Credentials): Promise<void>;
  search(term: string, limit: number): Promise<readonly SearchResult[]>;
}
