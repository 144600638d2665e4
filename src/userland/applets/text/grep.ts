/** `grep`: the lines in which something is found. */
import { resolvePath } from "../../files/path.ts";
import { sortByName } from "../../files/tree.ts";
import type { Process, Program } from "../../process/process.ts";
import { type InputFile, Inputs, readLines } from "../inputs.ts";
import { readOptions } from "../read-options.ts";
import { compileLiteral, compilePattern } from "./posix-pattern.ts";

export const grep: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "emABCf");
  const [pattern = "", ...paths] = flags.has("e") ? [flags.get("e") as string, ...words] : words;
  const isDeep = flags.has("r") || flags.has("R");
  const files = isDeep ? (paths.length === 0 ? ["."] : paths).flatMap((path) => listFiles(self, path)) : paths;
  const inputs = new Inputs(self, files, (name, error) => (flags.has("s") ? "" : `grep: ${name}: ${error.message}\n`));
  const search = new Search(self, flags, compileSearch(pattern, flags, self.argv[0] ?? ""));
  const showsNames = flags.has("H") || ((files.length > 1 || isDeep) && !flags.has("h"));
  let found = 0;
  for await (const input of inputs) {
    found += await search.searchInput(input, showsNames);
    if (found > 0 && flags.has("q")) return 0;
  }
  return found > 0 ? 0 : inputs.failed ? 2 : 1;
};

export const egrep: Program = grep;
export const fgrep: Program = grep;

type Flags = ReadonlyMap<string, string>;

function listFiles(self: Process, path: string): string[] {
  const node = self.disk.peek(self.resolvePath(path));
  if (node?.kind !== "directory") return [path];
  return sortByName(self.disk.list(self.resolvePath(path))).flatMap(([name]) =>
    listFiles(
      self,
      path === "."
        ? name
        : resolvePath(name, path.startsWith("/") ? path : `/${path}`).slice(path.startsWith("/") ? 0 : 1),
    ),
  );
}

/** Several patterns stand in lines. */
function compileSearch(pattern: string, flags: Flags, name: string): RegExp {
  const isFixed = flags.has("F") || name === "fgrep";
  const sources = pattern
    .split("\n")
    .map((line) => (isFixed ? compileLiteral(line) : compilePattern(line, flags.has("E") || name === "egrep")).source);
  const source = `(?:${sources.join("|")})`;
  const whole = flags.has("x") ? `^${source}$` : flags.has("w") ? `(?<!\\w)${source}(?!\\w)` : source;
  return new RegExp(whole, flags.has("i") ? "gi" : "g");
}

class Search {
  readonly #self: Process;
  readonly #flags: Flags;
  readonly #expression: RegExp;
  readonly #before: number;
  readonly #after: number;

  constructor(self: Process, flags: Flags, expression: RegExp) {
    this.#self = self;
    this.#flags = flags;
    this.#expression = expression;
    this.#before = Number(flags.get("B") ?? flags.get("C") ?? 0);
    this.#after = Number(flags.get("A") ?? flags.get("C") ?? 0);
  }

  /** Prints what is found in it; returns how much. */
  async searchInput(input: InputFile, showsName: boolean): Promise<number> {
    const flags = this.#flags;
    const most = Number(flags.get("m") ?? Number.POSITIVE_INFINITY);
    const name = input.name === "-" ? "(standard input)" : input.name;
    const isQuiet = flags.has("q") || flags.has("c") || flags.has("l");
    const held: string[] = [];
    let [found, number, owed, last] = [0, 0, 0, 0];
    for await (const bytes of readLines(input)) {
      number += 1;
      const line = bytes.toString("utf8").replace(/\n$/, "");
      const isFound = line.search(this.#expression) !== -1;
      const prefix = (mark: string): string =>
        `${showsName ? `${name}${mark}` : ""}${flags.has("n") ? `${number}${mark}` : ""}`;
      if (isFound !== flags.has("v")) {
        found += 1;
        if (flags.has("q") || flags.has("l")) break;
        if (!isQuiet) {
          const first = number - held.length;
          if ((this.#before > 0 || this.#after > 0) && last > 0 && first > last + 1)
            await this.#self.writeStdout("--\n");
          await this.#self.writeStdout(held.splice(0).join("") + this.#formatMatches(line, prefix(":")));
          last = number;
        }
        owed = this.#after;
        if (found >= most) break;
      } else if (owed > 0 && !isQuiet) {
        owed -= 1;
        last = number;
        await this.#self.writeStdout(`${prefix("-")}${line}\n`);
      } else if (this.#before > 0) {
        held.push(`${prefix("-")}${line}\n`);
        if (held.length > this.#before) held.shift();
      }
    }
    if (flags.has("c")) await this.#self.writeStdout(`${showsName ? `${name}:` : ""}${found}\n`);
    if (flags.has("l") && found > 0) await this.#self.writeStdout(`${name}\n`);
    return found;
  }

  #formatMatches(line: string, prefix: string): string {
    if (!this.#flags.has("o")) return `${prefix}${line}\n`;
    const found = line.match(this.#expression) ?? [];
    return found.flatMap((part) => (part === "" ? [] : [`${prefix}${part}\n`])).join("");
  }
}
