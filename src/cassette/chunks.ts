/** Bodies up to this size are in the cassette's text, larger ones in sidecars. */
export const INLINE_LIMIT: number = 32 * 1024;

/** The default chunk size of a sidecar's bytes: the buffer of io.Copy in Go. */
const COPY_SIZE = 32 * 1024;
/** The chunk sizes of a body with more runs than this are not recorded. */
const RUN_LIMIT = 1000;

/** Collects the chunk sizes of a body, in runs of equal sizes. */
export class ChunkSizes {
  readonly #runs: { readonly size: number; count: number }[] = [];
  #open = 0;
  #total = 0;

  addBytes(count: number): void {
    this.#open += count;
  }

  endChunk(): void {
    const last = this.#runs.at(-1);
    if (last?.size === this.#open) last.count += 1;
    else if (this.#runs.length <= RUN_LIMIT) this.#runs.push({ size: this.#open, count: 1 });
    this.#total += this.#open;
    this.#open = 0;
  }

  /** The sizes in order; undefined if they are the usual ones, or too many to record. */
  getUnusualSizes(): readonly number[] | undefined {
    if (this.#runs.length > RUN_LIMIT || this.#isUsual()) return undefined;
    return this.#runs.flatMap(({ size, count }) => new Array<number>(count).fill(size));
  }

  #isUsual(): boolean {
    const usual = getUsualChunkSize(this.#total);
    const runs = this.#runs;
    const whole = Math.floor(this.#total / usual);
    const rest = this.#total % usual;
    const sizes = runs.map(({ size, count }) => `${size}x${count}`).join();
    const expected = [...(whole > 0 ? [`${usual}x${whole}`] : []), ...(rest > 0 ? [`${rest}x1`] : [])].join();
    return sizes === expected;
  }
}

/** The usual chunk size of a body of `total` bytes: one chunk, or Go's copy buffer. */
export function getUsualChunkSize(total: number): number {
  return total <= INLINE_LIMIT ? Math.max(total, 1) : COPY_SIZE;
}
