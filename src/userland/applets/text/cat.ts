import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

export const cat: Program = async (self) => {
  const { flags, words } = readOptions(self.argv);
  const inputs = new Inputs(self, words);
  const showsAll = flags.has("A");
  const [showsTabs, showsEnds] = [showsAll || flags.has("t"), showsAll || flags.has("e")];
  let number = 0;
  if (!["n", "b", "A", "t", "e"].some((letter) => flags.has(letter))) return copyInputs(self, inputs);
  for await (const line of inputs.readLines()) {
    const text = line.toString("latin1");
    const isNumbered = flags.has("n") || (flags.has("b") && text !== "\n");
    const shown = (showsTabs ? text.replaceAll("\t", "^I") : text).replace("\n", showsEnds ? "$\n" : "\n");
    await self.writeStdout(Buffer.from((isNumbered ? `${String(++number).padStart(6)}\t` : "") + shown, "latin1"));
  }
  return Number(inputs.failed);
};

async function copyInputs(self: Parameters<Program>[0], inputs: Inputs): Promise<number> {
  for await (const input of inputs) for await (const bytes of input.pieces()) await self.writeStdout(bytes);
  return Number(inputs.failed);
}

/** The lines from the last to the first. */
export const tac: Program = async (self) => {
  const inputs = new Inputs(self, readOptions(self.argv).words);
  const lines: Buffer[] = [];
  for await (const line of inputs.readLines()) lines.unshift(line);
  await self.writeStdout(Buffer.concat(lines));
  return Number(inputs.failed);
};
