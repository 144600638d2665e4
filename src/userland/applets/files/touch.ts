/** `touch`: makes files, or changes their times. */
import type { Process, Program } from "../../process/process.ts";
import { AppletError, expectWords } from "../applet-errors.ts";
import { type ReadOptions, readOptions } from "../read-options.ts";
import { applyToPaths } from "./for-each-path.ts";
import { parseDate, parseDigits } from "./parse-date.ts";

const LONG = { "no-create": "c", "no-dereference": "h", date: "d", reference: "r" };

export const touch: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "chamd:t:r:", { long: LONG });
  expectWords(words, 1);
  const nowMs = Math.floor(Number(self.time.now() / 1_000_000n));
  const mtimeMs = chooseTime(self, flags, nowMs);
  return applyToPaths(
    self,
    words,
    (word) => word,
    (path) => {
      const node = self.disk.find(path, !flags.has("h")).node;
      if (node === undefined && (flags.has("c") || flags.has("h"))) return;
      if (node === undefined) self.disk.write(path, Buffer.alloc(0));
      if (node !== undefined || mtimeMs !== nowMs) self.disk.touchFile(path, mtimeMs, !flags.has("h"));
    },
  );
};

/** @throws AppletError for what is no date */
function chooseTime(self: Process, flags: ReadOptions["flags"], nowMs: number): number {
  const [reference, text, digits] = [flags.get("r"), flags.get("d"), flags.get("t")];
  if (reference !== undefined) {
    const node = self.disk.peek(self.resolvePath(reference));
    if (node === undefined) throw new AppletError(`can't stat '${reference}': No such file or directory`);
    return node.mtimeMs;
  }
  if (text === undefined && digits === undefined) return nowMs;
  const ms = text === undefined ? parseDigits(digits ?? "", nowMs) : parseDate(text, nowMs);
  if (ms === undefined) throw new AppletError(`invalid date '${text ?? digits}'`);
  return ms;
}
