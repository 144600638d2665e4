/** `ln`: links to files. A hard link is a copy here: the simulated file system has no inodes. */
import { FileError } from "../../files/file-error.ts";
import { resolvePath, toBaseName } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError, expectWords, WrongUsage } from "../applet-errors.ts";
import { type ReadOptions, readOptions } from "../read-options.ts";
import { applyToPaths } from "./for-each-path.ts";

export const ln: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "sfnbS:vT");
  expectWords(words, 1);
  if (flags.has("T") && words.length > 2) throw new WrongUsage("");
  const [targets, last] = words.length === 1 ? [words, "."] : [words.slice(0, -1), words.at(-1) as string];
  const isFolder = isFolderFor(self, last, flags);
  if (flags.has("T") && isFolder) throw new AppletError(`'${last}' is a directory`);
  if (targets.length > 1 && !isFolder) throw new AppletError(`target '${last}' is not a directory`);
  return applyToPaths(
    self,
    targets,
    (target) => (isFolder ? `${last.replace(/\/$/, "")}/${toBaseName(target)}` : last),
    async (_, target) => {
      const name = isFolder ? `${last.replace(/\/$/, "")}/${toBaseName(target)}` : last;
      if (!flags.has("s")) expectSource(self, target);
      makeRoom(self, self.resolvePath(name), flags);
      if (flags.has("v")) await self.writeStdout(`'${name}' -> '${target}'\n`);
      makeLink(self, target, self.resolvePath(name), flags.has("s"));
    },
    (target, { code }) =>
      code === "ENOENT" && !flags.has("s") ? `ln: ${target}: No such file or directory` : undefined,
  );
};

/** With `-n` a link to a folder is a file. */
function isFolderFor(self: Process, name: string, flags: ReadOptions["flags"]): boolean {
  return self.disk.peek(self.resolvePath(name), !flags.has("n"))?.kind === "directory";
}

function expectSource(self: Process, target: string): void {
  const node = self.disk.stat(self.resolvePath(target), false);
  if (node.kind === "directory") throw new FileError("EPERM");
}

/** With `-f` what is there goes, with `-b` it gets another name. */
function makeRoom(self: Process, path: string, flags: ReadOptions["flags"]): void {
  const node = self.disk.peek(path, false);
  if (node === undefined) return;
  const hasBackup = flags.has("b") || flags.has("S");
  if (hasBackup) self.disk.place(self.disk.find(resolvePath(`${path}${flags.get("S") ?? "~"}`), false).path, node);
  if (hasBackup || flags.has("f")) self.disk.remove(path);
}

function makeLink(self: Process, target: string, path: string, isSymbolic: boolean): void {
  if (isSymbolic) self.disk.link(target, path);
  else {
    const { path: real, node } = self.disk.find(path, false);
    if (node !== undefined) throw new FileError("EEXIST");
    self.disk.place(real, self.disk.stat(self.resolvePath(target), false));
  }
}
