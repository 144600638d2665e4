/** `du` and `truncate`: the room that files take. */
import { sizeOf, type TreeNode } from "../../files/node.ts";
import { sortByName } from "../../files/tree.ts";
import type { Process, Program } from "../../process/process.ts";
import { expectWords } from "../applet-errors.ts";
import { parseCount, type ReadOptions, readOptions } from "../read-options.ts";
import { applyToPaths } from "./for-each-path.ts";
import { countBlocks, formatHumanSize } from "./format-file.ts";

const BLOCK = 512;
const KILOBYTE = 1024;
const SIZE_UNITS = {
  k: 1024,
  K: 1024,
  kB: 1000,
  KB: 1000,
  m: 1024 ** 2,
  M: 1024 ** 2,
  MB: 1e6,
  G: 1024 ** 3,
  GB: 1e9,
  b: 512,
  c: 1,
  w: 2,
};

export const du: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "aHLd:clsxhmkb");
  const usage = new DiskUsage(self, flags);
  const status = await applyToPaths(
    self,
    words.length === 0 ? ["."] : words,
    (word) => word,
    (path, word) => usage.measureTop(path, word),
  );
  if (flags.has("c")) await usage.printTotal();
  return status;
};

class DiskUsage {
  readonly #self: Process;
  readonly #flags: ReadOptions["flags"];
  readonly #depth: number;
  #total = 0;

  constructor(self: Process, flags: ReadOptions["flags"]) {
    this.#self = self;
    this.#flags = flags;
    this.#depth = flags.has("s") ? 0 : flags.has("d") ? parseCount(flags.get("d") as string) : Number.POSITIVE_INFINITY;
  }

  async measureTop(path: string, word: string): Promise<void> {
    const node = this.#self.disk.stat(path, this.#flags.has("H") || this.#flags.has("L"));
    this.#total += await this.#measure(path, node, word, 0);
  }

  async printTotal(): Promise<void> {
    await this.#print(this.#total, "total");
  }

  /** In blocks of 512 bytes; with `-b` in bytes. */
  async #measure(path: string, node: TreeNode, shown: string, level: number): Promise<number> {
    let size = this.#flags.has("b") ? sizeOf(node) : countBlocks(node);
    if (node.kind === "directory") {
      for (const [name, child] of sortByName(this.#self.disk.list(path))) {
        const target = this.#flags.has("L") ? this.#self.disk.peek(`${path}/${name}`) : undefined;
        size += await this.#measure(
          `${path}/${name}`,
          target ?? child,
          `${shown.replace(/\/$/, "")}/${name}`,
          level + 1,
        );
      }
    }
    const isShown = level === 0 || (level <= this.#depth && (node.kind === "directory" || this.#flags.has("a")));
    if (isShown) await this.#print(size, shown);
    return size;
  }

  async #print(size: number, shown: string): Promise<void> {
    const bytes = this.#flags.has("b") ? size : size * BLOCK;
    await this.#self.writeStdout(`${this.#format(bytes)}\t${shown}\n`);
  }

  #format(bytes: number): string {
    if (this.#flags.has("b")) return String(bytes);
    if (this.#flags.has("h")) return formatHumanSize(bytes);
    return String(Math.ceil(bytes / (this.#flags.has("m") ? KILOBYTE ** 2 : KILOBYTE)));
  }
}

export const truncate: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "cs:");
  const text = flags.get("s");
  expectWords(text === undefined ? [] : words, 1);
  const size = parseCount(text ?? "", SIZE_UNITS);
  return applyToPaths(
    self,
    words,
    (word) => `${word}: open`,
    (path) => {
      const node = self.disk.peek(path);
      if (node === undefined && flags.has("c")) return;
      const before = node?.kind === "file" ? node.content : Buffer.alloc(0);
      const rest = Buffer.alloc(Math.max(0, size - before.length));
      self.disk.write(path, Buffer.concat([before.subarray(0, size), rest]));
    },
  );
};
