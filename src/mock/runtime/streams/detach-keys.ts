/** The keys that detach a client from a container (moby/term, ascii.go, proxy.go). */
import { badParameter } from "../../model/api-error.ts";

const CONTROL_BYTES: Readonly<Record<string, number>> = { "@": 0, "[": 27, "\\": 28, "]": 29, "^": 30, _: 31 };
const DEFAULT_KEYS = Buffer.of(16, 17);

/** Parses `ctrl-a,d` into bytes. An empty text means `ctrl-p,ctrl-q`. @throws ApiError 400 */
export function parseDetachKeys(text: string): Buffer {
  if (text === "") return DEFAULT_KEYS;
  return Buffer.from(text.split(",").map(toByte));
}

function toByte(word: string): number {
  if (word.length === 1) return word.charCodeAt(0);
  const key = /^ctrl-(.)$/i.exec(word)?.[1] ?? "";
  const code = /^[a-z]$/i.test(key) ? key.toLowerCase().charCodeAt(0) - 96 : CONTROL_BYTES[key];
  if (code === undefined) throw badParameter(`Invalid detach keys (${word}) provided`);
  return code;
}

/** Looks for the keys in the input, and holds back bytes that may begin them. */
export class DetachDetector {
  readonly #keys: Buffer;
  #matched = 0;

  constructor(keys: Buffer) {
    this.#keys = keys;
  }

  /** The input to pass on. `isDetached` after the last of the keys. */
  push(bytes: Buffer): { readonly typed: Buffer; readonly isDetached: boolean } {
    const typed: number[] = [];
    for (const byte of bytes) {
      if (byte === this.#keys[this.#matched]) {
        this.#matched += 1;
        if (this.#matched === this.#keys.length) return { typed: Buffer.from(typed), isDetached: true };
      } else {
        typed.push(...this.#keys.subarray(0, this.#matched), byte);
        this.#matched = 0;
      }
    }
    return { typed: Buffer.from(typed), isDetached: false };
  }
}
