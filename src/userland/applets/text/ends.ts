/** The beginning of a text, and its end. */
import type { Process, Program } from "../../process/process.ts";
import { Inputs, linesOf } from "../inputs.ts";
import { optionsOf } from "../options.ts";

/** `-5` is `-n 5`. */
function withCount(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) =>
    index > 0 && /^-\d+$/.test(word) && !/^-[nc]$/.test(argv[index - 1] ?? "") ? ["-n", word.slice(1)] : [word],
  );
}

export const head: Program = async (self) => {
  const { given, words } = optionsOf(withCount(self.argv), "nc");
  const inputs = new Inputs(self, words);
  const bytes = given.get("c");
  const count = Number(given.get("n") ?? 10);
  for await (const input of inputs) {
    if (bytes !== undefined) await firstBytes(self, input.pieces(), Number(bytes));
    else if (count < 0) await allButLast(self, linesOf(input), -count);
    else await firstLines(self, linesOf(input), count);
  }
  return Number(inputs.failed);
};

async function firstBytes(self: Process, pieces: AsyncGenerator<Buffer>, count: number): Promise<void> {
  let left = count;
  if (left <= 0) return;
  for await (const piece of pieces) {
    await self.print(piece.subarray(0, left));
    left -= piece.length;
    if (left <= 0) return;
  }
}

async function firstLines(self: Process, lines: AsyncGenerator<Buffer>, count: number): Promise<void> {
  let left = count;
  if (left <= 0) return;
  for await (const line of lines) {
    await self.print(line);
    left -= 1;
    if (left <= 0) return;
  }
}

async function allButLast(self: Process, lines: AsyncGenerator<Buffer>, count: number): Promise<void> {
  const held: Buffer[] = [];
  for await (const line of lines) {
    held.push(line);
    if (held.length > count) await self.print(held.shift() as Buffer);
  }
}

export const tail: Program = async (self) => {
  const { given, words } = optionsOf(withCount(self.argv), "ncs");
  const inputs = new Inputs(self, words);
  const bytes = given.get("c");
  if (bytes !== undefined) await lastBytes(self, inputs, bytes);
  else await lastLines(self, inputs, given.get("n") ?? "10");
  if (given.has("f") || given.has("F")) await followed(self, words[0]);
  return Number(inputs.failed);
};

/** `+3`: from the third on. */
async function lastLines(self: Process, inputs: Inputs, count: string): Promise<void> {
  const lines: Buffer[] = [];
  for await (const line of inputs.lines()) lines.push(line);
  const from = count.startsWith("+") ? Number(count) - 1 : Math.max(0, lines.length - Number(count));
  for (const line of lines.slice(from)) await self.print(line);
}

async function lastBytes(self: Process, inputs: Inputs, count: string): Promise<void> {
  const all = await inputs.whole();
  const from = count.startsWith("+") ? Number(count) - 1 : Math.max(0, all.length - Number(count));
  await self.print(all.subarray(from));
}

/** What is written to the file from now on; to /dev/null, nothing for ever. */
async function followed(self: Process, path: string | undefined): Promise<void> {
  const read = (): Buffer => {
    const node = path === undefined ? undefined : self.disk.peek(self.path(path));
    return node?.kind === "file" ? node.content : Buffer.alloc(0);
  };
  for (let before = read().length; ; before = read().length) {
    await self.sleep(1000);
    if (read().length > before) await self.print(read().subarray(before));
  }
}
