import { badParameter, notFound } from "./api-error.ts";
import type { Container } from "./container.ts";
import { Shelf } from "./shelf.ts";

/** The length of the ids that people see. */
const SHORT = 12;

/** All containers, to be found by id, by name, and by the beginning of an id. */
export class Containers {
  readonly #shelf: Shelf<Container>;
  readonly #byName = new Map<string, string>();
  readonly #byShortId = new Map<string, string>();
  readonly #watchers = new Set<(after: Container | undefined, before: Container | undefined) => void>();

  constructor() {
    this.#shelf = new Shelf(
      ({ id }) => id,
      (after, before) => this.#follow(after, before),
    );
  }

  get size(): number {
    return this.#shelf.size;
  }

  [Symbol.iterator](): Iterator<Container> {
    return this.#shelf[Symbol.iterator]();
  }

  get(id: string): Container | undefined {
    return this.#shelf.get(id);
  }

  named(name: string): Container | undefined {
    const id = this.#byName.get(name);
    return id === undefined ? undefined : this.#shelf.get(id);
  }

  /**
   * The container that a client means by an id, a name, or the beginning of an id (moby daemon/container.go, GetContainer).
   * @throws Refusal 404; 400 where several ids begin so
   */
  find(reference: string): Container {
    const found = this.lookUp(reference);
    if (found === undefined) throw notFound(`No such container: ${reference}`);
    return found;
  }

  /** The same, or undefined where there is none. @throws Refusal 400 */
  lookUp(reference: string): Container | undefined {
    return this.#shelf.get(reference) ?? this.named(reference.replace(/^\//, "")) ?? this.#byPrefix(reference);
  }

  put(container: Container): Container {
    return this.#shelf.put(container);
  }

  change(id: string, next: (container: Container) => Container): Container | undefined {
    return this.#shelf.change(id, next);
  }

  delete(id: string): void {
    this.#shelf.delete(id);
  }

  /** Told of every change. Returns what ends it. */
  watch(watcher: (after: Container | undefined, before: Container | undefined) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #byPrefix(prefix: string): Container | undefined {
    if (!/^[0-9a-f]+$/.test(prefix)) return undefined;
    const short = prefix.length === SHORT ? this.#byShortId.get(prefix) : undefined;
    if (short !== undefined) return this.#shelf.get(short);
    const found = [...this.#shelf].filter(({ id }) => id.startsWith(prefix));
    if (found.length > 1) throw badParameter(`multiple IDs found with provided prefix: ${prefix}`);
    return found[0];
  }

  #follow(after: Container | undefined, before: Container | undefined): void {
    if (before !== undefined && before.name !== after?.name) this.#byName.delete(before.name);
    if (before !== undefined && after === undefined) this.#byShortId.delete(before.id.slice(0, SHORT));
    if (after !== undefined) {
      this.#byName.set(after.name, after.id);
      this.#byShortId.set(after.id.slice(0, SHORT), after.id);
    }
    for (const watcher of [...this.#watchers]) watcher(after, before);
  }
}
