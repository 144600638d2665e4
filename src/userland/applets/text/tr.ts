/** `tr`: characters for others. They are bytes. */
import type { Program } from "../../process/process.ts";
import { expectWords } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";
import { resolveEscapes, toByteString } from "./escapes.ts";

const SETS: Readonly<Record<string, string>> = {
  "[:upper:]": "A-Z",
  "[:lower:]": "a-z",
  "[:digit:]": "0-9",
  "[:alpha:]": "A-Za-z",
  "[:alnum:]": "0-9A-Za-z",
  "[:space:]": "\t\n\v\f\r ",
  "[:blank:]": "\t ",
  "[:cntrl:]": "\0-\x1f\x7f",
  "[:punct:]": "!-/:-@[-`{-~",
  "[:xdigit:]": "0-9A-Fa-f",
};

export const tr: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "Ccds", { stopsAtWord: true });
  expectWords(words, 1, 2);
  const [first = [], second = []] = words.map(expandSet);
  const isOthers = flags.has("c") || flags.has("C");
  const isIn = (character: string): boolean => first.includes(character) !== isOthers;
  const isSqueezed = (character: string): boolean =>
    flags.has("s") && (second.length > 0 ? second.includes(character) : isIn(character));
  let last = "";
  for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) {
    let text = "";
    for (const character of bytes.toString("latin1")) {
      if (flags.has("d") && isIn(character)) continue;
      const other = flags.has("d") ? character : translateCharacter(character, first, second, isOthers);
      if (other !== last || !isSqueezed(other)) text += other;
      last = other;
    }
    await self.writeStdout(Buffer.from(text, "latin1"));
  }
  return 0;
};

/** The last letter of the second set stands for those that it lacks. */
function translateCharacter(
  character: string,
  from: readonly string[],
  to: readonly string[],
  isOthers: boolean,
): string {
  const at = from.lastIndexOf(character);
  if (to.length === 0 || (at === -1) !== isOthers) return character;
  return to[isOthers ? to.length - 1 : Math.min(at, to.length - 1)] as string;
}

function expandSet(set: string): string[] {
  const plain = toByteString(set).replace(/\[:\w+:\]/g, (name) => SETS[name] ?? name);
  const equivalents = plain.replace(/\[=([\s\S])=\]/g, "$1");
  const letters: string[] = [];
  for (const [, escaped, from = "", to = "", one] of equivalents.matchAll(
    /(\\(?:[0-7]{1,3}|[^0-7]))|([\s\S])-([\s\S])|([\s\S])/g,
  )) {
    if (escaped !== undefined) letters.push(...unescapeLetter(escaped));
    else if (one !== undefined) letters.push(one);
    else
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1) letters.push(String.fromCharCode(code));
  }
  return letters;
}

function unescapeLetter(sequence: string): string {
  const { text } = resolveEscapes(sequence, "format");
  return text === sequence ? sequence.slice(1) : text;
}
