/** `grep`: the lines in which something is found. */
import { absolute } from "../../files/path.ts";
import { sorted } from "../../files/tree.ts";
import type { Process, Program } from "../../process/process.ts";
import { type Input, Inputs, linesOf } from "../inputs.ts";
import { optionsOf } from "../options.ts";
import { expressionOf, literally } from "./expression.ts";

export const grep: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "emABCf");
  const [pattern = "", ...paths] = given.has("e") ? [given.get("e") as string, ...words] : words;
  const isDeep = given.has("r") || given.has("R");
  const files = isDeep ? (paths.length === 0 ? ["."] : paths).flatMap((path) => filesUnder(self, path)) : paths;
  const inputs = new Inputs(self, files, (name, error) => (given.has("s") ? "" : `grep: ${name}: ${error.message}\n`));
  const search = new Search(self, given, expressionFor(pattern, given, self.argv[0] ?? ""));
  const showsNames = given.has("H") || ((files.length > 1 || isDeep) && !given.has("h"));
  let found = 0;
  for await (const input of inputs) {
    found += await search.of(input, showsNames);
    if (found > 0 && given.has("q")) return 0;
  }
  return found > 0 ? 0 : inputs.failed ? 2 : 1;
};

export const egrep: Program = grep;
export const fgrep: Program = grep;

type Given = ReadonlyMap<string, string>;

function filesUnder(self: Process, path: string): string[] {
  const node = self.disk.peek(self.path(path));
  if (node?.kind !== "directory") return [path];
  return sorted(self.disk.list(self.path(path))).flatMap(([name]) =>
    filesUnder(
      self,
      path === "."
        ? name
        : absolute(name, path.startsWith("/") ? path : `/${path}`).slice(path.startsWith("/") ? 0 : 1),
    ),
  );
}

/** Several patterns stand in lines. */
function expressionFor(pattern: string, given: Given, name: string): RegExp {
  const isFixed = given.has("F") || name === "fgrep";
  const sources = pattern
    .split("\n")
    .map((line) => (isFixed ? literally(line) : expressionOf(line, given.has("E") || name === "egrep")).source);
  const source = `(?:${sources.join("|")})`;
  const whole = given.has("x") ? `^${source}$` : given.has("w") ? `(?<!\\w)${source}(?!\\w)` : source;
  return new RegExp(whole, given.has("i") ? "gi" : "g");
}

class Search {
  readonly #self: Process;
  readonly #given: Given;
  readonly #expression: RegExp;
  readonly #before: number;
  readonly #after: number;

  constructor(self: Process, given: Given, expression: RegExp) {
    this.#self = self;
    this.#given = given;
    this.#expression = expression;
    this.#before = Number(given.get("B") ?? given.get("C") ?? 0);
    this.#after = Number(given.get("A") ?? given.get("C") ?? 0);
  }

  /** Prints what is found in it; returns how much. */
  async of(input: Input, showsName: boolean): Promise<number> {
    const given = this.#given;
    const most = Number(given.get("m") ?? Number.POSITIVE_INFINITY);
    const name = input.name === "-" ? "(standard input)" : input.name;
    const isQuiet = given.has("q") || given.has("c") || given.has("l");
    const held: string[] = [];
    let [found, number, owed, last] = [0, 0, 0, 0];
    for await (const bytes of linesOf(input)) {
      number += 1;
      const line = bytes.toString("utf8").replace(/\n$/, "");
      const isFound = line.search(this.#expression) !== -1;
      const prefix = (mark: string): string =>
        `${showsName ? `${name}${mark}` : ""}${given.has("n") ? `${number}${mark}` : ""}`;
      if (isFound !== given.has("v")) {
        found += 1;
        if (given.has("q") || given.has("l")) break;
        if (!isQuiet) {
          const first = number - held.length;
          if ((this.#before > 0 || this.#after > 0) && last > 0 && first > last + 1) await this.#self.print("--\n");
          await this.#self.print(held.splice(0).join("") + this.#shown(line, prefix(":")));
          last = number;
        }
        owed = this.#after;
        if (found >= most) break;
      } else if (owed > 0 && !isQuiet) {
        owed -= 1;
        last = number;
        await this.#self.print(`${prefix("-")}${line}\n`);
      } else if (this.#before > 0) {
        held.push(`${prefix("-")}${line}\n`);
        if (held.length > this.#before) held.shift();
      }
    }
    if (given.has("c")) await this.#self.print(`${showsName ? `${name}:` : ""}${found}\n`);
    if (given.has("l") && found > 0) await this.#self.print(`${name}\n`);
    return found;
  }

  #shown(line: string, prefix: string): string {
    if (!this.#given.has("o")) return `${prefix}${line}\n`;
    const found = line.match(this.#expression) ?? [];
    return found.flatMap((part) => (part === "" ? [] : [`${prefix}${part}\n`])).join("");
  }
}
