/** Backslash sequences of `printf` and `echo -e`. Texts are strings of bytes: a character for each byte. */

const LETTERS: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};
/** An octal number has no more than a byte's bits: `\400` is `\40` and `0`. */
const SEQUENCE = /\\(?:x([0-9a-fA-F]{1,2})|([0-3]?[0-7]{1,2})|([\s\S]))/g;
/** In a word a `0` may precede the three digits: `\0101`. */
const SEQUENCE_OF_WORD = /\\(?:x([0-9a-fA-F]{1,2})|(0[0-3]?[0-7]{1,2}|[0-3]?[0-7]{1,2})|([\s\S]))/g;

export interface UnescapedText {
  readonly text: string;
  /** The text has a `\c`, which ends all output. */
  readonly isCut: boolean;
}

export function toByteString(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

export function fromByteString(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** @param kind `format`: the first word of `printf`; `word`: what `%b` and `echo -e` print */
export function resolveEscapes(text: string, kind: "format" | "word"): UnescapedText {
  let isCut = false;
  let result = "";
  let end = 0;
  for (const match of text.matchAll(kind === "word" ? SEQUENCE_OF_WORD : SEQUENCE)) {
    const [whole, hex, octal, letter = ""] = match;
    result += text.slice(end, match.index);
    end = match.index + whole.length;
    if (letter === "c") {
      isCut = true;
      end = text.length;
      break;
    }
    if (hex !== undefined) result += String.fromCharCode(Number.parseInt(hex, 16));
    else if (octal !== undefined) result += String.fromCharCode(Number.parseInt(octal, 8));
    else result += LETTERS[letter] ?? whole;
  }
  return { text: result + text.slice(end), isCut };
}
