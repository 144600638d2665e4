/** `wc`: how many lines, words and bytes a text has. */
import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

const TAB_WIDTH = 8;
/** In the order in which they are printed. */
const KINDS = ["l", "w", "m", "c", "L"] as const;
type Counts = Record<(typeof KINDS)[number], number>;

export const wc: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "cmlwL");
  const inputs = new Inputs(self, words, (name, { message }) => `wc: ${name}: ${message}\n`, true);
  const shown = flags.size === 0 ? (["l", "w", "c"] as const) : KINDS.filter((kind) => flags.has(kind));
  const width = shown.length === 1 && inputs.count === 1 ? 0 : 9;
  const totals: Counts = { l: 0, w: 0, m: 0, c: 0, L: 0 };
  const format = (counts: Counts, name: string): string =>
    `${shown.map((kind) => String(counts[kind]).padStart(width)).join(" ")}${name}\n`;
  for await (const { name, pieces } of inputs) {
    const counts = await countInput(pieces());
    for (const kind of KINDS) {
      totals[kind] = kind === "L" ? Math.max(totals.L, counts.L) : totals[kind] + counts[kind];
    }
    await self.writeStdout(format(counts, name === "-" && words.length === 0 ? "" : ` ${name}`));
  }
  if (inputs.count > 1) await self.writeStdout(format(totals, " total"));
  return Number(inputs.failed);
};

async function countInput(pieces: AsyncGenerator<Buffer>): Promise<Counts> {
  const counts: Counts = { l: 0, w: 0, m: 0, c: 0, L: 0 };
  let [isInWord, column] = [false, 0];
  for await (const piece of pieces) {
    counts.c += piece.length;
    for (const byte of piece) {
      if (byte === 0x0a) counts.l += 1;
      const isBlank = byte === 0x20 || (byte >= 9 && byte <= 13);
      if (!isBlank && !isInWord) counts.w += 1;
      isInWord = !isBlank;
      column = advanceColumn(column, byte);
      counts.L = Math.max(counts.L, column);
    }
  }
  return { ...counts, m: counts.c };
}

function advanceColumn(column: number, byte: number): number {
  if (byte === 0x09) return column + TAB_WIDTH - (column % TAB_WIDTH);
  if (byte === 0x0a || byte === 0x0d || byte === 0x0c) return 0;
  return byte >= 0x20 && byte < 0x7f ? column + 1 : column;
}
