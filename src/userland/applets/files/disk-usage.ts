/** Commands about the room that files take. */
import { type FileNode, sizeOf, type TreeNode } from "../../files/node.ts";
import { resolvePath } from "../../files/path.ts";
import type { Program } from "../../process/process.ts";
import { readOptions } from "../read-options.ts";
import { applyToPaths } from "./for-each-path.ts";

const BLOCK = 4096;
const UNITS: Readonly<Record<string, number>> = { k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** In blocks of a kilobyte: of what lies in folders, too. */
export const du: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "aHLd:clsxhmkb");
  const isOneLine = flags.has("s") || flags.get("d") === "0";
  return applyToPaths(
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
        if (isShown) await self.writeStdout(`${flags.has("h") ? `${blocks}.0K` : blocks}\t${shown}\n`);
        return blocks;
      };
      await visit(self.disk.stat(path), word, true);
    },
  );
};

export const truncate: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "cs:");
  const [, number = "0", unit = ""] = /^(\d+)([kKMG]?)/.exec(flags.get("s") ?? "") ?? [];
  const size = Number(number) * (UNITS[unit] ?? 1);
  return applyToPaths(
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
  const { flags, words } = readOptions(self.argv, "dqtp:u");
  const [template = "tmp.XXXXXX"] = words;
  const folder =
    words.length === 0 || flags.has("p") || flags.has("t") ? (flags.get("p") ?? self.env.TMPDIR ?? "/tmp") : self.cwd;
  for (let number = self.pid; ; number += 1) {
    const path = resolvePath(
      template.replace(/X+$/, (letters) => number.toString(36).padStart(letters.length, "a")),
      folder,
    );
    if (self.disk.peek(path, false) !== undefined) continue;
    if (flags.has("d")) self.disk.makeFolder(path, 0o700);
    else if (!flags.has("u")) self.disk.write(path, Buffer.alloc(0));
    await self.writeStdout(`${path}\n`);
    return 0;
  }
};
