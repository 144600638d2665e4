import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { optionsOf } from "../options.ts";

export const cat: Program = async (self) => {
  const { given, words } = optionsOf(self.argv);
  const inputs = new Inputs(self, words);
  const showsAll = given.has("A");
  const [showsTabs, showsEnds] = [showsAll || given.has("t"), showsAll || given.has("e")];
  let number = 0;
  if (!["n", "b", "A", "t", "e"].some((letter) => given.has(letter))) return copied(self, inputs);
  for await (const line of inputs.lines()) {
    const text = line.toString("latin1");
    const isNumbered = given.has("n") || (given.has("b") && text !== "\n");
    const shown = (showsTabs ? text.replaceAll("\t", "^I") : text).replace("\n", showsEnds ? "$\n" : "\n");
    await self.print(Buffer.from((isNumbered ? `${String(++number).padStart(6)}\t` : "") + shown, "latin1"));
  }
  return Number(inputs.failed);
};

async function copied(self: Parameters<Program>[0], inputs: Inputs): Promise<number> {
  for await (const input of inputs) for await (const bytes of input.pieces()) await self.print(bytes);
  return Number(inputs.failed);
}

/** The lines from the last to the first. */
export const tac: Program = async (self) => {
  const inputs = new Inputs(self, optionsOf(self.argv).words);
  const lines: Buffer[] = [];
  for await (const line of inputs.lines()) lines.unshift(line);
  await self.print(Buffer.concat(lines));
  return Number(inputs.failed);
};
