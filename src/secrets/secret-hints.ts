/**
 * Tells at a glance whether JSON may have a secret that its place gives away. Most has none, and is neither parsed nor
 * changed. Whatever a place rule finds, a hint shows; the reverse is not so.
 */
import { makeOnce } from "../base/make-once.ts";
import { addToTrigram, createTrigramTable, readLatin1 } from "./literal-finder.ts";
import { PROGRAM_HINTS } from "./program-secrets.ts";
import { NAME_ENDS, NAME_PARTS } from "./secret-names.ts";

/** A letter or digit that is escaped hides names; so does the slash of a URL. Go escapes `<`, `>` and `&` only. */
const HIDDEN = /\\(?:u00(?!3[ceCE]|26)|\/)/;
/**
 * A string that is base64 as a whole. Ids and digests are hexadecimal; what begins with a slash is a path. `{24}` and
 * `*`: see redactor.ts.
 */
const BASE64_STRING = /[:[,]\s?"(?!\/|[0-9a-f]+")[A-Za-z0-9+/_-]{24}[A-Za-z0-9+/_-]*={0,2}"/;
/** dockerd says these in each inspection. */
const HARMLESS = '(?!(?<="Sandbox)Key":)(?!(?<="/proc/)keys")';
/** Words of two letters, and curl's flag for `user:password`. */
const SHORT_HINT = /[pP](?:w(?![a-z0-9])|W(?![A-Za-z0-9]))|-[uU](?![A-Za-z])|[^A-Za-z]7z[" ]/;
const LONG_ENDS = [...NAME_ENDS.filter((word) => word.length > 2), "-user", "-proxy-user"];
/** The bit by which small letters differ from capital ones. */
const SMALL = 0x20;

/** The words that hint, and their beginnings, which are looked up first. */
const getHints = makeOnce(() => ({
  pattern: new RegExp(
    `${[...NAME_PARTS, ...PROGRAM_HINTS].map(toAnyCase).join("|")}|${HARMLESS}(?:${LONG_ENDS.map(toWordEnd).join("|")})`,
    "y",
  ),
  beginnings: createBeginnings([...NAME_PARTS, ...PROGRAM_HINTS, ...LONG_ENDS]),
}));

/** Whether escapes hide what the text shows. */
export function hasHiddenText(json: string): boolean {
  return HIDDEN.test(json);
}

/** Whether a name in the text may tell, or a string hide its bytes in base64. */
export function hasSecretHint(json: string): boolean {
  return SHORT_HINT.test(json) || BASE64_STRING.test(json) || hasLongHint(json);
}

/** A regular expression alone takes ten times as long. */
function hasLongHint(json: string): boolean {
  const bytes = readLatin1(json);
  const { pattern, beginnings } = getHints();
  let trigram = 0;
  for (let at = 0; at < json.length; at += 1) {
    trigram = addToTrigram(trigram, (bytes[at] as number) | SMALL);
    if (beginnings[trigram] === 1 && at >= 2 && isHintAt(json, at - 2, pattern)) return true;
  }
  return false;
}

function isHintAt(json: string, at: number, pattern: RegExp): boolean {
  pattern.lastIndex = at;
  return pattern.test(json);
}

function createBeginnings(words: readonly string[]): Uint8Array {
  const table = createTrigramTable();
  for (const word of words) {
    const codes = [...word.slice(0, 3)].map((letter) => letter.charCodeAt(0) | SMALL);
    table[codes.reduce(addToTrigram, 0)] = 1;
  }
  return table;
}

function toAnyCase(word: string): string {
  return [...word].map((letter) => `[${letter}${letter.toUpperCase()}]`).join("");
}

/** The word at the end of one: `apiKey`, `API_KEY`, `keyFile`, and not `keyboard`. */
function toWordEnd(word: string): string {
  const last = word.at(-1) ?? "";
  return `${toAnyCase(word.slice(0, -1))}(?:${last}(?![a-z0-9])|${last.toUpperCase()}(?![A-Za-z0-9]))`;
}
