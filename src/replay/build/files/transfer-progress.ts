/** Whether a transfer goes on: messages pass, or we are still busy with the recording, which may be large. */
export class TransferProgress {
  #count = 0;
  #busy = 0;

  /** Another number each time, as long as the client is not what is waited for. */
  get mark(): number {
    if (this.#busy > 0) this.#count += 1;
    return this.#count;
  }

  /** A message has passed. */
  note(): void {
    this.#count += 1;
  }

  /** Work of our own. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.#busy += 1;
    try {
      return await work;
    } finally {
      this.#busy -= 1;
      this.#count += 1;
    }
  }

  /** The same bytes; to read each piece is work of our own. */
  async *watch(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const bytes = source[Symbol.asyncIterator]();
    const next = (): Promise<IteratorResult<Buffer>> => this.during(bytes.next());
    try {
      for (let piece = await next(); piece.done !== true; piece = await next()) yield piece.value;
    } finally {
      await bytes.return?.();
    }
  }
}
