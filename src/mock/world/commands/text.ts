/** Filters of text. */
import { createHash } from "node:crypto";
import type { Process, Program } from "../process/process.ts";
import { Inputs, linesOf } from "./inputs.ts";
import { optionsOf } from "./options.ts";

export const cat: Program = async (self) => {
  const { given, words } = optionsOf(self.argv);
  const inputs = new Inputs(self, words);
  let number = 0;
  if (given.has("n"))
    for await (const line of inputs.lines()) await self.print(Buffer.concat([numbered(++number), line]));
  else for await (const input of inputs) for await (const bytes of input.pieces()) await self.print(bytes);
  return Number(inputs.failed);
};

function numbered(number: number): Buffer {
  return Buffer.from(`${String(number).padStart(6)}\t`);
}

/** `-5` is `-n 5`. */
function withCount(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => (index > 0 && /^-\d+$/.test(word) ? ["-n", word.slice(1)] : [word]));
}

export const head: Program = async (self) => {
  const { given, words } = optionsOf(withCount(self.argv), "nc");
  const inputs = new Inputs(self, words);
  const bytes = given.get("c");
  for await (const input of inputs) {
    if (bytes !== undefined) await firstBytes(self, input.pieces(), Number(bytes));
    else await firstLines(self, linesOf(input), Number(given.get("n") ?? 10));
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

export const tail: Program = async (self) => {
  const { given, words } = optionsOf(withCount(self.argv), "ncs");
  const inputs = new Inputs(self, words);
  const count = given.get("n") ?? "10";
  let lines: Buffer[] = [];
  for await (const line of inputs.lines()) lines.push(line);
  lines = count.startsWith("+")
    ? lines.slice(Number(count) - 1)
    : lines.slice(Math.max(0, lines.length - Number(count)));
  for (const line of lines) await self.print(line);
  if (given.has("f") || given.has("F")) await followed(self, words[0]);
  return Number(inputs.failed);
};

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

export const grep: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "em");
  const [pattern = "", ...paths] = given.has("e") ? [given.get("e") as string, ...words] : words;
  const expression = grepExpression(pattern, given, self.argv[0] ?? "");
  const inputs = new Inputs(self, paths);
  let found = 0;
  for await (const { name, pieces } of inputs) {
    for await (const line of linesOf({ name, pieces })) {
      const text = line.toString("utf8").replace(/\n$/, "");
      if (expression.test(text) === given.has("v")) continue;
      found += 1;
      if (given.has("q")) return 0;
      if (!given.has("c"))
        await self.print(
          `${inputs.count > 1 && !given.has("h") ? `${name}:` : ""}${given.has("o") ? (expression.exec(text)?.[0] ?? "") : text}\n`,
        );
    }
  }
  if (given.has("c")) await self.print(`${found}\n`);
  return found > 0 ? 0 : inputs.failed ? 2 : 1;
};

function grepExpression(pattern: string, given: ReadonlyMap<string, string>, name: string): RegExp {
  const flags = given.has("i") ? "i" : "";
  if (given.has("F") || name === "fgrep") return new RegExp(pattern.replace(/[\\^$.|+(){}*?[\]]/g, "\\$&"), flags);
  const isExtended = given.has("E") || name === "egrep";
  // In a basic expression the operators are those with a backslash, and the characters those without.
  const source = isExtended
    ? pattern
    : pattern.replace(/\\?[+?(){}|]/g, (found) => (found.length === 2 ? (found[1] as string) : `\\${found}`));
  return new RegExp(given.has("x") ? `^(?:${source})$` : source, flags);
}

export const sort: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "kto");
  const inputs = new Inputs(self, words);
  const lines: string[] = [];
  for await (const line of inputs.lines()) lines.push(line.toString("utf8").replace(/\n$/, ""));
  const byNumber = (one: string, other: string): number =>
    (Number.parseFloat(one) || 0) - (Number.parseFloat(other) || 0);
  const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  lines.sort(given.has("n") ? byNumber : byText);
  if (given.has("r")) lines.reverse();
  await self.print((given.has("u") ? [...new Set(lines)] : lines).map((line) => `${line}\n`).join(""));
  return Number(inputs.failed);
};

export const uniq: Program = async (self) => {
  const { given, words } = optionsOf(self.argv);
  const runs: { line: string; count: number }[] = [];
  for await (const bytes of new Inputs(self, words).lines()) {
    const line = bytes.toString("utf8").replace(/\n$/, "");
    const last = runs.at(-1);
    if (last?.line === line) last.count += 1;
    else runs.push({ line, count: 1 });
  }
  for (const { line, count } of runs)
    await self.print(`${given.has("c") ? `${String(count).padStart(7)} ` : ""}${line}\n`);
  return 0;
};

export const cut: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "dfc");
  const [delimiter, list] = given.has("c") ? ["", given.get("c")] : [given.get("d") ?? "\t", given.get("f")];
  const wanted = (list ?? "1").split(",").map((range) => range.split("-").map(Number));
  const isWanted = (number: number): boolean =>
    wanted.some(
      ([from = 0, to]) => number >= from && number <= (to === undefined ? from : to || Number.POSITIVE_INFINITY),
    );
  for await (const line of new Inputs(self, words).lines()) {
    const parts = line.toString("utf8").replace(/\n$/, "").split(delimiter);
    await self.print(`${parts.filter((_, index) => isWanted(index + 1)).join(delimiter)}\n`);
  }
  return 0;
};

export const tr: Program = async (self) => {
  const { given, words } = optionsOf(self.argv);
  const [from, to] = words.map(characters);
  for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) {
    const text = [...bytes.toString("latin1")].map((character) => {
      const at = from?.indexOf(character) ?? -1;
      if (at === -1) return character;
      return given.has("d") ? "" : (to?.[Math.min(at, to.length - 1)] ?? "");
    });
    await self.print(Buffer.from(text.join(""), "latin1"));
  }
  return 0;
};

function characters(set: string): string[] {
  const classes = set
    .replaceAll("[:upper:]", "A-Z")
    .replaceAll("[:lower:]", "a-z")
    .replaceAll("[:digit:]", "0-9")
    .replaceAll("[:space:]", " \t\n\r");
  const plain = classes.replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll("\\r", "\r");
  return [
    ...plain.replace(/(.)-(.)/g, (_, from: string, to: string) => {
      const [start, end] = [from.charCodeAt(0), to.charCodeAt(0)];
      return Array.from({ length: Math.max(0, end - start + 1) }, (_unused, index) =>
        String.fromCharCode(start + index),
      ).join("");
    }),
  ];
}

export const tee: Program = async (self) => {
  const { given, words } = optionsOf(self.argv);
  for (const path of words) self.disk.write(self.path(path), Buffer.alloc(0), { appends: given.has("a") });
  for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) {
    await self.print(bytes);
    for (const path of words) self.disk.write(self.path(path), bytes, { appends: true });
  }
  return 0;
};

/** md5sum, sha256sum and their kin, told apart by the name they are called by. */
export const checksum: Program = async (self) => {
  const algorithm = (self.argv[0] ?? "").split("/").at(-1)?.replace(/sum$/, "") ?? "sha256";
  const inputs = new Inputs(self, optionsOf(self.argv).words);
  for await (const { name, pieces } of inputs) {
    const hash = createHash(algorithm);
    for await (const bytes of pieces()) hash.update(bytes);
    await self.print(`${hash.digest("hex")}  ${name}\n`);
  }
  return Number(inputs.failed);
};
