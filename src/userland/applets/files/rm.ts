/** `rm`. */
import { FileError } from "../../files/file-error.ts";
import { toBaseName } from "../../files/path.ts";
import type { Program } from "../../process/process.ts";
import { complain, expectWords } from "../applet-errors.ts";
import { isConfirmed } from "../confirm.ts";
import { readOptions } from "../read-options.ts";
import { applyToPaths } from "./for-each-path.ts";

export const rm: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "firR");
  if (!flags.has("f")) expectWords(words, 1);
  const isDeep = flags.has("r") || flags.has("R");
  const isDots = (word: string): boolean => [".", ".."].includes(toBaseName(word));
  const dots = words.filter(isDots);
  for (const _ of dots) await complain(self, "can't remove '.' or '..'");
  const status = await applyToPaths(
    self,
    words.filter((word) => !isDots(word)),
    (word) => `can't remove '${word}'`,
    async (path, word) => {
      const node = self.disk.peek(path, false);
      if (node === undefined && flags.has("f")) return;
      if (node?.kind === "directory" && !isDeep) throw new FileError("EISDIR");
      const asks = flags.has("i") && !flags.has("f") && node !== undefined;
      const question = node?.kind === "directory" ? `descend into directory '${word}'` : `remove '${word}'`;
      if (asks && !(await isConfirmed(self, `rm: ${question}? `))) return;
      self.disk.remove(path);
    },
    (word, { code }) => (code === "EISDIR" ? `rm: '${word}' is a directory` : undefined),
  );
  return dots.length > 0 ? 1 : status;
};
