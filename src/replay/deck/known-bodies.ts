import type { NormalizedBody } from "../../match/normalize/normalize-body.ts";

/** In bytes. Longer bodies are not remembered by their bytes. */
const LONGEST = 64 * 1024;
/** Bodies of one operation and length that differ only where no sample is taken: more of them are parsed each time. */
const MOST_ALIKE = 8;
const SAMPLES = 64;

interface KnownBody {
  readonly operation: string;
  readonly bytes: Buffer;
  readonly normalized: NormalizedBody;
}

/**
 * Recorded bodies by their bytes: a client that sends what was recorded is the usual case. A hash of all bytes, or a text
 * of them as a key, takes longer than the rest of the answer; a few samples find the candidate, and one comparison of
 * memory confirms it.
 */
export class KnownBodies {
  readonly #known = new Map<number, KnownBody[]>();

  find(operation: string, bytes: Buffer): NormalizedBody | undefined {
    const alike = this.#known.get(sampleBytes(bytes));
    if (alike === undefined) return undefined;
    for (const known of alike) {
      if (known.operation === operation && known.bytes.equals(bytes)) return known.normalized;
    }
    return undefined;
  }

  add(known: KnownBody): void {
    if (known.bytes.length > LONGEST) return;
    const key = sampleBytes(known.bytes);
    const alike = this.#known.get(key);
    if (alike === undefined) this.#known.set(key, [known]);
    else if (alike.length < MOST_ALIKE) alike.push(known);
  }
}

/** FNV-1a over bytes at equal distances, and the length. */
function sampleBytes(bytes: Buffer): number {
  const { length } = bytes;
  const step = Math.max(1, Math.floor(length / SAMPLES));
  let hash = length;
  for (let at = length - 1; at >= 0; at -= step) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}
