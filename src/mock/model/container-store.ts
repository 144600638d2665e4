import { badParameter, notFound } from "./api-error.ts";
import type { Container } from "./container.ts";
import { toShortId } from "./short-id.ts";
import { Store } from "./store.ts";

/** All containers, by id, name and prefix of an id. */
export class ContainerStore {
  readonly #store: Store<Container>;
  readonly #byName = new Map<string, string>();
  readonly #byShortId = new Map<string, string>();
  readonly #watchers = new Set<(after: Container | undefined, before: Container | undefined) => void>();

  constructor() {
    this.#store = new Store(
      ({ id }) => id,
      (after, before) => this.#index(after, before),
    );
  }

  get size(): number {
    return this.#store.size;
  }

  [Symbol.iterator](): Iterator<Container> {
    return this.#store[Symbol.iterator]();
  }

  get(id: string): Container | undefined {
    return this.#store.get(id);
  }

  getByName(name: string): Container | undefined {
    const id = this.#byName.get(name);
    return id === undefined ? undefined : this.#store.get(id);
  }

  /**
   * The container of an id, a name, or a prefix of an id (moby daemon/container.go, GetContainer).
   * @throws ApiError 404 for an unknown container, 400 for an ambiguous prefix
   */
  find(reference: string): Container {
    const container = this.lookUp(reference);
    if (container === undefined) throw notFound(`No such container: ${reference}`);
    return container;
  }

  /** Like `find`, but returns undefined for an unknown container. @throws ApiError 400 for an ambiguous prefix */
  lookUp(reference: string): Container | undefined {
    return this.#store.get(reference) ?? this.getByName(reference.replace(/^\//, "")) ?? this.#findByPrefix(reference);
  }

  put(container: Container): Container {
    return this.#store.put(container);
  }

  change(id: string, next: (container: Container) => Container): Container | undefined {
    return this.#store.change(id, next);
  }

  delete(id: string): void {
    this.#store.delete(id);
  }

  /** Calls `watcher` after each change. Returns a function that stops it. */
  watch(watcher: (after: Container | undefined, before: Container | undefined) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #findByPrefix(prefix: string): Container | undefined {
    if (!/^[0-9a-f]+$/.test(prefix)) return undefined;
    const short = this.#byShortId.get(prefix);
    if (short !== undefined) return this.#store.get(short);
    const matches = [...this.#store].filter(({ id }) => id.startsWith(prefix));
    if (matches.length > 1) throw badParameter(`multiple IDs found with provided prefix: ${prefix}`);
    return matches[0];
  }

  #index(after: Container | undefined, before: Container | undefined): void {
    if (before !== undefined && before.name !== after?.name) this.#byName.delete(before.name);
    if (before !== undefined && after === undefined) this.#byShortId.delete(toShortId(before.id));
    if (after !== undefined) {
      this.#byName.set(after.name, after.id);
      this.#byShortId.set(toShortId(after.id), after.id);
    }
    for (const watcher of [...this.#watchers]) watcher(after, before);
  }
}
