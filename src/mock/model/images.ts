import { notFound } from "./api-error.ts";
import type { Image } from "./image.ts";
import { familiarName, familiarText, parseReference, type Reference, withLatest } from "./reference.ts";
import { Shelf } from "./shelf.ts";

/** A name with the tag that it means where it has none; undefined for an id. */
export function withTag(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  return last.includes(":") || last.includes("@") ? name : `${name}:latest`;
}

/** As people write it: without the registry and the folder that are nobody's but Docker's. */
export function familiar(name: string): string {
  return name.replace(/^(?:index\.)?docker\.io\//, "").replace(/^library\//, "");
}

/** The repository that a tag or a digest of an image is in. */
export function repositoryOf(name: string): string {
  return familiarName(parseReference(name));
}

/** All images, to be found by id, by tag, by digest, and by the beginning of an id. */
export class Images {
  readonly #shelf = new Shelf<Image>(({ id }) => id);

  get size(): number {
    return this.#shelf.size;
  }

  [Symbol.iterator](): Iterator<Image> {
    return this.#shelf[Symbol.iterator]();
  }

  get(id: string): Image | undefined {
    return this.#shelf.get(id);
  }

  /** What a client means by a name, an id or the beginning of one; undefined where there is none. */
  lookUp(reference: string): Image | undefined {
    const name = familiar(reference);
    const tagged = withTag(name);
    const id = reference.startsWith("sha256:") ? reference : `sha256:${reference}`;
    const all = [...this.#shelf];
    return (
      this.#shelf.get(id) ??
      all.find(({ tags, digests }) => tags.includes(tagged) || digests.includes(name.replace(/:[^/@]*@/, "@"))) ??
      (/^sha256:[0-9a-f]+$/.test(id) ? all.find((image) => image.id.startsWith(id)) : undefined)
    );
  }

  /** @throws Refusal 404; 400 where it could be the name of none */
  find(reference: string): Image {
    const isId = /^(sha256:)?[0-9a-f]{64}$/.test(reference);
    if (!isId) parseReference(reference);
    const found = this.lookUp(reference);
    if (found !== undefined) return found;
    throw notFound(
      `No such image: ${isId ? reference.replace(/^(sha256:)?/, "sha256:") : withTag(familiar(reference))}`,
    );
  }

  put(image: Image): Image {
    return this.#shelf.put(image);
  }

  /** As `put`, for one that may be there already: then it keeps its names. */
  add(image: Image): Image {
    const there = this.#shelf.get(image.id);
    if (there === undefined) return this.#shelf.put(image);
    return there.parentId === "" && image.parentId !== ""
      ? this.#shelf.put({ ...there, parentId: image.parentId })
      : there;
  }

  delete(id: string): void {
    this.#shelf.delete(id);
  }

  childrenOf(id: string): Image[] {
    return [...this.#shelf].filter(({ parentId }) => parentId === id);
  }

  /** Takes the name from whom it belonged to. Returns the image as it is then. */
  name(id: string, reference: Reference, at?: bigint): Image {
    const isDigest = reference.digest !== undefined;
    const text = familiarText(isDigest ? { ...reference, tag: undefined } : withLatest(reference));
    if (!isDigest) for (const other of [...this.#shelf]) if (other.id !== id) this.unname(other.id, text);
    const named = this.#shelf.change(id, (image) => {
      const [tags, digests] = isDigest
        ? [image.tags, added(image.digests, text)]
        : [added(image.tags, text), image.digests];
      return { ...image, tags, digests, lastTagged: at ?? image.lastTagged };
    });
    return named as Image;
  }

  unname(id: string, name: string): void {
    this.#shelf.change(id, (image) => {
      if (!image.tags.includes(name) && !image.digests.includes(name)) return image;
      const rest = (names: readonly string[]): readonly string[] => names.filter((other) => other !== name);
      return { ...image, tags: rest(image.tags), digests: rest(image.digests) };
    });
  }
}

function added(names: readonly string[], name: string): readonly string[] {
  return [...new Set([...names, name])].sort();
}
