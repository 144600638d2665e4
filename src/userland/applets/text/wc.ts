/** How much there is of a text. */
import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { optionsOf } from "../options.ts";

export const wc: Program = async (self) => {
  const { given, words } = optionsOf(self.argv);
  const inputs = new Inputs(self, words);
  const totals = [0, 0, 0];
  for await (const { name, pieces } of inputs) {
    const counts = await counted(pieces());
    for (const [index, count] of counts.entries()) totals[index] = (totals[index] as number) + count;
    await self.print(`${columns(counts, given)}${name === "-" ? "" : ` ${name}`}\n`);
  }
  if (inputs.count > 1) await self.print(`${columns(totals, given)} total\n`);
  return Number(inputs.failed);
};

async function counted(pieces: AsyncGenerator<Buffer>): Promise<[number, number, number]> {
  let [lines, words, bytes, isInWord] = [0, 0, 0, false];
  for await (const piece of pieces) {
    bytes += piece.length;
    for (const byte of piece) {
      if (byte === 0x0a) lines += 1;
      const isBlank = byte === 0x20 || (byte >= 9 && byte <= 13);
      if (!isBlank && !isInWord) words += 1;
      isInWord = !isBlank;
    }
  }
  return [lines, words, bytes];
}

function columns([lines = 0, words = 0, bytes = 0]: readonly number[], given: ReadonlyMap<string, string>): string {
  const wanted = [given.has("l") ? lines : [], given.has("w") ? words : [], given.has("c") ? bytes : []].flat();
  if (wanted.length === 1) return String(wanted[0]);
  return (wanted.length === 0 ? [lines, words, bytes] : wanted).map((number) => String(number).padStart(9)).join(" ");
}
