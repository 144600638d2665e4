/**
 * The secrets that are known by their value: each has a number, and is looked for wherever it may appear again, in the
 * encodings in which Docker's clients send it. Text is latin1.
 */
import { formatPlaceholder, isPlaceholder } from "./placeholders.ts";
import { listSecretLines } from "./secret-lines.ts";
import type { SecretSpan } from "./secret-span.ts";

/** Shorter values appear in other words by chance: they are blanked in their place only. */
const SHORTEST = 8;
/** A plain word of letters, or a number, is looked for only from this length on: images and users are called `postgres`. */
const SHORTEST_WORD = 12;
const LONGEST = 64 * 1024;
const WORD = /^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+|\d+)$/;
/** Paths and the like stand in other places for themselves. */
const COMMON = /^(?:[/.~][\w./~-]*|true|false|localhost|(?:password|changeme|secret)\d{0,3}|.*\s.{200,})$/i;

/** What is written in the place of a value that is encoded; undefined: the placeholder. */
type Spelling = ((number: number) => string) | undefined;

/** How a value may be encoded where it appears again. */
interface ValueVariant {
  readonly value: string;
  readonly spell: Spelling;
}

/** Whether a value is so particular that it is looked for everywhere. */
export function isDistinctive(value: string): boolean {
  if (value.length < SHORTEST || value.length > LONGEST) return false;
  if (value.length < SHORTEST_WORD && WORD.test(value)) return false;
  return !COMMON.test(value) && !isPlaceholder(value);
}

export class SecretValues {
  readonly #numbers = new Map<string, number>();
  readonly #variants = new Map<string, ValueVariant>();
  readonly #isHunting: boolean;
  readonly #onLiteral: (literal: string) => void;
  #next: number;

  /**
   * @param isHunting whether values are looked for beyond their place
   * @param firstNumber that of the first secret: a cassette that is added to has others already
   * @param onLiteral called with each text that is looked for from now on
   */
  constructor(isHunting: boolean, firstNumber: number, onLiteral: (literal: string) => void) {
    this.#isHunting = isHunting;
    this.#next = firstNumber;
    this.#onLiteral = onLiteral;
  }

  /** How many texts are looked for; it only grows. */
  get size(): number {
    return this.#variants.size;
  }

  /** Whether no value has a number, and none is looked for. */
  get isEmpty(): boolean {
    return this.#numbers.size === 0 && this.#variants.size === 0;
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

  /** Looks for the value from now on, and for those of its lines that are secret alone; each gets a number where it appears. */
  expect(value: string): void {
    if (!this.#isHunting || value.length > LONGEST || this.#variants.has(value)) return;
    if (isDistinctive(value)) this.#lookFor(value);
    for (const line of listSecretLines(value)) if (!this.#variants.has(line)) this.#lookFor(line);
  }

  #lookFor(value: string): void {
    for (const [text, spell] of listEncodings(value)) {
      if (this.#variants.has(text)) continue;
      this.#variants.set(text, { value, spell });
      this.#onLiteral(text);
    }
  }

  /** The span of a text that is looked for, at `start`. */
  toSpan(literal: string, start: number): SecretSpan {
    const { value, spell } = this.#variants.get(literal) as ValueVariant;
    const number = this.number(value);
    const span: SecretSpan = { start, end: start + literal.length, rule: "values" };
    return spell === undefined ? span : { ...span, replacement: spell(number) };
  }
}

type Encoding = readonly [text: string, spelling?: Spelling];

/** The value itself, and its encodings. */
function listEncodings(value: string): readonly Encoding[] {
  const bytes = Buffer.from(value, "latin1");
  const hex = bytes.toString("hex");
  return [
    [value],
    ...listJsonEncodings(value),
    ...listUrlEncodings(bytes),
    ...[0, 1, 2].flatMap((shift) => listBase64(bytes, shift)),
    [hex, () => "0".repeat(hex.length)],
    [hex.toUpperCase(), () => "0".repeat(hex.length)],
  ];
}

/** As strings of JSON have it: of Node and Python, and of Go, which escapes what HTML has. */
function listJsonEncodings(value: string): readonly Encoding[] {
  const plain = JSON.stringify(value).slice(1, -1);
  const go = plain.replace(/[<>&]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
  return [...new Set([plain, go])].filter((text) => text !== value).map((text) => [text]);
}

function listUrlEncodings(bytes: Buffer): readonly Encoding[] {
  const strict = encodeURIComponent(bytes.toString("utf8"));
  const form = strict
    .replace(/%20/g, "+")
    .replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return [...new Set([strict, form, strict.toLowerCase()])]
    .filter((encoded) => encoded.includes("%") && encoded.length >= SHORTEST)
    .map((encoded) => [encoded, (number) => encodeURIComponent(formatPlaceholder(number, "text"))]);
}

/** The digits that depend on the value alone, whatever stands before and behind it; in both alphabets. */
function listBase64(bytes: Buffer, shift: number): readonly Encoding[] {
  const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
  const digits = padded.toString("base64").replace(/=+$/, "");
  const first = Math.ceil((shift * 8) / 6);
  const stable = digits.slice(first, Math.floor((padded.length * 8) / 6));
  if (stable.length < SHORTEST) return [];
  const mask = "REDACTED".repeat(Math.ceil(stable.length / 8)).slice(0, stable.length);
  const url = stable.replace(/\+/g, "-").replace(/\//g, "_");
  return [...new Set([stable, url])].map((text) => [text, () => mask]);
}
