/** The names that others may refer to, of exchanges and of marks, until their documents are on the disk. */
export class UnflushedNames {
  readonly #byDocument = new Map<number, readonly string[]>();
  /** Documents that are stored and not yet flushed. */
  #stored: number[] = [];

  note(document: number, name: string): void {
    this.#byDocument.set(document, [...(this.#byDocument.get(document) ?? []), name]);
  }

  noteStored(document: number): void {
    this.#stored.push(document);
  }

  /** @param lost the documents that did not reach the disk */
  flush(lost: readonly number[]): void {
    const areLost = new Set(lost);
    for (const document of this.#stored) if (!areLost.has(document)) this.#byDocument.delete(document);
    this.#stored = [];
  }

  /**
   * Names in documents that are not stored: no answer came to them, or they could not be read or written. What refers
   * to them was stored before that was certain.
   */
  list(): readonly string[] {
    return [...this.#byDocument.values()].flat();
  }
}
