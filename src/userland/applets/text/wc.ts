/** How much there is of a text. */
import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

export const wc: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "cmlwL");
  const inputs = new Inputs(self, words);
  const totals = [0, 0, 0];
  for await (const { name, pieces } of inputs) {
    const counts = await countInput(pieces());
    for (const [index, count] of counts.entries()) totals[index] = (totals[index] as number) + count;
    await self.writeStdout(`${formatColumns(counts, flags)}${name === "-" ? "" : ` ${name}`}\n`);
  }
  if (inputs.count > 1) await self.writeStdout(`${formatColumns(totals, flags)} total\n`);
  return Number(inputs.failed);
};

async function countInput(pieces: AsyncGenerator<Buffer>): Promise<[number, number, number]> {
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

function formatColumns(
  [lines = 0, words = 0, bytes = 0]: readonly number[],
  flags: ReadonlyMap<string, string>,
): string {
  const counts = [flags.has("l") ? lines : [], flags.has("w") ? words : [], flags.has("c") ? bytes : []].flat();
  if (counts.length === 1) return String(counts[0]);
  return (counts.length === 0 ? [lines, words, bytes] : counts).map((number) => String(number).padStart(9)).join(" ");
}
