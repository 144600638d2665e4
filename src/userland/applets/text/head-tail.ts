/** The beginning of a text, and its end. */
import type { Process, Program } from "../../process/process.ts";
import { AppletError, complain } from "../applet-errors.ts";
import { type InputFile, Inputs, readLines } from "../inputs.ts";
import { BLOCK_SUFFIXES, parseCount, type ReadOptions, readOptions } from "../read-options.ts";

const SECOND_MS = 1000;

/** `-5` is `-n 5`, and to `tail` `+5` is `-n +5`, in the first place. */
function expandCount(argv: readonly string[], pattern: RegExp): string[] {
  const [name = "", first = "", ...rest] = argv;
  return pattern.test(first) ? [name, "-n", first.replace(/^-/, ""), ...rest] : [...argv];
}

/** Shows the names of several files. */
class Titles {
  readonly #self: Process;
  readonly #isShown: boolean;

  constructor(self: Process, flags: ReadOptions["flags"], count: number) {
    this.#self = self;
    this.#isShown = flags.has("v") || (count > 1 && !flags.has("q"));
  }

  async print(name: string, index: number): Promise<void> {
    if (!this.#isShown) return;
    const title = name === "-" ? "standard input" : name;
    await this.#self.writeStdout(`${index > 0 ? "\n" : ""}==> ${title} <==\n`);
  }
}

export const head: Program = async (self) => {
  const { flags, words } = readOptions(expandCount(self.argv, /^-\d+$/), "n:c:qv", { isShortOnly: true });
  const inputs = new Inputs(
    self,
    words,
    (name, { code, message }) => `head: ${name}: ${code === "EISDIR" ? "Input/output error" : message}\n`,
  );
  const kind = flags.has("c") ? "c" : "n";
  const text = flags.get(kind) ?? "10";
  const isFromEnd = text.startsWith("-");
  const count = parseCount(text.replace(/^-/, ""), BLOCK_SUFFIXES);
  const titles = new Titles(self, flags, inputs.count);
  for await (const input of inputs) {
    await titles.print(input.name, input.index);
    if (isFromEnd) await printAllButLast(self, kind === "c" ? input.pieces() : readLines(input), count, kind === "c");
    else if (kind === "c") await printFirstBytes(self, input.pieces(), count);
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

async function printAllButLast(
  self: Process,
  pieces: AsyncGenerator<Buffer>,
  count: number,
  areBytes: boolean,
): Promise<void> {
  const held: Buffer[] = [];
  for await (const piece of pieces) {
    held.push(piece);
    if (!areBytes && held.length > count) await self.writeStdout(held.shift() as Buffer);
  }
  if (!areBytes) return;
  const all = Buffer.concat(held);
  await self.writeStdout(all.subarray(0, Math.max(0, all.length - count)));
}

export const tail: Program = async (self) => {
  const { flags, words } = readOptions(expandCount(self.argv, /^(?:-|\+)\d+[bkm]?$/), "c:n:s:fFqv");
  const inputs = new Inputs(self, words);
  const kind = flags.has("c") ? "c" : "n";
  const text = flags.get(kind) ?? "10";
  const amount = parseCount(text.replace(/^[-+]/, ""), BLOCK_SUFFIXES);
  const readable = words.filter((word) => word === "-" || self.disk.peek(self.resolvePath(word)) !== undefined);
  const titles = new Titles(self, flags, readable.length);
  let count = 0;
  for await (const input of inputs) {
    await titles.print(input.name, count++);
    await printEnd(self, input, kind, text.startsWith("+") ? { from: Math.max(0, amount - 1) } : { last: amount });
  }
  if (flags.has("f") || flags.has("F")) await followFiles(self, words, flags);
  return Number(inputs.failed);
};

/** `+3`: from the third on. */
async function printEnd(
  self: Process,
  input: InputFile,
  kind: "c" | "n",
  range: { readonly from: number } | { readonly last: number },
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of kind === "c" ? input.pieces() : readLines(input)) pieces.push(piece);
  if (kind === "c") {
    const all = Buffer.concat(pieces);
    await self.writeStdout(all.subarray("from" in range ? range.from : Math.max(0, all.length - range.last)));
    return;
  }
  const from = "from" in range ? range.from : Math.max(0, pieces.length - range.last);
  for (const line of pieces.slice(from)) await self.writeStdout(line);
}

/** What is written to the files from now on. */
async function followFiles(self: Process, names: readonly string[], flags: ReadOptions["flags"]): Promise<void> {
  const seconds = flags.get("s") ?? "1";
  if (!/^\d+(?:\.\d+)?$/.test(seconds)) throw new AppletError(`invalid number '${seconds}'`);
  const read = (name: string): Buffer => {
    const node = self.disk.peek(self.resolvePath(name));
    return node?.kind === "file" ? node.content : Buffer.alloc(0);
  };
  const known = names.filter((name) => flags.has("F") || self.disk.peek(self.resolvePath(name)) !== undefined);
  if (names.length > 0 && known.length === 0) return void (await complain(self, "no files"));
  const lengths = new Map(known.map((name) => [name, read(name).length]));
  for (;;) {
    await self.sleep(Number(seconds) * SECOND_MS);
    for (const [name, before] of lengths) {
      const content = read(name);
      // A file that was cut short is read from its start.
      if (content.length !== before) await self.writeStdout(content.subarray(content.length < before ? 0 : before));
      lengths.set(name, content.length);
    }
  }
}
