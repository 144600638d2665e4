/** `diff`: what differs between two files, or the files of two folders, in the unified format. */
import { FileError } from "../../files/file-error.ts";
import { toBaseName } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError, expectWords } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { parseCount, type ReadOptions, readOptions } from "../read-options.ts";
import { compareLines, type LineRules } from "./compare-lines.ts";
import { formatHunks } from "./format-hunks.ts";

const TROUBLE = 2;
const CONTEXT = "3";
const NOWHERE = "/dev/null";
const LONG = {
  "expand-tabs": "t",
  "ignore-all-space": "w",
  "ignore-blank-lines": "B",
  "ignore-case": "i",
  "ignore-space-change": "b",
  "initial-tab": "T",
  label: "L",
  minimal: "d",
  "new-file": "N",
  brief: "q",
  recursive: "r",
  "report-identical-files": "s",
  text: "a",
  unified: "U",
};

export const diff: Program = async (self) => {
  const options = readOptions(self.argv, "abdiL:NqrsTtU:uwB", { long: LONG });
  expectWords(options.words, 2, 2);
  return new DiffRun(self, options).compare(options.words[0] as string, options.words[1] as string);
};

class DiffRun {
  readonly #self: Process;
  readonly #flags: ReadonlyMap<string, string>;
  readonly #labels: readonly string[];
  readonly #context: number;

  constructor(self: Process, { flags, all }: ReadOptions) {
    this.#self = self;
    this.#flags = flags;
    this.#labels = all.flatMap(([letter, value]) => (letter === "L" ? [value] : []));
    this.#context = parseCount(flags.get("U") ?? CONTEXT);
  }

  async compare(one: string, other: string): Promise<number> {
    const [isOneFolder, isOtherFolder] = [this.#isFolder(one), this.#isFolder(other)];
    if (isOneFolder && isOtherFolder) return this.#compareFolders(one, other);
    const inOne = isOneFolder ? `${one}/${toBaseName(other)}` : one;
    return this.#compareFiles(inOne, isOtherFolder ? `${other}/${toBaseName(one)}` : other);
  }

  #isFolder(path: string): boolean {
    return path !== "-" && this.#self.disk.peek(this.#self.resolvePath(path))?.kind === "directory";
  }

  async #compareFolders(one: string, other: string): Promise<number> {
    const lists = [one, other].map((path) => this.#self.disk.list(this.#self.resolvePath(path)));
    const names = [...new Set(lists.flatMap((list) => [...list.keys()]))].sort();
    let status = 0;
    for (const name of names) {
      const [inOne, inOther] = lists.map((list) => list.get(name));
      const paths = [`${one.replace(/\/$/, "")}/${name}`, `${other.replace(/\/$/, "")}/${name}`] as const;
      if (inOne?.kind === "directory" && inOther?.kind === "directory") {
        if (this.#flags.has("r")) status = Math.max(status, await this.#compareFolders(...paths));
        else await this.#self.writeStdout(`Common subdirectories: ${paths[0]} and ${paths[1]}\n`);
      } else if ((inOne === undefined || inOther === undefined) && !this.#flags.has("N")) {
        await this.#self.writeStdout(`Only in ${inOne === undefined ? other : one}: ${name}\n`);
        status = Math.max(status, 1);
      } else {
        const [from, to] = [inOne === undefined ? NOWHERE : paths[0], inOther === undefined ? NOWHERE : paths[1]];
        status = Math.max(status, await this.#compareFiles(from, to));
      }
    }
    return status;
  }

  async #compareFiles(one: string, other: string): Promise<number> {
    const [before, after] = [await this.#read(one), await this.#read(other)];
    if (before === undefined || after === undefined) return TROUBLE;
    if (before.equals(after)) return this.#reportSame(one, other);
    const isBinary = !this.#flags.has("a") && (before.includes(0) || after.includes(0));
    if (isBinary) return this.#reportDiffering(one, other);
    const lines = compareLines(before, after, this.#rules);
    if (lines.every(({ sign }) => sign === " ")) return this.#reportSame(one, other);
    if (this.#flags.has("q")) return this.#reportDiffering(one, other);
    const [from = one, to = other] = this.#labels;
    const hunks = formatHunks(lines, this.#context, { hasTab: this.#flags.has("T"), expands: this.#flags.has("t") });
    await this.#self.writeStdout(Buffer.from(`--- ${from}\n+++ ${to}\n${hunks}`, "latin1"));
    return 1;
  }

  get #rules(): LineRules {
    return {
      foldsCase: this.#flags.has("i"),
      squeezesSpace: this.#flags.has("b"),
      dropsSpace: this.#flags.has("w"),
      skipsBlankLines: this.#flags.has("B"),
    };
  }

  async #reportSame(one: string, other: string): Promise<number> {
    if (this.#flags.has("s") && one !== other)
      await this.#self.writeStdout(`Files ${one} and ${other} are identical\n`);
    return 0;
  }

  async #reportDiffering(one: string, other: string): Promise<number> {
    await this.#self.writeStdout(`Files ${one} and ${other} differ\n`);
    return 1;
  }

  /** With `-N` a missing file is empty. */
  async #read(name: string): Promise<Buffer | undefined> {
    if (name === "-") return new Inputs(this.#self, []).readWhole();
    try {
      return this.#self.disk.read(this.#self.resolvePath(name));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (error.code === "ENOENT" && this.#flags.has("N")) return Buffer.alloc(0);
      throw new AppletError(`can't stat '${name}': ${error.message}`, TROUBLE);
    }
  }
}
