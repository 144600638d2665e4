/** Letters for others. */
import type { Program } from "../../process/process.ts";
import { readOptions } from "../read-options.ts";

const SETS: Readonly<Record<string, string>> = {
  "[:upper:]": "A-Z",
  "[:lower:]": "a-z",
  "[:digit:]": "0-9",
  "[:alpha:]": "A-Za-z",
  "[:alnum:]": "0-9A-Za-z",
  "[:space:]": "\t\n\v\f\r ",
  "[:blank:]": "\t ",
  "[:punct:]": "!-/:-@[-`{-~",
};
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "0": "\0" };

export const tr: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "Ccds", { stopsAtWord: true });
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

/** What the second set lacks, its last letter stands for. */
function translateCharacter(
  character: string,
  from: readonly string[],
  to: readonly string[],
  isOthers: boolean,
): string {
  const at = from.indexOf(character);
  if (to.length === 0 || (at === -1) !== isOthers) return character;
  return to[isOthers ? to.length - 1 : Math.min(at, to.length - 1)] as string;
}

function expandSet(set: string): string[] {
  const plain = set.replace(/\[:\w+:\]/g, (name) => SETS[name] ?? name);
  const letters: string[] = [];
  for (const [, escaped, from = "", to = "", one] of plain.matchAll(/\\(.)|([\s\S])-([\s\S])|([\s\S])/g)) {
    if (escaped !== undefined) letters.push(ESCAPES[escaped] ?? escaped);
    else if (one !== undefined) letters.push(one);
    else
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1) letters.push(String.fromCharCode(code));
  }
  return letters;
}
