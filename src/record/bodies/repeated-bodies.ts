import type { DraftTexts, WriteOptions } from "../../cassette/write.ts";
import type { Redactor } from "../../secrets/redactor.ts";

/** In bytes. Longer bodies are rarely equal, and kept in memory for nothing. */
const LONGEST = 16 * 1024;
const MOST = 512 * 1024;

interface KnownBody {
  readonly bytes: Buffer;
  /** The operation that it answered. */
  readonly operation: string;
  /** The redactor's size when it was searched: what has become known since may be in it. */
  readonly knownThen: number;
}

/**
 * The latest bodies without secrets. A client that polls gets the same body again and again, byte for byte, and to search
 * and to spell it takes as long as all the rest of a recorded exchange. What was found of it holds for the next one.
 */
export class RepeatedBodies implements DraftTexts {
  /** For documents that are written while their client waits. */
  readonly asDraft: WriteOptions = { isDraft: true, drafts: this };
  readonly #redactor: Redactor;
  readonly #bySize = new Map<number, KnownBody>();
  /** The spelling of those that came twice. */
  readonly #texts = new Map<Buffer, string | undefined>();
  #total = 0;
  #searchedFrom = 0;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** The body that these pieces are, if it is known to have no secret; else `remember` it when it was searched. */
  find(pieces: readonly Buffer[], size: number, operation: string): Buffer | undefined {
    const known = this.#bySize.get(size);
    this.#searchedFrom = this.#redactor.size;
    if (known?.operation !== operation || known.knownThen !== this.#redactor.size) return undefined;
    if (!isJoined(known.bytes, pieces)) return undefined;
    if (!this.#texts.has(known.bytes)) this.#texts.set(known.bytes, undefined);
    return known.bytes;
  }

  /** It was searched since the latest `find`, and no secret was found. */
  remember(bytes: Buffer, operation: string): void {
    const knownThen = this.#redactor.size;
    // What a function of the user's says today it need not say tomorrow.
    if (bytes.length > LONGEST || knownThen !== this.#searchedFrom || this.#redactor.hasOwnPlaces) return;
    const before = this.#bySize.get(bytes.length);
    if (before === undefined) this.#makeRoom(bytes.length);
    else this.#texts.delete(before.bytes);
    this.#bySize.set(bytes.length, { bytes, operation, knownThen });
  }

  getText(body: Buffer): string | undefined {
    return this.#texts.get(body);
  }

  keepText(body: Buffer, text: string): void {
    if (this.#texts.has(body)) this.#texts.set(body, text);
  }

  #makeRoom(size: number): void {
    this.#total += size;
    if (this.#total <= MOST) return;
    this.#bySize.clear();
    this.#texts.clear();
    this.#total = size;
  }
}

/** Whether `bytes` are these pieces. Their sizes agree. */
function isJoined(bytes: Buffer, pieces: readonly Buffer[]): boolean {
  let at = 0;
  for (const piece of pieces) {
    if (bytes.compare(piece, 0, piece.length, at, at + piece.length) !== 0) return false;
    at += piece.length;
  }
  return true;
}
