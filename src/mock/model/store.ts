/** Records of one kind, by key. Only a store replaces a record by its next state. */
export class Store<T> {
  readonly #keyOf: (record: T) => string;
  readonly #byKey = new Map<string, T>();
  readonly #onChange: (after: T | undefined, before: T | undefined) => void;

  /** @param changed called after each change; `before` is undefined for a new record, `after` for a deleted one */
  constructor(
    keyOf: (record: T) => string,
    changed: (after: T | undefined, before: T | undefined) => void = () => undefined,
  ) {
    this.#keyOf = keyOf;
    this.#onChange = changed;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** In the order of their creation. */
  [Symbol.iterator](): Iterator<T> {
    return this.#byKey.values();
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  put(record: T): T {
    const before = this.#byKey.get(this.#keyOf(record));
    this.#byKey.set(this.#keyOf(record), record);
    this.#onChange(record, before);
    return record;
  }

  /** Replaces a record by its next state. Returns undefined for an unknown key. */
  change(key: string, next: (record: T) => T): T | undefined {
    const record = this.#byKey.get(key);
    return record === undefined ? undefined : this.put(next(record));
  }

  delete(key: string): void {
    const before = this.#byKey.get(key);
    if (!this.#byKey.delete(key)) return;
    this.#onChange(undefined, before);
  }
}
