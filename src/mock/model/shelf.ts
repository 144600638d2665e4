/** Records of one kind by their key: the only place where a record is replaced by its next state. */
export class Shelf<T> {
  readonly #keyOf: (record: T) => string;
  readonly #byKey = new Map<string, T>();
  readonly #changed: (after: T | undefined, before: T | undefined) => void;

  /** `changed` is told of every change: nothing before it, or nothing after it, for what is new or gone. */
  constructor(
    keyOf: (record: T) => string,
    changed: (after: T | undefined, before: T | undefined) => void = () => undefined,
  ) {
    this.#keyOf = keyOf;
    this.#changed = changed;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** In the order in which they came. */
  [Symbol.iterator](): Iterator<T> {
    return this.#byKey.values();
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  put(record: T): T {
    const before = this.#byKey.get(this.#keyOf(record));
    this.#byKey.set(this.#keyOf(record), record);
    this.#changed(record, before);
    return record;
  }

  /** The next state of a record; nothing happens to one that is gone. */
  change(key: string, next: (record: T) => T): T | undefined {
    const record = this.#byKey.get(key);
    return record === undefined ? undefined : this.put(next(record));
  }

  delete(key: string): void {
    const before = this.#byKey.get(key);
    if (!this.#byKey.delete(key)) return;
    this.#changed(undefined, before);
  }
}
