/** `mv`: other names for files. */
import { FileError } from "../../files/file-error.ts";
import { isWithin } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { complain } from "../applet-errors.ts";
import { isConfirmed } from "../confirm.ts";
import { type ReadOptions, readOptions } from "../read-options.ts";
import { readCopyTarget } from "./copy-target.ts";

const LONG = {
  force: "f",
  interactive: "i",
  "no-clobber": "n",
  "no-target-directory": "T",
  "target-directory": "t",
  verbose: "v",
};

export const mv: Program = async (self) => {
  const options = readOptions(self.argv, "finTt:v", { long: LONG });
  const { sources, toPath } = readCopyTarget(self, options);
  let status = 0;
  for (const source of sources) status = Math.max(status, await move(self, source, toPath(source), options.flags));
  return status;
};

async function move(self: Process, source: string, target: string, flags: ReadOptions["flags"]): Promise<number> {
  try {
    const before = findTarget(self, target);
    if (before === undefined) return await complain(self, `can't stat '${target}': Path has non-directory component`);
    if (before !== null && flags.has("n")) return 0;
    if (
      before !== null &&
      flags.has("i") &&
      !flags.has("f") &&
      !(await isConfirmed(self, `mv: overwrite '${target}'? `))
    )
      return 0;
    rename(self, source, target);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return complain(self, `can't rename '${source}': ${error.message}`);
  }
  if (flags.has("v")) await self.writeStdout(`'${source}' -> '${target}'\n`);
  return 0;
}

/** Null where there is nothing; undefined where a file stands on the way. */
function findTarget(self: Process, target: string): object | null | undefined {
  try {
    return self.disk.find(self.resolvePath(target), false).node ?? null;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.code === "ENOTDIR" ? undefined : null;
  }
}

/** As rename(2). @throws FileError */
function rename(self: Process, source: string, target: string): void {
  const { disk } = self;
  const { path: from, node } = disk.find(self.resolvePath(source), false);
  if (node === undefined) throw new FileError("ENOENT");
  const { path: to, node: before } = disk.find(self.resolvePath(target), false);
  if (from === to) return;
  if (node.kind === "directory" && isWithin(to, from)) throw new FileError("EINVAL");
  if (before?.kind === "directory" && node.kind !== "directory") throw new FileError("EISDIR");
  if (before !== undefined && before.kind !== "directory" && node.kind === "directory") throw new FileError("ENOTDIR");
  if (before?.kind === "directory" && before.children.size > 0) throw new FileError("ENOTEMPTY");
  disk.place(to, node);
  disk.remove(from);
}
