/** `seq`: numbers in a row. */
import type { Process, Program } from "../../process/process.ts";
import { expectWords, WrongUsage } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";

const PIECE = 4096;

interface NumberSequence {
  readonly first: number;
  readonly step: number;
  readonly last: number;
  readonly separator: string;
  /** Digits behind the point. */
  readonly precision: number;
  readonly width: number;
}

export const seq: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "ws:", { stopsAtWord: true });
  expectWords(words, 1, 3);
  for (const word of words) parseDecimal(word);
  const [first, step, last] =
    words.length === 1 ? ["1", "1", words[0]] : words.length === 2 ? [words[0], "1", words[1]] : words;
  const [from, by, to] = [first, step, last].map((word) => parseDecimal(word ?? "1")) as [number, number, number];
  const precision = Math.max(countDecimals(first ?? "1"), countDecimals(step ?? "1"));
  const width = flags.has("w") ? Math.max(from.toFixed(precision).length, to.toFixed(precision).length) : 0;
  return printSequence(self, { first: from, step: by, last: to, separator: flags.get("s") ?? "\n", precision, width });
};

function parseDecimal(word: string): number {
  const number = word.trim() === "" ? Number.NaN : Number(word);
  if (Number.isNaN(number)) throw new WrongUsage("");
  return number;
}

function countDecimals(word: string): number {
  return /\.(\d*)/.exec(word)?.[1]?.length ?? 0;
}

async function printSequence(self: Process, sequence: NumberSequence): Promise<number> {
  const { first, step, last, separator, precision, width } = sequence;
  let text = "";
  for (let count = 0; ; count += 1) {
    const value = first + count * step;
    if (step < 0 ? value < last : value > last) break;
    const digits = Math.abs(value).toFixed(precision);
    const sign = value < 0 ? "-" : "";
    text += `${count === 0 ? "" : separator}${sign}${digits.padStart(width - sign.length, "0")}`;
    if (text.length < PIECE) continue;
    await self.writeStdout(text);
    text = "";
    await self.yield();
  }
  const isEmpty = step < 0 ? first < last : first > last;
  await self.writeStdout(isEmpty ? "" : `${text}\n`);
  return 0;
}
