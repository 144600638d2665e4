/**
 * The secrets that are known by their value: each has a number, and is looked for wherever it may appear again, in the
 * encodings in which Docker's clients send it. Text is latin1.
 */
import { formatPlaceholder, isPlaceholder } from "./placeholders.ts";
import type { SecretSpan } from "./secret-span.ts";

/** Shorter values appear in other words by chance: they are blanked in their place only. */
const SHORTEST = 8;
/** A plain word of letters, or a number, is looked for only from this length on: images and users are called `postgres`. */
const SHORTEST_WORD = 12;
const WORD = /^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+|\d+)$/;
/** Paths and the like stand in other places for themselves. */
const COMMON = /^(?:[/.~][\w./~-]*|true|false|localhost|(?:password|changeme|secret)\d{0,3}|.*\s.{200,})$/i;

/** How a value may be encoded where it appears again. */
export interface ValueVariant {
  readonly value: string;
  /** What is written in its place; undefined: the placeholder. */
  readonly replacement?: string;
}

/** Whether a value is so particular that it is looked for everywhere. */
export function isDistinctive(value: string): boolean {
  if (value.length < SHORTEST || value.length > 64 * 1024) return false;
  if (value.length < SHORTEST_WORD && WORD.test(value)) return false;
  return !COMMON.test(value) && !isPlaceholder(value);
}

export class SecretValues {
  readonly #numbers = new Map<string, number>();
  readonly #variants = new Map<string, ValueVariant>();
  readonly #isHunting: boolean;
  #next: number;

  /**
   * @param isHunting whether values are looked for beyond their place
   * @param firstNumber that of the first secret: a cassette that is added to has others already
   */
  constructor(isHunting: boolean, firstNumber: number) {
    this.#isHunting = isHunting;
    this.#next = firstNumber;
  }

  /** How many texts are looked for; it only grows. */
  get size(): number {
    return this.#variants.size;
  }

  /** The texts that are looked for. */
  get literals(): Iterable<string> {
    return this.#variants.keys();
  }

  /** What is known by its value, without encodings. */
  get known(): ReadonlySet<string> {
    return new Set([...this.#variants.values()].map(({ value }) => value));
  }

  /** The number of a secret; it is looked for from now on. */
  number(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#next++;
    this.#numbers.set(value, number);
    this.expect(value);
    return number;
  }

  /** Looks for the value from now on; it gets a number where it appears. */
  expect(value: string): void {
    if (!this.#isHunting || !isDistinctive(value) || this.#variants.has(value)) return;
    for (const [text, replacement] of listEncodings(value)) {
      if (!this.#variants.has(text))
        this.#variants.set(text, { value, ...(replacement === undefined ? {} : { replacement }) });
    }
  }

  /** The span of a text that is looked for, at `start`. */
  toSpan(literal: string, start: number): SecretSpan {
    const { value, replacement } = this.#variants.get(literal) as ValueVariant;
    const number = this.number(value);
    const end = start + literal.length;
    if (literal !== value && replacement === undefined)
      return { start, end, rule: "values", replacement: encodeURIComponent(formatPlaceholder(number, "text")) };
    return { start, end, rule: "values", ...(replacement === undefined ? {} : { replacement }) };
  }
}

/** The value itself, and its encodings, each with what stands for it; the others get the placeholder. */
function listEncodings(value: string): (readonly [text: string, replacement?: string])[] {
  const bytes = Buffer.from(value, "latin1");
  const hex = bytes.toString("hex");
  return [
    [value],
    ...listUrlEncodings(bytes),
    ...[0, 1, 2].flatMap((shift) => listBase64(bytes, shift)),
    [hex, "0".repeat(hex.length)],
    [hex.toUpperCase(), "0".repeat(hex.length)],
  ];
}

function listUrlEncodings(bytes: Buffer): (readonly [string])[] {
  const strict = encodeURIComponent(bytes.toString("utf8"));
  const form = strict
    .replace(/%20/g, "+")
    .replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return [...new Set([strict, form, strict.toLowerCase()])]
    .filter((encoded) => encoded.includes("%") && encoded.length >= SHORTEST)
    .map((encoded) => [encoded] as const);
}

/** The digits that depend on the value alone, whatever stands before and behind it; in both alphabets. */
function listBase64(bytes: Buffer, shift: number): (readonly [string, string])[] {
  const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
  const digits = padded.toString("base64").replace(/=+$/, "");
  const first = Math.ceil((shift * 8) / 6);
  const stable = digits.slice(first, Math.floor((padded.length * 8) / 6));
  if (stable.length < SHORTEST) return [];
  const mask = "REDACTED".repeat(Math.ceil(stable.length / 8)).slice(0, stable.length);
  const url = stable.replace(/\+/g, "-").replace(/\//g, "_");
  return [...new Set([stable, url])].map((text) => [text, mask] as const);
}
