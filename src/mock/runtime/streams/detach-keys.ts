/** The keys with which a person leaves a container that goes on (moby/term, ascii.go, proxy.go). */
import { badParameter } from "../../model/api-error.ts";

const NAMED: Readonly<Record<string, number>> = { "@": 0, "[": 27, "\\": 28, "]": 29, "^": 30, _: 31 };
const DEFAULT = Buffer.of(16, 17);

/** `ctrl-a,d` as bytes. @throws Refusal 400 */
export function detachKeysOf(text: string): Buffer {
  if (text === "") return DEFAULT;
  return Buffer.from(text.split(",").map(byteOf));
}

function byteOf(word: string): number {
  if (word.length === 1) return word.charCodeAt(0);
  const key = /^ctrl-(.)$/i.exec(word)?.[1] ?? "";
  const code = /^[a-z]$/i.test(key) ? key.toLowerCase().charCodeAt(0) - 96 : NAMED[key];
  if (code === undefined) throw badParameter(`Invalid detach keys (${word}) provided`);
  return code;
}

/** Looks for the keys in what is typed, and holds back what may be the beginning of them. */
export class DetachWatch {
  readonly #keys: Buffer;
  #matched = 0;

  constructor(keys: Buffer) {
    this.#keys = keys;
  }

  /** What may be handed on; `isDetached` once the keys were typed. */
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
