/**
 * Tells at a glance whether JSON may have a secret that its place gives away. Most has none, and is neither parsed nor
 * changed. Whatever a place rule finds, a hint shows; the reverse is not so.
 */
import { makeOnce } from "../base/make-once.ts";
import { addToTrigram, createTrigramTable, readLatin1 } from "./literal-finder.ts";
import { PROGRAM_HINTS } from "./secret-arguments.ts";
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
/** What parts words: blanks, and the quotes of a list, which may be escaped; so may a tab and a newline. */
const GAP = "(?:[\\s\"',]|\\\\[nrt]?)";
/** Where a word begins. */
const WORD_START = "(?:(?<![A-Za-z0-9_.-])|(?<=\\\\[nrt]))";
/** Words of two letters, and curl's flag for `user:password`, also in one word, as other programs spell it. A rare letter first. */
const SHORT_HINT = new RegExp(
  `[pP](?:w(?![a-z0-9])|W(?![A-Za-z0-9]))|-[uU](?![A-Za-z])|-(?<=${WORD_START}-)[A-Za-z0-9#]{0,8}[uUaAP]${GAP}{0,40}[^\\s,:]{1,64}:`,
);
const LONG_ENDS = [...NAME_ENDS.filter((word) => word.length > 2), "-user", "-proxy-user"];
/** The bit by which small letters differ from capital ones. */
const SMALL = 0x20;

/** The words that hint, and their beginnings, which are looked up first. */
const getHints = makeOnce(() => {
  const hints = [
    ...NAME_PARTS.map((word) => ({ word, source: toAnyCase(word) })),
    ...LONG_ENDS.map((word) => ({ word, source: `${HARMLESS}${toWordEnd(word)}` })),
    ...PROGRAM_HINTS.flatMap(listProgramHints),
  ];
  const byStart = new Map<number, string[]>();
  for (const { word, source } of hints) {
    const start = toTrigram(word);
    byStart.set(start, [...(byStart.get(start) ?? []), source]);
  }
  const table = createTrigramTable();
  const patterns = [...byStart].map(([start, sources], at) => {
    table[start] = at + 1;
    return new RegExp(sources.join("|"), "y");
  });
  return { table, patterns };
});

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
  const { table, patterns } = getHints();
  let trigram = 0;
  for (let at = 0; at < json.length; at += 1) {
    trigram = addToTrigram(trigram, (bytes[at] as number) | SMALL);
    const pattern = table[trigram] as number;
    if (pattern !== 0 && at >= 2 && isHintAt(json, at - 2, patterns[pattern - 1] as RegExp)) return true;
  }
  return false;
}

function isHintAt(json: string, at: number, pattern: RegExp): boolean {
  pattern.lastIndex = at;
  return pattern.test(json);
}

function toTrigram(word: string): number {
  return [...word.slice(0, 3)].map((letter) => letter.charCodeAt(0) | SMALL).reduce(addToTrigram, 0);
}

/** A program's name is a word of its own. */
function listProgramHints(hint: string): readonly { word: string; source: string }[] {
  const source = [...hint].map((letter) => (letter === " " ? `${GAP}{1,40}` : toAnyCase(letter))).join("");
  const end = hint.includes(" ") ? "" : "(?=[\\s\"'\\\\]|\\.exe|$)";
  const isShort = hint.length === 2 || hint[2] === " ";
  const starts = isShort ? [..." \t\n\"'\\"].map((letter) => `${hint.slice(0, 2)}${letter}`) : [hint];
  return starts.map((word) => ({ word, source: `${WORD_START}${source}${end}` }));
}

function toAnyCase(word: string): string {
  return [...word]
    .map((letter) =>
      /[a-z]/.test(letter)
        ? `[${letter}${letter.toUpperCase()}]`
        : `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
    )
    .join("");
}

/** The word at the end of one: `apiKey`, `API_KEY`, `keyFile`, and not `keyboard`. */
function toWordEnd(word: string): string {
  const last = word.at(-1) ?? "";
  return `${toAnyCase(word.slice(0, -1))}(?:${last}(?![a-z0-9])|${last.toUpperCase()}(?![A-Za-z0-9]))`;
}
