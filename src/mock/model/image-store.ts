import { notFound } from "./api-error.ts";
import type { Image } from "./image.ts";
import { type ImageReference, parseReference, toFamiliarName, toFamiliarText, withLatest } from "./image-reference.ts";
import { Store } from "./store.ts";

/** Adds the tag `latest` to a name without tag and digest. */
export function withDefaultTag(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  return last.includes(":") || last.includes("@") ? name : `${name}:latest`;
}

/** Removes Docker Hub's own `docker.io/` and `library/`. */
export function dropHubPrefix(name: string): string {
  return name.replace(/^(?:index\.)?docker\.io\//, "").replace(/^library\//, "");
}

/** The repository of an image's tag or digest. */
export function toRepositoryName(name: string): string {
  return toFamiliarName(parseReference(name));
}

/** All images, by id, tag, digest and prefix of an id. */
export class ImageStore {
  readonly #store = new Store<Image>(({ id }) => id);

  get size(): number {
    return this.#store.size;
  }

  [Symbol.iterator](): Iterator<Image> {
    return this.#store[Symbol.iterator]();
  }

  get(id: string): Image | undefined {
    return this.#store.get(id);
  }

  /** The image of a name, an id or a prefix of an id. */
  lookUp(reference: string): Image | undefined {
    const name = dropHubPrefix(reference);
    const tagged = withDefaultTag(name);
    const id = reference.startsWith("sha256:") ? reference : `sha256:${reference}`;
    const all = [...this.#store];
    return (
      this.#store.get(id) ??
      all.find(({ tags, digests }) => tags.includes(tagged) || digests.includes(name.replace(/:[^/@]*@/, "@"))) ??
      (/^sha256:[0-9a-f]+$/.test(id) ? all.find((image) => image.id.startsWith(id)) : undefined)
    );
  }

  /** @throws ApiError 404 for an unknown image, 400 for an invalid name */
  find(reference: string): Image {
    const isId = /^(sha256:)?[0-9a-f]{64}$/.test(reference);
    if (!isId) parseReference(reference);
    const image = this.lookUp(reference);
    if (image !== undefined) return image;
    throw notFound(
      `No such image: ${isId ? reference.replace(/^(sha256:)?/, "sha256:") : withDefaultTag(dropHubPrefix(reference))}`,
    );
  }

  put(image: Image): Image {
    return this.#store.put(image);
  }

  /** Adds an image. One that exists keeps its names. */
  add(image: Image): Image {
    const known = this.#store.get(image.id);
    if (known === undefined) return this.#store.put(image);
    return known.parentId === "" && image.parentId !== ""
      ? this.#store.put({ ...known, parentId: image.parentId })
      : known;
  }

  delete(id: string): void {
    this.#store.delete(id);
  }

  findChildren(id: string): Image[] {
    return [...this.#store].filter(({ parentId }) => parentId === id);
  }

  /** Moves a name to the image, and returns the image's new record. */
  addName(id: string, reference: ImageReference, at?: bigint): Image {
    const isDigest = reference.digest !== undefined;
    const text = toFamiliarText(isDigest ? { ...reference, tag: undefined } : withLatest(reference));
    if (!isDigest) for (const other of [...this.#store]) if (other.id !== id) this.removeName(other.id, text);
    const updated = this.#store.change(id, (image) => {
      const [tags, digests] = isDigest
        ? [image.tags, withName(image.digests, text)]
        : [withName(image.tags, text), image.digests];
      return { ...image, tags, digests, lastTagged: at ?? image.lastTagged };
    });
    return updated as Image;
  }

  removeName(id: string, name: string): void {
    this.#store.change(id, (image) => {
      if (!image.tags.includes(name) && !image.digests.includes(name)) return image;
      const dropName = (names: readonly string[]): readonly string[] => names.filter((other) => other !== name);
      return { ...image, tags: dropName(image.tags), digests: dropName(image.digests) };
    });
  }
}

function withName(names: readonly string[], name: string): readonly string[] {
  return [...new Set([...names, name])].sort();
}
