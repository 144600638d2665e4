/** Lines in other shapes: in reverse, with numbers, folded, or beside each other. */
import type { Process, Program } from "../../process/process.ts";
import { AppletError } from "../applet-errors.ts";
import { Inputs, readLines } from "../inputs.ts";
import { parseCount, readOptions } from "../read-options.ts";
import { resolveEscapes } from "./escapes.ts";

const TAB_WIDTH = 8;

export const rev: Program = async (self) => {
  const inputs = new Inputs(self, readOptions(self.argv).words, (name, { message }) => `rev: ${name}: ${message}\n`);
  for await (const bytes of inputs.readLines()) {
    const line = bytes.toString("latin1");
    const text = line.replace(/\n$/, "");
    await self.writeStdout(Buffer.from([...text].reverse().join("") + line.slice(text.length), "latin1"));
  }
  return Number(inputs.failed);
};

/** Lines with their numbers; `-b` says which lines have one. */
export const nl: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "pw:i:s:v:b:", {
    long: {
      "body-numbering": "b",
      "line-increment": "i",
      "number-separator": "s",
      "number-width": "w",
      "starting-line-number": "v",
      "no-renumber": "p",
    },
  });
  const width = parseCount(flags.get("w") ?? "6");
  const step = parseCount(flags.get("i") ?? "1");
  const style = flags.get("b") ?? "t";
  const separator = flags.get("s") ?? "\t";
  const blank = " ".repeat(width + separator.length);
  const inputs = new Inputs(self, words);
  let number = parseCount(flags.get("v") ?? "1");
  for await (const bytes of inputs.readLines()) {
    const line = bytes.toString("latin1").replace(/\n$/, "");
    const isNumbered = style.startsWith("a") || (style.startsWith("t") && line !== "");
    const text = isNumbered ? `${String(number).padStart(width)}${separator}${line}` : `${blank}${line}`;
    if (isNumbered) number += step;
    await self.writeStdout(Buffer.from(`${text}\n`, "latin1"));
  }
  return Number(inputs.failed);
};

/** Lines of a width, in columns or in bytes; with `-s` they break behind a blank. */
export const fold: Program = async (self) => {
  const { flags, words } = readOptions(expandWidth(self.argv), "bsw:");
  const width = parseCount(flags.get("w") ?? "80");
  if (width < 1) throw new AppletError(`number ${width} is not in 1..10000 range`);
  const inputs = new Inputs(self, words);
  for await (const bytes of inputs.readLines()) {
    const line = bytes.toString("latin1");
    const text = line.replace(/\n$/, "");
    const rows = foldLine(text, width, flags.has("s"), flags.has("b"));
    await self.writeStdout(Buffer.from(rows.join("\n") + line.slice(text.length), "latin1"));
  }
  return Number(inputs.failed);
};

/** `-5` is `-w 5`. */
function expandWidth(argv: readonly string[]): string[] {
  return argv.map((word) => (/^-\d+$/.test(word) ? `-w${word.slice(1)}` : word));
}

function foldLine(line: string, width: number, breaksAtBlanks: boolean, countsBytes: boolean): string[] {
  const rows: string[] = [];
  let row = "";
  for (const letter of line) {
    const next = countsBytes ? row.length + 1 : advanceColumn(measureRow(row), letter);
    if (next > width && row !== "") {
      const blank = breaksAtBlanks ? row.lastIndexOf(" ") + 1 : 0;
      rows.push(blank > 0 ? row.slice(0, blank) : row);
      row = blank > 0 ? row.slice(blank) : "";
    }
    row += letter;
  }
  return [...rows, row];
}

function measureRow(row: string): number {
  let column = 0;
  for (const letter of row) column = advanceColumn(column, letter);
  return column;
}

function advanceColumn(column: number, letter: string): number {
  if (letter === "\t") return column + TAB_WIDTH - (column % TAB_WIDTH);
  if (letter === "\b") return Math.max(0, column - 1);
  return letter === "\r" ? 0 : column + 1;
}

/** Lines of files beside each other; with `-s` the lines of each file in a row. */
export const paste: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "d:s");
  const joiners = resolveEscapes(flags.get("d") ?? "\t", "format").text;
  if (joiners === "") throw new AppletError("-d '' is not supported");
  const inputs = new Inputs(self, words, (name, { message }) => `paste: ${name}: ${message}\n`);
  const files: AsyncGenerator<Buffer>[] = [];
  let standardInput: AsyncGenerator<Buffer> | undefined;
  for await (const input of inputs) {
    if (input.name === "-") standardInput ??= readLines(input);
    files.push(input.name === "-" ? (standardInput as AsyncGenerator<Buffer>) : readLines(input));
  }
  if (inputs.failed) return 1;
  if (flags.has("s")) for (const file of files) await pasteInRow(self, file, joiners);
  else await pasteBesides(self, files, joiners);
  return 0;
};

/** A file that has ended leaves no gap (busybox coreutils/paste.c). */
async function pasteBesides(self: Process, files: readonly AsyncGenerator<Buffer>[], joiners: string): Promise<void> {
  const open = new Set(files.keys());
  while (open.size > 0) {
    let text = "";
    let count = 0;
    for (const at of [...open]) {
      const line = await (files[at] as AsyncGenerator<Buffer>).next();
      if (line.done === true) open.delete(at);
      else {
        const joiner = at === files.length - 1 ? "\n" : (joiners[count++ % joiners.length] as string);
        text += line.value.toString("latin1").replace(/\n$/, "") + (joiner === "\0" ? "" : joiner);
      }
    }
    await self.writeStdout(Buffer.from(text, "latin1"));
  }
}

async function pasteInRow(self: Process, file: AsyncGenerator<Buffer>, joiners: string): Promise<void> {
  let text = "";
  let count = 0;
  for await (const line of file) {
    const joiner = count === 0 ? "" : (joiners[(count - 1) % joiners.length] as string);
    text += (joiner === "\0" ? "" : joiner) + line.toString("latin1").replace(/\n$/, "");
    count += 1;
  }
  if (count > 0) await self.writeStdout(Buffer.from(`${text}\n`, "latin1"));
}
