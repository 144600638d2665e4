import { createHash } from "node:crypto";

/**
 * Generates the values that a daemon makes up from a seed. Each kind has a counter of its own: the third container has
 * the same id whether or not a network was created before it.
 */
export class SeededRandom {
  readonly #seed: string;
  readonly #counts = new Map<string, number>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** 64 hexadecimal digits, other ones each time. */
  drawId(kind: string): string {
    return this.#drawBytes(kind).toString("hex");
  }

  /** From 0 up to, but not including, `end`. */
  drawNumber(kind: string, end: number): number {
    return this.#drawBytes(kind).readUIntBE(0, 6) % end;
  }

  /** From 0 up to, but not including, 1. */
  drawFraction(kind: string): number {
    return this.drawNumber(kind, 2 ** 32) / 2 ** 32;
  }

  pick<T>(kind: string, from: readonly T[]): T {
    return from[this.drawNumber(kind, from.length)] as T;
  }

  #drawBytes(kind: string): Buffer {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return createHash("sha256").update(`${this.#seed}\0${kind}\0${count}`).digest();
  }
}
