/** The beginning of a text, and its end. */
import type { Process, Program } from "../../process/process.ts";
import { Inputs, readLines } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

/** `-5` is `-n 5`. */
function expandCount(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) =>
    index > 0 && /^-\d+$/.test(word) && !/^-[nc]$/.test(argv[index - 1] ?? "") ? ["-n", word.slice(1)] : [word],
  );
}

export const head: Program = async (self) => {
  const { flags, words } = readOptions(expandCount(self.argv), "n:c:qv", { isShortOnly: true });
  const inputs = new Inputs(self, words);
  const bytes = flags.get("c");
  const count = Number(flags.get("n") ?? 10);
  for await (const input of inputs) {
    if (bytes !== undefined) await printFirstBytes(self, input.pieces(), Number(bytes));
    else if (count < 0) await printAllButLast(self, readLines(input), -count);
    else await printFirstLines(self, readLines(input), count);
  }
  return Number(inputs.failed);
};

async function printFirstBytes(self: Process, pieces: AsyncGenerator<Buffer>, count: number): Promise<void> {
  let left = count;
  if (left <= 0) return;
  for await (const piece of pieces) {
    await self.writeStdout(piece.subarray(0, left));
    left -= piece.length;
    if (left <= 0) return;
  }
}

async function printFirstLines(self: Process, lines: AsyncGenerator<Buffer>, count: number): Promise<void> {
  let left = count;
  if (left <= 0) return;
  for await (const line of lines) {
    await self.writeStdout(line);
    left -= 1;
    if (left <= 0) return;
  }
}

async function printAllButLast(self: Process, lines: AsyncGenerator<Buffer>, count: number): Promise<void> {
  const held: Buffer[] = [];
  for await (const line of lines) {
    held.push(line);
    if (held.length > count) await self.writeStdout(held.shift() as Buffer);
  }
}

export const tail: Program = async (self) => {
  const { flags, words } = readOptions(expandCount(self.argv), "n:c:s:fFqv");
  const inputs = new Inputs(self, words);
  const bytes = flags.get("c");
  if (bytes !== undefined) await printLastBytes(self, inputs, bytes);
  else await printLastLines(self, inputs, flags.get("n") ?? "10");
  if (flags.has("f") || flags.has("F")) await followFile(self, words[0]);
  return Number(inputs.failed);
};

/** `+3`: from the third on. */
async function printLastLines(self: Process, inputs: Inputs, count: string): Promise<void> {
  const lines: Buffer[] = [];
  for await (const line of inputs.readLines()) lines.push(line);
  const from = count.startsWith("+") ? Number(count) - 1 : Math.max(0, lines.length - Number(count));
  for (const line of lines.slice(from)) await self.writeStdout(line);
}

async function printLastBytes(self: Process, inputs: Inputs, count: string): Promise<void> {
  const all = await inputs.readWhole();
  const from = count.startsWith("+") ? Number(count) - 1 : Math.max(0, all.length - Number(count));
  await self.writeStdout(all.subarray(from));
}

/** What is written to the file from now on; to /dev/null, nothing for ever. */
async function followFile(self: Process, path: string | undefined): Promise<void> {
  const read = (): Buffer => {
    const node = path === undefined ? undefined : self.disk.peek(self.resolvePath(path));
    return node?.kind === "file" ? node.content : Buffer.alloc(0);
  };
  for (let before = read().length; ; before = read().length) {
    await self.sleep(1000);
    if (read().length > before) await self.writeStdout(read().subarray(before));
  }
}
