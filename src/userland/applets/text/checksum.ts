/** `md5sum`, `sha256sum` and the like: checksums of files, and checks against a list of them. */
import { createHash } from "node:crypto";
import { toBaseName } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { complain, WrongUsage } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

export const checksum: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "scwb");
  if (!flags.has("c") && (flags.has("s") || flags.has("w"))) throw new WrongUsage("");
  if (flags.has("c")) return checkLists(self, words.length === 0 ? ["-"] : words, flags);
  const inputs = new Inputs(self, words);
  for await (const { name, pieces } of inputs) await self.writeStdout(`${await digest(self, pieces())}  ${name}\n`);
  return Number(inputs.failed);
};

function nameOf({ argv: [name = ""] }: Process): string {
  return toBaseName(name);
}

async function digest(self: Process, pieces: AsyncGenerator<Buffer>): Promise<string> {
  const hash = createHash(nameOf(self).replace(/sum$/, ""));
  for await (const bytes of pieces) hash.update(bytes);
  return hash.digest("hex");
}

async function checkLists(
  self: Process,
  lists: readonly string[],
  flags: ReadonlyMap<string, string>,
): Promise<number> {
  let status = 0;
  for (const list of lists) {
    const inputs = new Inputs(self, [list], (name, { message }) => `${nameOf(self)}: ${name}: ${message}\n`);
    let [total, wrong] = [0, 0];
    for await (const line of inputs.readLines()) {
      total += 1;
      if (!(await checkLine(self, line.toString("utf8"), flags))) wrong += 1;
    }
    if (inputs.failed) return 1;
    if (wrong > 0) status = 1;
    if (wrong > 0 && !flags.has("s"))
      await complain(self, `WARNING: ${wrong} of ${total} computed checksums did NOT match`);
    if (total === 0) status = await complain(self, `${list}: no checksum lines found`);
  }
  return status;
}

/** `SUM  NAME`, or `SUM *NAME`; what is neither counts as wrong. */
async function checkLine(self: Process, line: string, flags: ReadonlyMap<string, string>): Promise<boolean> {
  const [, sum, name = ""] = /^(.*?) [ ]([^\n]*)/.exec(line) ?? /^(.*?) [*]([^\n]*)/.exec(line) ?? [];
  if (sum === undefined) {
    if (flags.has("w")) await complain(self, "invalid format");
    return false;
  }
  let isRight = false;
  for await (const { pieces } of new Inputs(self, [name])) isRight = (await digest(self, pieces())) === sum;
  if (!flags.has("s")) await self.writeStdout(`${name}: ${isRight ? "OK" : "FAILED"}\n`);
  return isRight;
}
