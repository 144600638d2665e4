/** Commands that look at files. */
import { sizeOf, type TreeNode } from "../../files/node.ts";
import { resolvePath, toBaseName } from "../../files/path.ts";
import { sortByName } from "../../files/tree.ts";
import type { Process, Program } from "../../process/process.ts";
import { formatTime } from "../format-time.ts";
import { readOptions } from "../read-options.ts";
import { runCommand } from "../run-command.ts";
import { applyToPaths } from "./for-each-path.ts";

export const pwd: Program = async (self) => {
  await self.writeStdout(`${self.cwd}\n`);
  return 0;
};

export const ls: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "1AaCxdLHRFplinshrSXvctuw:");
  const names = words.length === 0 ? ["."] : words;
  return applyToPaths(
    self,
    names,
    (word) => word,
    async (path, word) => {
      const node = self.disk.stat(path, !flags.has("l"));
      const isListed = node.kind === "directory" && !flags.has("d");
      if (!isListed) return self.writeStdout(formatListing([[word, node]], flags));
      if (names.length > 1) await self.writeStdout(`${word}:\n`);
      const entries = sortByName(self.disk.list(path)).filter(
        ([name]) => flags.has("a") || flags.has("A") || !name.startsWith("."),
      );
      await self.writeStdout(formatListing(flags.has("a") ? [[".", node], ["..", node], ...entries] : entries, flags));
    },
  );
};

function formatListing(entries: readonly (readonly [string, TreeNode])[], flags: ReadonlyMap<string, string>): string {
  return entries.map(([name, node]) => `${flags.has("l") ? formatLongLine(name, node) : name}\n`).join("");
}

function formatLongLine(name: string, node: TreeNode): string {
  const links = node.kind === "directory" ? 2 : 1;
  const when = formatTime("%b %e %H:%M", BigInt(Math.round(node.mtimeMs)) * 1_000_000n);
  const owner = `${formatOwner(node.uid).padEnd(8)} ${formatOwner(node.gid).padEnd(8)}`;
  const target = node.kind === "link" ? ` -> ${node.target}` : "";
  return `${formatMode(node)} ${String(links).padStart(4)} ${owner} ${String(sizeOf(node)).padStart(9)} ${when} ${name}${target}`;
}

function formatOwner(id: number): string {
  return id === 0 ? "root" : String(id);
}

function formatMode({ kind, mode }: TreeNode): string {
  const type = { file: "-", directory: "d", link: "l", device: "c" }[kind];
  const bits = [..."rwxrwxrwx"].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : "-"));
  if (mode & 0o1000) bits[8] = bits[8] === "x" ? "t" : "T";
  return type + bits.join("");
}

export const readlink: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "fnv");
  return applyToPaths(
    self,
    words,
    (word) => word,
    async (path) => {
      if (flags.has("f")) return self.writeStdout(`${self.disk.find(path).path}\n`);
      const node = self.disk.stat(path, false);
      if (node.kind === "link") await self.writeStdout(`${node.target}\n`);
    },
  );
};

export const find: Program = async (self) => {
  const options = self.argv.slice(1);
  const start = options[0]?.startsWith("-") === true || options[0] === undefined ? "." : (options.shift() as string);
  const readOption = (name: string): string | undefined =>
    options.includes(name) ? options[options.indexOf(name) + 1] : undefined;
  const [name, type, depth] = [
    readOption("-name"),
    readOption("-type"),
    Number(readOption("-maxdepth") ?? Number.POSITIVE_INFINITY),
  ];
  const action = readAction(self, options);
  const kind = { f: "file", d: "directory", l: "link" }[type ?? ""];
  const glob =
    name === undefined
      ? undefined
      : new RegExp(
          `^${name
            .replace(/[.+^$(){}|\\]/g, "\\$&")
            .replaceAll("*", ".*")
            .replaceAll("?", ".")}$`,
        );
  return applyToPaths(
    self,
    [start],
    (word) => word,
    async (path) => {
      const visit = async (at: string, shown: string, level: number): Promise<void> => {
        const node = self.disk.stat(at, false);
        const fits = (kind === undefined || node.kind === kind) && (glob?.test(toBaseName(shown)) ?? true);
        if (fits) await (action === undefined ? self.writeStdout(`${shown}\n`) : action(shown));
        if (node.kind !== "directory" || level >= depth) return;
        for (const [child] of sortByName(self.disk.list(at)))
          await visit(resolvePath(child, at), `${shown === "/" ? "" : shown}/${child}`, level + 1);
      };
      await visit(path, start, 0);
    },
  );
};

/** `-exec COMMAND {} ;` for each, or `-delete`; undefined where each is printed. */
function readAction(self: Process, options: readonly string[]): ((shown: string) => Promise<void>) | undefined {
  if (options.includes("-delete")) return async (shown) => self.disk.remove(self.resolvePath(shown));
  const from = options.indexOf("-exec");
  if (from === -1) return undefined;
  const end = options.findIndex((word, at) => at > from && (word === ";" || word === "+"));
  const words = options.slice(from + 1, end === -1 ? undefined : end);
  return async (shown) =>
    void (await runCommand(
      self,
      words.map((word) => word.replaceAll("{}", shown)),
    ));
}

export const stat: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "c:fLt");
  return applyToPaths(
    self,
    words,
    (word) => `can't stat '${word}'`,
    async (path, word) => {
      const node = self.disk.stat(path, flags.has("L"));
      const fields: Readonly<Record<string, string>> = {
      n: word, s: String(sizeOf(node)), a: (node.mode & 0o7777).toString(8), A: formatMode(node), u: String(node.uid), g: String(node.gid),
      U: formatOwner(node.uid), G: formatOwner(node.gid), Y: String(Math.floor(node.mtimeMs / 1000)), F: node.kind === "file" ? "regular file" : node.kind,
    }; // biome-ignore format: a table
      const format = flags.get("c") ?? "  File: %n\n  Size: %s";
      await self.writeStdout(`${format.replace(/%([nsaAugUGYF])/g, (_, letter: string) => fields[letter] ?? "")}\n`);
    },
  );
};
