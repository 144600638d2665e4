/** Commands that look at files. */
import { sizeOf, type TreeNode } from "../files/node.ts";
import { absolute, baseName } from "../files/path.ts";
import { sorted } from "../files/tree.ts";
import type { Process, Program } from "../process/process.ts";
import { forEach } from "./for-each.ts";
import { optionsOf } from "./options.ts";
import { runOther } from "./run-other.ts";
import { strftime } from "./strftime.ts";

export const pwd: Program = async (self) => {
  await self.print(`${self.cwd}\n`);
  return 0;
};

export const ls: Program = async (self) => {
  const { given, words } = optionsOf(self.argv);
  const names = words.length === 0 ? ["."] : words;
  return forEach(
    self,
    names,
    (word) => word,
    async (path, word) => {
      const node = self.disk.stat(path, !given.has("l"));
      const isListed = node.kind === "directory" && !given.has("d");
      if (!isListed) return self.print(listing([[word, node]], given));
      if (names.length > 1) await self.print(`${word}:\n`);
      const entries = sorted(self.disk.list(path)).filter(
        ([name]) => given.has("a") || given.has("A") || !name.startsWith("."),
      );
      await self.print(listing(given.has("a") ? [[".", node], ["..", node], ...entries] : entries, given));
    },
  );
};

function listing(entries: readonly (readonly [string, TreeNode])[], given: ReadonlyMap<string, string>): string {
  return entries.map(([name, node]) => `${given.has("l") ? longLine(name, node) : name}\n`).join("");
}

function longLine(name: string, node: TreeNode): string {
  const links = node.kind === "directory" ? 2 : 1;
  const when = strftime("%b %e %H:%M", BigInt(Math.round(node.mtimeMs)) * 1_000_000n);
  const owner = `${ownerOf(node.uid).padEnd(8)} ${ownerOf(node.gid).padEnd(8)}`;
  const target = node.kind === "link" ? ` -> ${node.target}` : "";
  return `${modeText(node)} ${String(links).padStart(4)} ${owner} ${String(sizeOf(node)).padStart(9)} ${when} ${name}${target}`;
}

function ownerOf(id: number): string {
  return id === 0 ? "root" : String(id);
}

function modeText({ kind, mode }: TreeNode): string {
  const type = { file: "-", directory: "d", link: "l", device: "c" }[kind];
  const bits = [..."rwxrwxrwx"].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : "-"));
  if (mode & 0o1000) bits[8] = bits[8] === "x" ? "t" : "T";
  return type + bits.join("");
}

export const readlink: Program = (self) => {
  const { given, words } = optionsOf(self.argv);
  return forEach(
    self,
    words,
    (word) => word,
    async (path) => {
      if (given.has("f")) return self.print(`${self.disk.find(path).path}\n`);
      const node = self.disk.stat(path, false);
      if (node.kind === "link") await self.print(`${node.target}\n`);
    },
  );
};

export const find: Program = async (self) => {
  const options = self.argv.slice(1);
  const start = options[0]?.startsWith("-") === true || options[0] === undefined ? "." : (options.shift() as string);
  const value = (name: string): string | undefined =>
    options.includes(name) ? options[options.indexOf(name) + 1] : undefined;
  const [name, type, depth] = [value("-name"), value("-type"), Number(value("-maxdepth") ?? Number.POSITIVE_INFINITY)];
  const action = actionOf(self, options);
  const wanted = { f: "file", d: "directory", l: "link" }[type ?? ""];
  const glob =
    name === undefined
      ? undefined
      : new RegExp(
          `^${name
            .replace(/[.+^$(){}|\\]/g, "\\$&")
            .replaceAll("*", ".*")
            .replaceAll("?", ".")}$`,
        );
  return forEach(
    self,
    [start],
    (word) => word,
    async (path) => {
      const visit = async (at: string, shown: string, level: number): Promise<void> => {
        const node = self.disk.stat(at, false);
        const fits = (wanted === undefined || node.kind === wanted) && (glob?.test(baseName(shown)) ?? true);
        if (fits) await (action === undefined ? self.print(`${shown}\n`) : action(shown));
        if (node.kind !== "directory" || level >= depth) return;
        for (const [child] of sorted(self.disk.list(at)))
          await visit(absolute(child, at), `${shown === "/" ? "" : shown}/${child}`, level + 1);
      };
      await visit(path, start, 0);
    },
  );
};

/** `-exec COMMAND {} ;` for each, or `-delete`; undefined where each is printed. */
function actionOf(self: Process, options: readonly string[]): ((shown: string) => Promise<void>) | undefined {
  if (options.includes("-delete")) return async (shown) => self.disk.remove(self.path(shown));
  const from = options.indexOf("-exec");
  if (from === -1) return undefined;
  const end = options.findIndex((word, at) => at > from && (word === ";" || word === "+"));
  const words = options.slice(from + 1, end === -1 ? undefined : end);
  return async (shown) =>
    void (await runOther(
      self,
      words.map((word) => word.replaceAll("{}", shown)),
    ));
}

export const stat: Program = (self) => {
  const { given, words } = optionsOf(self.argv, "cf");
  return forEach(
    self,
    words,
    (word) => `can't stat '${word}'`,
    async (path, word) => {
      const node = self.disk.stat(path, given.has("L"));
      const fields: Readonly<Record<string, string>> = {
      n: word, s: String(sizeOf(node)), a: (node.mode & 0o7777).toString(8), A: modeText(node), u: String(node.uid), g: String(node.gid),
      U: ownerOf(node.uid), G: ownerOf(node.gid), Y: String(Math.floor(node.mtimeMs / 1000)), F: node.kind === "file" ? "regular file" : node.kind,
    }; // biome-ignore format: a table
      const format = given.get("c") ?? "  File: %n\n  Size: %s";
      await self.print(`${format.replace(/%([nsaAugUGYF])/g, (_, letter: string) => fields[letter] ?? "")}\n`);
    },
  );
};
