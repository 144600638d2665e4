/** `echo` and `yes`: words as they are. */
import type { Program } from "../../process/process.ts";
import { fromByteString, resolveEscapes, toByteString } from "./escapes.ts";

const PIECE = 4096;

export const echo: Program = async (self) => {
  const words = self.argv.slice(1);
  const flags = new Set<string>();
  while (/^-[neE]+$/.test(words[0] ?? "")) for (const letter of (words.shift() as string).slice(1)) flags.add(letter);
  const line = toByteString(words.join(" "));
  const { text, isCut } = flags.has("e") ? resolveEscapes(line, "word") : { text: line, isCut: false };
  await self.writeStdout(fromByteString(flags.has("n") || isCut ? text : `${text}\n`));
  return 0;
};

export const yes: Program = async (self) => {
  const line = `${self.argv.slice(1).join(" ") || "y"}\n`;
  const block = line.repeat(Math.max(1, Math.floor(PIECE / line.length)));
  for (;;) {
    await self.writeStdout(block);
    await self.yield();
  }
};
