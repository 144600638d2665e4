/** Commands about the room that files take. */
import { type FileNode, sizeOf, type TreeNode } from "../files/node.ts";
import { absolute } from "../files/path.ts";
import type { Program } from "../process/process.ts";
import { forEach } from "./for-each.ts";
import { optionsOf } from "./options.ts";

const BLOCK = 4096;
const UNITS: Readonly<Record<string, number>> = { k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** In blocks of a kilobyte: of what lies in folders, too. */
export const du: Program = (self) => {
  const { given, words } = optionsOf(self.argv, "d");
  const isOneLine = given.has("s") || given.get("d") === "0";
  return forEach(
    self,
    words.length === 0 ? ["."] : words,
    (word) => word,
    async (path, word) => {
      const visit = async (node: TreeNode, shown: string, isShown: boolean): Promise<number> => {
        let blocks = Math.ceil(sizeOf(node) / BLOCK) * (BLOCK / 1024);
        if (node.kind === "directory") {
          blocks += BLOCK / 1024;
          for (const [name, child] of node.children)
            blocks += await visit(child, `${shown}/${name}`, !isOneLine && child.kind === "directory");
        }
        if (isShown) await self.print(`${given.has("h") ? `${blocks}.0K` : blocks}\t${shown}\n`);
        return blocks;
      };
      await visit(self.disk.stat(path), word, true);
    },
  );
};

export const truncate: Program = (self) => {
  const { given, words } = optionsOf(self.argv, "s");
  const [, number = "0", unit = ""] = /^(\d+)([kKMG]?)/.exec(given.get("s") ?? "") ?? [];
  const size = Number(number) * (UNITS[unit] ?? 1);
  return forEach(
    self,
    words,
    (word) => word,
    (path) => {
      const before = (self.disk.peek(path) as FileNode | undefined)?.content ?? Buffer.alloc(0);
      self.disk.write(path, Buffer.concat([before.subarray(0, size), Buffer.alloc(Math.max(0, size - before.length))]));
    },
  );
};

/** A fresh file, or folder with `-d`; its name is made of the process' number. */
export const mktemp: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "p");
  const [template = "tmp.XXXXXX"] = words;
  const folder =
    words.length === 0 || given.has("p") || given.has("t") ? (given.get("p") ?? self.env.TMPDIR ?? "/tmp") : self.cwd;
  for (let number = self.pid; ; number += 1) {
    const path = absolute(
      template.replace(/X+$/, (letters) => number.toString(36).padStart(letters.length, "a")),
      folder,
    );
    if (self.disk.peek(path, false) !== undefined) continue;
    if (given.has("d")) self.disk.makeFolder(path, 0o700);
    else if (!given.has("u")) self.disk.write(path, Buffer.alloc(0));
    await self.print(`${path}\n`);
    return 0;
  }
};
