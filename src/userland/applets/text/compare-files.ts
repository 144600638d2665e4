/** Two files beside each other. */
import type { FileError } from "../../files/disk.ts";
import type { Process, Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

const AROUND = 3;
const TROUBLE = 2;

async function readContents(self: Process, words: readonly string[]): Promise<readonly Buffer[] | undefined> {
  const inputs = new Inputs(self, words, (name, error: FileError) => `${self.argv[0]}: ${name}: ${error.message}\n`);
  const all: Buffer[] = [];
  for await (const { pieces } of inputs) all.push(Buffer.concat(await collectPieces(pieces())));
  return inputs.failed ? undefined : all;
}

async function collectPieces(pieces: AsyncGenerator<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

export const cmp: Program = async (self) => {
  const { flags, words } = readOptions(self.argv);
  const [one, other] = (await readContents(self, words.slice(0, 2))) ?? [];
  if (one === undefined || other === undefined) return TROUBLE;
  if (one.equals(other)) return 0;
  const at = one.findIndex((byte, index) => byte !== other[index]);
  const line = one.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
  const isShort = at === -1 || at >= other.length;
  if (flags.has("s")) return 1;
  if (isShort) await self.writeStderr(`cmp: EOF on ${at === -1 ? words[0] : words[1]}\n`);
  else await self.writeStdout(`${words[0]} ${words[1]} differ: char ${at + 1}, line ${line}\n`);
  return 1;
};

export const diff: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "U");
  const [one, other] = (await readContents(self, words.slice(0, 2))) ?? [];
  if (one === undefined || other === undefined) return TROUBLE;
  if (one.equals(other)) return 0;
  if (flags.has("q")) await self.writeStdout(`Files ${words[0]} and ${words[1]} differ\n`);
  else
    await self.writeStdout(
      `--- ${words[0]}\n+++ ${words[1]}\n${formatHunks(compareLines(splitLines(one), splitLines(other)))}`,
    );
  return 1;
};

function splitLines(bytes: Buffer): string[] {
  const lines = bytes.toString("utf8").split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

interface DiffLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** By the longest common subsequence. */
function compareLines(one: readonly string[], other: readonly string[]): DiffLine[] {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  const readLength = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = one.length - 1; row >= 0; row -= 1) {
    for (let column = other.length - 1; column >= 0; column -= 1) {
      const isSame = one[row] === other[column];
      (lengths[row] as number[])[column] = isSame
        ? readLength(row + 1, column + 1) + 1
        : Math.max(readLength(row + 1, column), readLength(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  for (let row = 0, column = 0; row < one.length || column < other.length; ) {
    const isSame = row < one.length && column < other.length && one[row] === other[column];
    const isGone =
      column >= other.length || (row < one.length && readLength(row + 1, column) >= readLength(row, column + 1));
    if (isSame) lines.push({ sign: " ", text: one[row++] as string }) && column++;
    else if (isGone) lines.push({ sign: "-", text: one[row++] as string });
    else lines.push({ sign: "+", text: other[column++] as string });
  }
  return lines;
}

/** Changes with three lines around them. */
function formatHunks(lines: readonly DiffLine[]): string {
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ sign }) => sign !== " "),
  );
  let text = "";
  for (let at = 0; at < lines.length; ) {
    if (isNear[at] !== true) at += 1;
    else {
      const end = isNear.indexOf(false, at);
      text += formatHunk(lines, at, end === -1 ? lines.length : end);
      at = end === -1 ? lines.length : end;
    }
  }
  return text;
}

function formatHunk(lines: readonly DiffLine[], from: number, end: number): string {
  const range = (other: "-" | "+"): string => {
    const before = lines.slice(0, from).filter(({ sign }) => sign !== other).length;
    const count = lines.slice(from, end).filter(({ sign }) => sign !== other).length;
    return `${count === 0 ? before : before + 1}${count === 1 ? "" : `,${count}`}`;
  };
  const body = lines.slice(from, end).map(({ sign, text }) => `${sign}${text}\n`);
  return `@@ -${range("+")} +${range("-")} @@\n${body.join("")}`;
}
