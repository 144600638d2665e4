import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import { readTar, type TarEntry } from "../../wire/archive/tar.ts";

/** Tars beyond this are not read only to be listed. */
const LISTED_SIZE = 64 * 1024 * 1024;
/** Listings that are remembered; builds send the same files again and again. */
const MOST_LISTINGS = 64;

/** Lists the tars beside a cassette. */
export class TarLister {
  readonly #readSidecar: (ref: SidecarRef) => AsyncIterable<Buffer> | undefined;
  readonly #listings = new Map<string, Promise<readonly TarEntry[] | undefined>>();

  /** @param readSidecar the bytes of a file beside the cassette; undefined where there is none */
  constructor(readSidecar: (ref: SidecarRef) => AsyncIterable<Buffer> | undefined) {
    this.#readSidecar = readSidecar;
  }

  /** Undefined if the file is missing, no tar, or too large to be read only for that. */
  list(file: SidecarRef): Promise<readonly TarEntry[] | undefined> {
    const known = this.#listings.get(file.path);
    if (known !== undefined) return known;
    const [oldest] = this.#listings.keys();
    if (this.#listings.size >= MOST_LISTINGS && oldest !== undefined) this.#listings.delete(oldest);
    const listing = this.#read(file);
    this.#listings.set(file.path, listing);
    return listing;
  }

  /** The same of a tar that stands in the cassette itself. */
  async listBytes(bytes: Buffer): Promise<readonly TarEntry[] | undefined> {
    try {
      return await readTar(yieldOnce(bytes), skipContent);
    } catch {
      return undefined;
    }
  }

  async #read(file: SidecarRef): Promise<readonly TarEntry[] | undefined> {
    if (file.size > LISTED_SIZE) return undefined;
    try {
      const pieces = this.#readSidecar(file);
      return pieces === undefined ? undefined : await readTar(pieces, skipContent);
    } catch {
      return undefined;
    }
  }
}

async function* yieldOnce(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function skipContent(_name: string, content: AsyncIterable<Buffer>): Promise<string> {
  for await (const _ of content);
  return "";
}
