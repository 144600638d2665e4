/**
 * Memory for long texts that are written one after the other. V8 counts memory outside of its heap, and for each 64 MB that
 * were made of it marks the whole heap: lists of ten thousand members, each in memory of its own, cost more in marks than in
 * encoding.
 */

/** A character of a string is at most three bytes of UTF-8. */
const MOST_BYTES = 3;
const FIRST_SIZE = 16 * 1024;
/** More is not kept between two texts. */
const MOST_KEPT = 16 * 1024 * 1024;

/** A text that is appended to, as bytes. */
export class GrowingText {
  #memory = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #length = 0;

  /** Valid until the text is cleared. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  get capacity(): number {
    return this.#memory.length;
  }

  append(text: string): void {
    this.#makeRoom(text.length * MOST_BYTES);
    this.#length += this.#memory.write(text, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #makeRoom(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#memory.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#memory.length));
    this.#memory.copy(larger, 0, 0, this.#length);
    this.#memory = larger;
  }
}

/** Keeps the memory of one text for the next. Texts that are alive at the same time have memory of their own. */
export class TextMemory {
  #spare: GrowingText | undefined;

  /** An empty text. */
  take(): GrowingText {
    const text = this.#spare ?? new GrowingText();
    this.#spare = undefined;
    return text;
  }

  /** To be called when nothing refers to the bytes of the text any more. */
  giveBack(text: GrowingText): void {
    if (text.capacity > MOST_KEPT) return;
    text.clear();
    this.#spare = text;
  }
}
