const NOTHING = Buffer.alloc(0);

/**
 * Bytes that have arrived and not yet been consumed: pushed at the back, taken from the front. Pushing copies
 * nothing; a take that spans several pieces copies once.
 */
export class ByteQueue {
  #pieces: Buffer[] = [];
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The oldest piece as it was pushed, or what is left of it; it stays in the queue. Undefined where nothing is queued. */
  get firstPiece(): Buffer | undefined {
    return this.#pieces[this.#first];
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** Puts bytes back at the front, as if they had not been taken. */
  putBack(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pieces = [bytes, ...this.#pieces.slice(this.#first)];
    this.#first = 0;
    this.#length += bytes.length;
  }

  /** The first `count` bytes, or all there are if fewer; they stay in the queue. */
  peek(count: number = this.#length): Buffer {
    const size = Math.min(count, this.#length);
    if (size === 0) return NOTHING;
    const head = this.#pieces[this.#first] as Buffer;
    if (head.length < size) this.#join(size);
    return (this.#pieces[this.#first] as Buffer).subarray(0, size);
  }

  /** Removes and returns the first `count` bytes, or all there are if fewer. */
  take(count: number = this.#length): Buffer {
    const whole = this.#pieces[this.#first];
    // A piece that leaves as it came needs no view of its own.
    const bytes = whole !== undefined && whole.length === count ? whole : this.peek(count);
    this.drop(bytes.length);
    return bytes;
  }

  /** Removes and returns the oldest piece, no longer than `limit` bytes, without copying. */
  takePiece(limit: number = this.#length): Buffer {
    const head = this.#pieces[this.#first];
    return head === undefined ? NOTHING : this.take(Math.min(head.length, limit));
  }

  drop(count: number): void {
    let left = Math.min(count, this.#length);
    this.#length -= left;
    while (left > 0) {
      const head = this.#pieces[this.#first] as Buffer;
      if (head.length > left) {
        this.#pieces[this.#first] = head.subarray(left);
        break;
      }
      left -= head.length;
      this.#first += 1;
    }
    this.#compact();
  }

  /** Where `needle` first stands, or -1. */
  indexOf(needle: Buffer): number {
    return this.peek().indexOf(needle);
  }

  #join(size: number): void {
    const joined: Buffer[] = [];
    let have = 0;
    while (have < size) {
      const piece = this.#pieces[this.#first] as Buffer;
      joined.push(piece);
      have += piece.length;
      this.#first += 1;
    }
    this.#first -= 1;
    this.#pieces[this.#first] = Buffer.concat(joined, have);
    this.#compact();
  }

  /** Drops the pieces that were taken once they are most of the list, so that each piece is moved at most once. */
  #compact(): void {
    if (this.#first * 2 < this.#pieces.length) return;
    // Almost always one piece was all there was: the list stays, and to set its length would take longer than `pop`.
    if (this.#pieces.length === 1 && this.#first === 1) this.#pieces.pop();
    else if (this.#first > 0) this.#pieces = this.#pieces.slice(this.#first);
    this.#first = 0;
  }
}

/** Cuts `bytes` into pieces of these sizes; the rest is one more piece. */
export function cutIntoPieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return at < bytes.length ? [...pieces, bytes.subarray(at)] : pieces;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes UTF-8; undefined if encoding the text again would give other bytes. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Reads `source` to its end, as one piece. */
export async function joinBytes(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of source) pieces.push(piece);
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}
