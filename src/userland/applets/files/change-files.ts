/** Commands that change files. */
import { FileError } from "../../files/disk.ts";
import { resolvePath, toBaseName } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { readOptions } from "../read-options.ts";
import { applyToPaths } from "./for-each-path.ts";

export const touch: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "chamd:t:r:");
  return applyToPaths(
    self,
    words,
    (word) => word,
    (path) => {
      const { path: real, node } = self.disk.find(path);
      if (node !== undefined) self.disk.restore(real, self.disk.touch(node));
      else if (!flags.has("c")) self.disk.write(path, Buffer.alloc(0));
    },
  );
};

export const mkdir: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "m:p");
  return applyToPaths(
    self,
    words,
    (word) => `can't create directory '${word}'`,
    (path) => {
      if (flags.has("p")) self.disk.makeFolders(path);
      else self.disk.makeFolder(path, Number.parseInt(flags.get("m") ?? "755", 8));
    },
  );
};

export const rmdir: Program = (self) =>
  applyToPaths(
    self,
    readOptions(self.argv, "p").words,
    (word) => `'${word}'`,
    (path) => {
      if (self.disk.list(path).size > 0) throw new FileError("ENOTEMPTY");
      self.disk.remove(path);
    },
  );

export const rm: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "irfR");
  const isDeep = flags.has("r") || flags.has("R");
  return applyToPaths(
    self,
    words,
    (word) => `can't remove '${word}'`,
    (path) => {
      const node = self.disk.peek(path, false);
      if (node === undefined && flags.has("f")) return;
      if (node?.kind === "directory" && !isDeep) throw new FileError("EISDIR");
      self.disk.remove(path);
    },
    (word, { code }) => (code === "EISDIR" ? `rm: '${word}' is a directory` : undefined),
  );
};

export const ln: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "sfnbS:vT");
  const [target = "", name = toBaseName(target)] = words;
  return applyToPaths(
    self,
    [name],
    (word) => word,
    (path) => {
      const at = resolveTarget(self, path, target);
      if (flags.has("f") && self.disk.peek(at, false) !== undefined) self.disk.remove(at);
      if (flags.has("s")) self.disk.link(target, at);
      else self.disk.place(self.disk.find(at).path, self.disk.stat(self.resolvePath(target)));
    },
  );
};

/** Where a copy of `from` goes to: into a folder, or in place of what is there. */
function resolveTarget(self: Process, path: string, from: string): string {
  return self.disk.peek(path)?.kind === "directory" ? resolvePath(toBaseName(from), path) : path;
}

export const cp: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "arRPdLHpfinlsTt:u");
  const target = words.at(-1) ?? "";
  const isDeep = ["r", "R", "a"].some((letter) => flags.has(letter));
  return applyToPaths(
    self,
    words.slice(0, -1),
    (word) => `can't stat '${word}'`,
    (path) => {
      const node = self.disk.stat(path, !flags.has("a"));
      if (node.kind === "directory" && !isDeep) throw new FileError("EISDIR");
      const { path: real } = self.disk.find(resolveTarget(self, self.resolvePath(target), path));
      self.disk.place(real, flags.has("a") || flags.has("p") ? node : self.disk.touch(node));
    },
  );
};

export const mv: Program = (self) => {
  const { words } = readOptions(self.argv, "finTt:");
  const target = words.at(-1) ?? "";
  return applyToPaths(
    self,
    words.slice(0, -1),
    (word) => `can't rename '${word}'`,
    (path) => {
      const node = self.disk.stat(path, false);
      const { path: real } = self.disk.find(resolveTarget(self, self.resolvePath(target), path), false);
      self.disk.remove(path);
      self.disk.place(real, node);
    },
  );
};

export const chmod: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "Rcvf");
  const [mode = "", ...paths] = words;
  return applyToPaths(
    self,
    paths,
    (word) => word,
    (path) => {
      const change = (at: string): void => {
        const { path: real, node } = self.disk.find(at);
        if (node === undefined) throw new FileError("ENOENT");
        self.disk.restore(real, { ...node, mode: parseMode(mode, node.mode) });
        if (flags.has("R") && node.kind === "directory")
          for (const name of node.children.keys()) change(resolvePath(name, real));
      };
      change(path);
    },
  );
};

function parseMode(text: string, before: number): number {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  const [, who = "", operator = "", letters = ""] = /^([ugoa]*)([-+=])([rwxst]*)$/.exec(text) ?? [];
  const bits = [...letters].reduce(
    (sum, letter) => sum | ({ r: 0o444, w: 0o222, x: 0o111, t: 0o1000, s: 0 }[letter] ?? 0),
    0,
  );
  const mask = [...(who === "" ? "a" : who)].reduce(
    (sum, letter) => sum | ({ u: 0o700, g: 0o070, o: 0o007, a: 0o1777 }[letter] ?? 0),
    0,
  );
  if (operator === "+") return before | (bits & mask);
  return operator === "-" ? before & ~(bits & mask) : (before & ~mask) | (bits & mask);
}

export const chown: Program = (self) => {
  const { words } = readOptions(self.argv, "RhLHPcvf");
  const [owner = "", ...paths] = words;
  const [uid = 0, gid = 0] = owner.split(/[:.]/).map((part) => Number(part === "root" ? 0 : part) || 0);
  return applyToPaths(
    self,
    paths,
    (word) => word,
    (path) => {
      const { path: real, node } = self.disk.find(path);
      if (node === undefined) throw new FileError("ENOENT");
      self.disk.restore(real, { ...node, uid, gid });
    },
  );
};

/** `dd` with if, of, bs and count. */
export const dd: Program = async (self) => {
  const words = new Map(self.argv.slice(1).map((word) => word.split("=") as [string, string]));
  const unit = { k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 } as Readonly<Record<string, number>>;
  const number = (text: string): number => Number.parseInt(text, 10) * (unit[text.replace(/^\d+/, "")[0] ?? ""] ?? 1);
  const size = number(words.get("bs") ?? "512") * Number(words.get("count") ?? 1);
  const source = words.get("if");
  const filled = source === "/dev/zero" || source === "/dev/urandom";
  const content = filled
    ? Buffer.alloc(size)
    : self.disk.read(self.resolvePath(source ?? "/dev/null")).subarray(0, words.has("count") ? size : undefined);
  const target = words.get("of");
  if (target === undefined) await self.writeStdout(content);
  else self.disk.write(self.resolvePath(target), content);
  const blocks = words.get("count") ?? "1";
  await self.writeStderr(`${blocks}+0 records in\n${blocks}+0 records out\n`);
  return 0;
};
