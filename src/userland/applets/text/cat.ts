/** `cat` and `tac`: files as they are, or with their lines in reverse. */
import type { Process, Program } from "../../process/process.ts";
import { Inputs, readLines } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

const TAB = 0x09;
const LF = 0x0a;
const DELETE = 0x7f;

export const cat: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "nbvteAu");
  const inputs = new Inputs(self, words);
  if (!["n", "b", "v", "t", "e", "A"].some((letter) => flags.has(letter))) return copyInputs(self, inputs);
  const hasAll = flags.has("A");
  const [showsTabs, showsEnds] = [hasAll || flags.has("t"), hasAll || flags.has("e")];
  const showsControls = showsTabs || showsEnds || flags.has("v");
  let number = 0;
  for await (const line of inputs.readLines()) {
    const isNumbered = flags.has("b") ? line[0] !== LF : flags.has("n");
    const text = showsControls ? showLine(line, showsTabs, showsEnds) : withEnd(line.toString("latin1"));
    await self.writeStdout(Buffer.from((isNumbered ? `${String(++number).padStart(6)}\t` : "") + text, "latin1"));
  }
  return Number(inputs.failed);
};

async function copyInputs(self: Process, inputs: Inputs): Promise<number> {
  for await (const input of inputs) for await (const bytes of input.pieces()) await self.writeStdout(bytes);
  return Number(inputs.failed);
}

function withEnd(line: string): string {
  return line.endsWith("\n") ? line : `${line}\n`;
}

function showLine(line: Buffer, showsTabs: boolean, showsEnds: boolean): string {
  return [...line]
    .map((byte) => {
      if (byte === LF) return showsEnds ? "$\n" : "\n";
      return byte === TAB && !showsTabs ? "\t" : showByte(byte);
    })
    .join("");
}

/** `^A` for a control character, `M-` before what has the eighth bit. */
function showByte(byte: number): string {
  if (byte >= 128) return `M-${showByte(byte - 128)}`;
  if (byte === DELETE) return "^?";
  return byte < 32 ? `^${String.fromCharCode(byte + 64)}` : String.fromCharCode(byte);
}

/** The lines from the last to the first. */
export const tac: Program = async (self) => {
  const { words } = readOptions(self.argv);
  const inputs = new Inputs(self, words, (name, { message }) => `tac: ${name}: ${message}\n`);
  const lines: Buffer[] = [];
  for await (const input of inputs) {
    const own: Buffer[] = [];
    for await (const line of readLines(input)) own.unshift(line);
    lines.push(...own);
  }
  await self.writeStdout(Buffer.concat(lines));
  return Number(inputs.failed);
};
