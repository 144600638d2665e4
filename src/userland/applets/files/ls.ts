/** `ls`: names of files, and what is known of them. */
import { FileError } from "../../files/file-error.ts";
import type { TreeNode } from "../../files/node.ts";
import type { Process, Program } from "../../process/process.ts";
import { complain } from "../applet-errors.ts";
import { type ReadOptions, readOptions } from "../read-options.ts";
import { countBlocks } from "./format-file.ts";
import { formatEntries, type ListedFile } from "./format-listing.ts";
import { sortFiles } from "./sort-files.ts";

const LETTERS = "1AaCxdLHRFplinshrSXvctuw:";
const LONG = { color: "color", "full-time": "full-time", "group-directories-first": "group-directories-first" };
type Flags = ReadOptions["flags"];

export const ls: Program = async (self) => {
  const argv = self.argv.map((word) => (word.startsWith("--color=") ? "--color" : word));
  const { flags, words } = readOptions(argv, LETTERS, { long: LONG });
  const lister = new Lister(self, flags);
  await lister.listAll(words.length === 0 ? ["."] : words, words.length > 1 || flags.has("R"));
  return lister.status;
};

class Lister {
  status = 0;
  readonly #self: Process;
  readonly #flags: Flags;
  #isFirst = true;

  constructor(self: Process, flags: Flags) {
    this.#self = self;
    this.#flags = flags;
  }

  async listAll(words: readonly string[], showsTitles: boolean): Promise<void> {
    const files: ListedFile[] = [];
    const folders: string[] = [];
    for (const word of words) {
      const node = await this.#find(word);
      if (node === undefined) continue;
      if (node.kind === "directory" && !this.#flags.has("d")) folders.push(word);
      else files.push({ name: word, path: this.#self.resolvePath(word), node });
    }
    if (files.length > 0) {
      this.#isFirst = false;
      await this.#print(files);
    }
    for (const folder of folders.sort()) await this.#listFolder(folder, showsTitles);
  }

  /** With `-l`, `-F` and the like a link in the command line stands for itself. */
  async #find(word: string): Promise<TreeNode | undefined> {
    const keepsLinks =
      ["l", "F", "p", "s", "i", "n"].some((letter) => this.#flags.has(letter)) &&
      !this.#flags.has("L") &&
      !this.#flags.has("H");
    try {
      return this.#self.disk.stat(this.#self.resolvePath(word), !keepsLinks);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.status = await complain(this.#self, `${word}: ${error.message}`);
      return undefined;
    }
  }

  async #listFolder(folder: string, showsTitle: boolean): Promise<void> {
    const entries = await this.#read(folder);
    if (entries === undefined) return;
    if (showsTitle) await this.#self.writeStdout(`${this.#isFirst ? "" : "\n"}${folder}:\n`);
    this.#isFirst = false;
    if (this.#flags.has("l") || this.#flags.has("n") || this.#flags.has("s") || this.#flags.has("full-time")) {
      const blocks = entries.reduce((sum, { node }) => sum + countBlocks(node), 0);
      await this.#self.writeStdout(`total ${blocks / 2}\n`);
    }
    await this.#print(entries);
    if (!this.#flags.has("R")) return;
    for (const { name, node } of sortFiles(entries, this.#flags)) {
      if (node.kind === "directory" && name !== "." && name !== "..")
        await this.#listFolder(`${folder.replace(/\/$/, "")}/${name}`, true);
    }
  }

  async #read(folder: string): Promise<ListedFile[] | undefined> {
    const path = this.#self.resolvePath(folder);
    try {
      const entries = [...this.#self.disk.list(path)].map(([name, node]) =>
        this.#toFile(name, `${path}/${name}`, node),
      );
      const dots = [".", ".."].map((name) =>
        this.#toFile(name, `${path}/${name}`, this.#self.disk.stat(`${path}/${name}`)),
      );
      if (this.#flags.has("a")) return [...dots, ...entries];
      return this.#flags.has("A") ? entries : entries.filter(({ name }) => !name.startsWith("."));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.status = await complain(this.#self, `can't open '${folder}': ${error.message}`);
      return undefined;
    }
  }

  #toFile(name: string, path: string, node: TreeNode): ListedFile {
    const target = this.#flags.has("L") ? this.#self.disk.peek(path) : undefined;
    return { name, path, node: target ?? node };
  }

  async #print(files: readonly ListedFile[]): Promise<void> {
    const sorted = sortFiles(files, this.#flags);
    await this.#self.writeStdout(
      formatEntries(sorted, this.#flags, this.#self.disk, Number(this.#self.time.now() / 1_000_000n)),
    );
  }
}
