/**
 * The shapes of values that a daemon makes anew for each run: ids, times, addresses. A text is cut into these values
 * and what stands between them, so that two texts can be compared without them.
 */

/** `moment`: a time to the second or finer. `digest`: `sha256:` and 64 digits, the id of an image or a layer. */
export type TokenKind = "moment" | "id" | "short-id" | "digest" | "mac" | "address" | "uuid" | "long-word" | "lapse";

export interface ValueToken {
  readonly kind: TokenKind;
  readonly text: string;
}

export interface TokenizedText {
  /** The text with a mark of its kind in the place of each token. */
  readonly skeleton: string;
  readonly tokens: readonly ValueToken[];
}

/** Kinds by which a thing is known wherever it is named. The others tell when and where it was. */
export const IDENTIFYING: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "id",
  "short-id",
  "digest",
  "uuid",
  "long-word",
]);

/** A word may begin behind an escape: the letter of a `\n` in JSON, the digits of a `%22` in a query. */
const BEHIND = String.raw`(?<=^|[^0-9A-Za-z]|\\(?:[bfnrt]|u[0-9a-fA-F]{4})|%[0-9A-F]{2})`;
const BEFORE = "(?![0-9A-Za-z])";
/** Go's zero time is no moment: it says that nothing has happened yet. */
const SHAPES: readonly (readonly [TokenKind, string])[] = [
  [
    "moment",
    String.raw`(?!0001-01-01T)\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d| [+-]\d{4} [A-Z]+)?`,
  ],
  ["digest", `sha256:[0-9a-f]{64}${BEFORE}`],
  ["id", `[0-9a-f]{64}${BEFORE}`],
  ["uuid", `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}${BEFORE}`],
  ["short-id", `(?=[0-9a-f]*[0-9])[0-9a-f]{12}${BEFORE}`],
  ["mac", `(?:[0-9a-f]{2}:){5}[0-9a-f]{2}${BEFORE}`],
  ["address", String.raw`(?:10|127|172|192)(?:\.\d{1,3}){3}(?![0-9.])`],
  // The ids of swarm and of BuildKit: base 36, 25 digits.
  ["long-word", `(?=[a-z]*[0-9])(?=[0-9]*[a-z])[a-z0-9]{25}${BEFORE}`],
  ["lapse", `(?:Less than a second|About an? (?:minute|hour)|\\d+ (?:second|minute|hour)s?)${BEFORE}`],
];
const TOKEN = new RegExp(`${BEHIND}(?:${SHAPES.map(([, shape]) => `(${shape})`).join("|")})`, "g");
/** `1 hour` is a token, and none is shorter. */
const LEAST_LENGTH = 6;
/** The name that the daemon gives a container without one (moby, pkg/namesgenerator). */
const GENERATED_NAME = /^[a-z]+_[a-z]+\d?$/;

/** Whether the whole text is one token. */
export function isToken(text: string): boolean {
  return text.length >= LEAST_LENGTH && tokenizeText(text).tokens[0]?.text === text;
}

/** Whether it may be a name that a daemon made up: `quirky_noether3`. */
export function isGeneratedName(name: string): boolean {
  return GENERATED_NAME.test(name);
}

export function tokenizeText(text: string): TokenizedText {
  if (text.length < LEAST_LENGTH) return { skeleton: text, tokens: [] };
  const tokens: ValueToken[] = [];
  const skeleton = text.replace(TOKEN, (token, ...groups: (string | undefined)[]) => {
    const kind = (SHAPES[groups.findIndex((group) => group !== undefined)] as (typeof SHAPES)[number])[0];
    tokens.push({ kind, text: token });
    return `\u0001${kind}\u0001`;
  });
  return { skeleton, tokens };
}

/** The text with each value of these shapes replaced by what `replace` returns for it. */
export function replaceTokens(text: string, replace: (token: string) => string): string {
  return text.length < LEAST_LENGTH ? text : text.replace(TOKEN, (token) => replace(token));
}

/** A moment as JSON's number: seconds, milliseconds or finer, from 2014 to 2033. */
export function isUnixTime(value: number): boolean {
  const [seconds] = [1, 1e3, 1e6, 1e9].map((unit) => value / unit).filter((each) => each >= 1.4e9 && each < 2e9);
  return seconds !== undefined;
}
