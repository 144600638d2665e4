/** `mkdir` and `rmdir`. */
import { FileError } from "../../files/file-error.ts";
import { parseMode } from "../../files/parse-mode.ts";
import { splitPath } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError, expectWords } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";
import { applyToPaths } from "./for-each-path.ts";

const FULL = 0o777;

export const mkdir: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "m:pv", { long: { mode: "m", parents: "p", verbose: "v" } });
  expectWords(words, 1);
  const text = flags.get("m");
  const mode = text === undefined ? undefined : parseMode(text, { mode: FULL, isFolder: true, umask: self.umask });
  if (text !== undefined && mode === undefined) throw new AppletError(`invalid mode '${text}'`);
  return applyToPaths(
    self,
    words,
    (word) => `can't create directory '${word}'`,
    async (path, word) => {
      if (word === "") throw new FileError("ENOENT");
      if (flags.has("p") && self.disk.peek(path)?.kind === "directory") return;
      if (flags.has("p")) makeParents(self, path, mode);
      else self.disk.makeFolder(path, mode);
      if (flags.has("v")) await self.writeStdout(`created directory: '${word}'\n`);
    },
    (word, { code, message }) => {
      const obstacle = code === "ENOTDIR" && flags.has("p") ? findObstacle(self, word) : undefined;
      return obstacle === undefined ? undefined : `mkdir: can't create directory '${obstacle}/': ${message}`;
    },
  );
};

/** The folders on the way keep what a user needs to make more in them. */
function makeParents(self: Process, path: string, mode: number | undefined): void {
  const segments = splitPath(path);
  for (let end = 1; end <= segments.length; end += 1) {
    const at = `/${segments.slice(0, end).join("/")}`;
    const node = self.disk.peek(at);
    const isLast = end === segments.length;
    if (node === undefined) self.disk.makeFolder(at, isLast ? mode : undefined);
    else if (node.kind !== "directory") throw new FileError(isLast ? "EEXIST" : "ENOTDIR");
  }
}

/** The part of a path that is a file. */
function findObstacle(self: Process, word: string): string | undefined {
  const names = word.split("/");
  const paths = names.map((_, at) => names.slice(0, at + 1).join("/"));
  return paths.find((path) => path !== "" && self.disk.peek(self.resolvePath(path))?.kind === "file");
}

export const rmdir: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "pv", {
    long: { parents: "p", verbose: "v", "ignore-fail-on-non-empty": "ignore-fail-on-non-empty" },
  });
  expectWords(words, 1);
  const removeOne = (path: string): void => {
    if (self.disk.list(path).size > 0) throw new FileError("ENOTEMPTY");
    self.disk.remove(path);
  };
  return applyToPaths(
    self,
    words.flatMap((word) => (flags.has("p") ? listParents(word) : [word])),
    (word) => `'${word}'`,
    async (path, word) => {
      if (flags.has("v")) await self.writeStdout(`rmdir: removing directory, '${word}'\n`);
      removeOne(path);
    },
    (_, { code }) => (code === "ENOTEMPTY" && flags.has("ignore-fail-on-non-empty") ? "" : undefined),
  );
};

/** `a/b/c`, `a/b`, `a`. */
function listParents(word: string): string[] {
  const names = word.replace(/\/+$/, "").split("/");
  return names.map((_, at) => names.slice(0, names.length - at).join("/")).filter((path) => path !== "");
}
