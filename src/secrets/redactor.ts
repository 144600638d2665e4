/**
 * Takes secrets out of text: by their place, by the text around them, by their shape, and by their value once it was
 * seen in a secret place. It remembers each secret and its number, for as long as a recording lasts. Text is latin1.
 */
import { LiteralFinder } from "./literal-finder.ts";
import { findNamedSecrets } from "./named-secrets.ts";
import { decodePercent } from "./percent.ts";
import { isTellingPlace, PLACE_RULES, type PlaceRule, type SecretPlace } from "./place-rules.ts";
import { formatMask, formatPlaceholder, hasPlaceholder, isPlaceholder, locatePlaceholders } from "./placeholders.ts";
import { type RedactionInput, type RedactionRules, resolveRedaction } from "./redaction-rules.ts";
import type { RedactionRule } from "./rule-names.ts";
import { isSecretName } from "./secret-names.ts";
import { type ScannerOptions, SecretScanner } from "./secret-scanner.ts";
import { coverAll, type SecretSpan, sortSpans } from "./secret-span.ts";
import { SecretValues } from "./secret-values.ts";
import { AUTHORIZATION_ANCHORS, findAuthorization, findUserinfo, URL_ANCHOR } from "./text-secrets.ts";
import { matchShape, SHAPE_OF, type TokenShape } from "./token-shapes.ts";

export interface RedactorOptions {
  /** Rules of one's own, and switches. @default none */
  readonly rules?: readonly RedactionInput[];
  /** The recorder's environment: the values of variables whose name tells are looked for. @default none */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The number of the first secret. @default 1 */
  readonly firstNumber?: number;
}

/** Base64 of fewer characters holds no secret that is looked for. */
const SHORTEST_BASE64 = 24;
/** Not `{24,}`: V8 runs out of stack in it over some five million characters, and in `*` it does not. */
const BASE64 = /^[A-Za-z0-9+/_-]{24}[A-Za-z0-9+/_-]*={0,2}$/;
/** Ids and digests. */
const HEX = /^[0-9a-f]+$/;

export class Redactor {
  readonly rules: RedactionRules;
  readonly #placeRules: readonly PlaceRule[];
  readonly #values: SecretValues;
  readonly #literals: LiteralFinder;

  constructor({ rules = [], env = {}, firstNumber = 1 }: RedactorOptions = {}) {
    this.rules = resolveRedaction(rules);
    this.#placeRules = PLACE_RULES.filter(({ name }) => this.rules.isOn(name));
    this.#literals = new LiteralFinder(this.#listAnchors());
    const onLiteral = (literal: string): void => this.#literals.add(literal);
    this.#values = new SecretValues(this.rules.isOn("values"), firstNumber, onLiteral);
    if (!this.rules.isOn("recorder-env")) return;
    for (const [name, value = ""] of Object.entries(env)) if (isSecretName(name)) this.expect(value);
  }

  /** How many values are looked for; it only grows. */
  get size(): number {
    return this.#values.size;
  }

  /** Whether it has seen no secret: the first one gets the first number. */
  get isUnused(): boolean {
    return this.#values.isEmpty;
  }

  /** Whether a key or a function of the user's may name any place. */
  get hasOwnPlaces(): boolean {
    return this.rules.keys.size > 0 || this.rules.functions.length > 0;
  }

  /** The values that are looked for, without encodings. */
  get known(): ReadonlySet<string> {
    return this.#values.known;
  }

  /** Looks for the value from now on. */
  expect(value: string): void {
    this.#values.expect(value);
  }

  /** Looks for the content of a secret file, and for the settings in it whose names tell. */
  expectContent(content: string): void {
    this.expect(content.trim());
    for (const { start, end } of findNamedSecrets(content)) this.expect(content.slice(start, end));
  }

  /** The text without its secrets. */
  redactText(text: string): string {
    return this.#apply(text, sortSpans(this.findInText(text)));
  }

  /**
   * The value of a place without its secrets; undefined where it has none.
   * @param isQuiet as for `findInPlace`
   */
  redactPlace(place: SecretPlace, isQuiet = false): string | undefined {
    const spans = this.findInPlace(place, isQuiet);
    if (spans.length > 0) return this.#apply(place.value, spans);
    const isEncoded = place.value.length >= SHORTEST_BASE64 && BASE64.test(place.value) && !HEX.test(place.value);
    return isEncoded ? this.#redactBase64(place.value) : undefined;
  }

  /**
   * The secrets of a value, in order.
   * @param isQuiet whether the text around it is known to have nothing that a text itself shows
   */
  findInPlace(place: SecretPlace, isQuiet = false): readonly SecretSpan[] {
    if (place.value === "" || isPlaceholder(place.value)) return [];
    const spans = this.#findOwn(place);
    if (spans.length > 0) return spans;
    if (isTellingPlace(place))
      for (const rule of this.#placeRules) for (const span of rule.find(place)) spans.push(span);
    if (!isQuiet) for (const span of this.findInText(place.value)) spans.push(span);
    return spans.length === 0 ? spans : sortSpans(this.#withoutPlaceholders(spans, place.value));
  }

  /** The secrets that the text itself shows, whatever its place. */
  findInText(text: string): SecretSpan[] {
    const spans: SecretSpan[] = [];
    this.#literals.find(text, (literal, at) => spans.push(...this.#findAt(text, literal, at)));
    for (const pattern of this.rules.patterns) {
      for (const match of text.matchAll(pattern))
        spans.push({ start: match.index, end: match.index + match[0].length, rule: "own" });
    }
    return spans.length === 0 ? spans : this.#withoutPlaceholders(spans, text);
  }

  /** The same text with masks of the same length: for what counts its lengths. */
  maskText(text: string): string {
    const spans = sortSpans(this.findInText(text));
    return spans.length === 0 ? text : replaceSpans(text, spans, (span, secret) => this.#mask(span, secret));
  }

  maskBytes(bytes: Buffer): Buffer {
    const text = bytes.toString("latin1");
    const masked = this.maskText(text);
    return masked === text ? bytes : Buffer.from(masked, "latin1");
  }

  /** The beginning of a text that goes on, with masks: as far as `limit`, or less where a secret crosses it. */
  maskStart(text: string, limit: number): string {
    const spans = sortSpans(this.findInText(text));
    const end = spans.find((span) => span.start < limit && span.end > limit)?.start ?? limit;
    const whole = spans.filter((span) => span.end <= end);
    return replaceSpans(text.slice(0, end), whole, (span, secret) => this.#mask(span, secret));
  }

  /**
   * The text of a whole document without what became known after it was written. Lengths stay: they may stand beside it.
   * @param document plain text, not latin1
   */
  maskKnown(document: string): string {
    const text = Buffer.from(document).toString("latin1");
    const masked = this.#maskValues(text);
    return masked === text ? document : Buffer.from(masked, "latin1").toString();
  }

  #maskValues(text: string): string {
    const spans = this.findInText(text).filter(({ rule }) => rule === "values" || rule === "tokens" || rule === "own");
    return replaceSpans(text, sortSpans(spans), (span, secret) => this.#mask(span, secret));
  }

  /** Looks for what is known by now, and for all shapes, whatever rules are on. */
  createScanner(options: Pick<ScannerOptions, "findsNamed"> = {}): SecretScanner {
    return new SecretScanner({ values: this.#values.literals, patterns: this.rules.patterns, ...options });
  }

  /** What stands in the place of a secret. */
  replace(span: SecretSpan, secret: string): string {
    if (span.replacement !== undefined) return span.replacement;
    if (span.format === "base64") return this.#replaceEncoded(secret);
    if (span.format === "url") this.expect(decodePercent(secret));
    return formatPlaceholder(this.#values.number(secret), span.format ?? "text");
  }

  /** Bytes that were stored, and the text that is read from them again, are one secret. Files end with a line's end. */
  #replaceEncoded(secret: string): string {
    const content = Buffer.from(secret, "base64").toString("latin1");
    this.expectContent(content);
    this.expect(secret);
    return formatPlaceholder(this.#values.number(content.trim() || secret), "base64");
  }

  #mask(span: SecretSpan, secret: string): string {
    if (span.replacement?.length === secret.length) return span.replacement;
    return formatMask(this.#values.number(secret), secret.length);
  }

  #apply(text: string, spans: readonly SecretSpan[]): string {
    if (spans.length === 0) return text;
    return replaceSpans(text, spans, (span, secret) => this.replace(span, secret));
  }

  /** Bytes that are encoded keep their length, because their own lengths may be counted within (protobuf). */
  #redactBase64(value: string): string | undefined {
    const bytes = Buffer.from(value, "base64");
    const masked = this.maskBytes(bytes);
    if (masked.equals(bytes)) return undefined;
    const encoded = masked.toString(/[-_]/.test(value) ? "base64url" : "base64");
    return value.endsWith("=") ? encoded : encoded.replace(/=+$/, "");
  }

  #findOwn({ path, value, operation }: SecretPlace): SecretSpan[] {
    if (!this.hasOwnPlaces) return [];
    const { keys, functions } = this.rules;
    if (functions.some((isSecret) => isSecret({ path: [...path], value, operation }))) return coverAll(value, "own");
    if (keys.size === 0) return [];
    if ([path.at(-1) ?? "", path.join(".")].some((key) => keys.has(key.toLowerCase()))) return coverAll(value, "own");
    const equals = value.indexOf("=");
    const isSetting = equals > 0 && keys.has(value.slice(0, equals).toLowerCase());
    return isSetting ? [{ start: equals + 1, end: value.length, rule: "own" }] : [];
  }

  #findAt(text: string, literal: string, at: number): SecretSpan[] {
    if (literal === URL_ANCHOR) return findUserinfo(text, at);
    if (AUTHORIZATION_ANCHORS.includes(literal)) return findAuthorization(text, at);
    const shape = SHAPE_OF.get(literal);
    if (shape === undefined) return [this.#values.toSpan(literal, at)];
    return findShape(text, at, shape);
  }

  #listAnchors(): string[] {
    const anchors: readonly (readonly [RedactionRule, Iterable<string>])[] = [
      ["urls", [URL_ANCHOR]],
      ["authorization", AUTHORIZATION_ANCHORS],
      ["tokens", SHAPE_OF.keys()],
    ];
    return anchors.flatMap(([rule, literals]) => (this.rules.isOn(rule) ? [...literals] : []));
  }

  #withoutPlaceholders(spans: readonly SecretSpan[], text: string): SecretSpan[] {
    const others = spans.filter(({ start, end }) => end > start && !isPlaceholder(text.slice(start, end)));
    return others.length === 0 || !hasPlaceholder(text) ? others : withoutCutPlaceholders(others, text);
  }
}

/** What begins within a placeholder is none: `-U me%<redacted:1>` is searched again, and its colon parts no user from a password. */
function withoutCutPlaceholders(spans: readonly SecretSpan[], text: string): SecretSpan[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const placeholders = locatePlaceholders(text);
  let at = 0;
  return sorted.filter(({ start }) => {
    while (at < placeholders.length && (placeholders[at]?.end ?? 0) <= start) at += 1;
    return start <= (placeholders[at]?.start ?? start);
  });
}

function findShape(text: string, at: number, shape: TokenShape): SecretSpan[] {
  const range = matchShape(text, at, shape);
  if (range === undefined) return [];
  const format =
    shape.name === "swarm join token" ? "join-token" : shape.name === "swarm unlock key" ? "unlock-key" : "text";
  return [{ ...range, rule: "tokens", format }];
}

/** The text with each span replaced. Spans are in order and apart. */
export function replaceSpans(
  text: string,
  spans: readonly SecretSpan[],
  replace: (span: SecretSpan, secret: string) => string,
): string {
  const pieces: string[] = [];
  let at = 0;
  for (const span of spans) {
    pieces.push(text.slice(at, span.start), replace(span, text.slice(span.start, span.end)));
    at = span.end;
  }
  return pieces.join("") + text.slice(at);
}
