/** `grep`: the lines in which something is found. */

import type { FileError } from "../../files/file-error.ts";
import { compileLinear } from "../../linear-patterns.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError, WrongUsage } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { parseCount, type ReadOptions, readOptions } from "../read-options.ts";
import { compileLiteral, compilePattern } from "./posix-pattern.ts";
import { LineSearch, type SearchRules } from "./search-lines.ts";

const TROUBLE = 2;

export const grep: Program = async (self) => {
  const options = readOptions(self.argv, "lnqvscFiHhe:f:LorRm:wA:B:C:EIxzU", { long: { color: "color" } });
  const { flags } = options;
  const { patterns, paths } = await readPatterns(self, options);
  const isDeep = flags.has("r") || flags.has("R");
  const files = isDeep ? (paths.length === 0 ? ["."] : paths).flatMap((path) => listFiles(self, path)) : paths;
  const inputs = new Inputs(self, files, (name, { message }) => (flags.has("s") ? "" : `grep: ${name}: ${message}\n`));
  const search = new LineSearch(
    self,
    readRules(options, compileSearch(patterns, flags, self.argv[0] ?? ""), files.length > 1 || isDeep),
  );
  let found = 0;
  for await (const input of inputs) {
    found += await search.searchInput(input);
    if (found > 0 && flags.has("q")) return 0;
  }
  if (inputs.failed) return TROUBLE;
  return found > 0 ? 0 : 1;
};

export const egrep: Program = grep;
export const fgrep: Program = grep;

/** Those of `-e` and `-f`, or the first word. Several stand in lines. */
async function readPatterns(
  self: Process,
  { all, words }: ReadOptions,
): Promise<{ readonly patterns: readonly string[]; readonly paths: readonly string[] }> {
  const patterns: string[] = [];
  let hasOption = false;
  for (const [letter, value] of all) {
    if (letter === "e") patterns.push(...value.split("\n"));
    if (letter === "f") patterns.push(...(await readPatternFile(self, value)));
    hasOption ||= letter === "e" || letter === "f";
  }
  if (hasOption) return { patterns, paths: words };
  const [pattern, ...paths] = words;
  if (pattern === undefined) throw new WrongUsage("");
  return { patterns: pattern.split("\n"), paths };
}

async function readPatternFile(self: Process, name: string): Promise<string[]> {
  const inputs = new Inputs(self, [name], (_, { message }: FileError) => `grep: ${name}: ${message}\n`);
  const text = (await inputs.readWhole()).toString("latin1");
  if (inputs.failed) throw new AppletError("", TROUBLE);
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function listFiles(self: Process, path: string): string[] {
  const node = self.disk.peek(self.resolvePath(path));
  if (node?.kind !== "directory") return [path];
  const names = [...self.disk.list(self.resolvePath(path)).keys()].sort();
  return names.flatMap((name) => listFiles(self, path === "." ? name : `${path.replace(/\/$/, "")}/${name}`));
}

function compileSearch(patterns: readonly string[], flags: ReadOptions["flags"], name: string): RegExp {
  const isLiteral = flags.has("F") || name.endsWith("fgrep");
  const isExtended = flags.has("E") || name.endsWith("egrep");
  const sources = patterns.map((pattern) =>
    isLiteral ? compileLiteral(toBytes(pattern)).source : compileSource(pattern, isExtended),
  );
  const source = sources.length === 0 ? "(?!)" : `(?:${sources.join("|")})`;
  const letters = flags.has("i") ? "gi" : "g";
  if (flags.has("x")) return compileLinear(`^${source}$`, letters);
  const expression = compileLinear(source, letters);
  return flags.has("w") ? new WordPattern(expression) : expression;
}

/** As busybox: what is found has to be a word, or the search begins anew one character further (findutils/grep.c). */
class WordPattern extends RegExp {
  readonly #expression: RegExp;

  constructor(expression: RegExp) {
    super(expression);
    this.#expression = expression;
  }

  override exec(text: string): RegExpExecArray | null {
    for (let from = this.lastIndex; from <= text.length; ) {
      this.#expression.lastIndex = from;
      const found = this.#expression.exec(text);
      if (found === null) break;
      this.lastIndex = this.#expression.lastIndex;
      if (isWord(text, found)) return found;
      from = found.index + 1;
    }
    this.lastIndex = 0;
    return null;
  }
}

function isWord(text: string, { 0: { length }, index }: RegExpExecArray): boolean {
  return !/\w/.test(text.charAt(index - 1)) && !/\w/.test(text.charAt(index + length));
}

function toBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function compileSource(pattern: string, isExtended: boolean): string {
  try {
    return compilePattern(toBytes(pattern), isExtended).source;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AppletError(`bad regex '${pattern}'`, TROUBLE);
  }
}

function readRules({ flags }: ReadOptions, expression: RegExp, areMany: boolean): SearchRules {
  const around = flags.get("C") ?? "0";
  return {
    expression,
    showsNames: flags.has("H") || (areMany && !flags.has("h")),
    showsNumbers: flags.has("n"),
    isInverted: flags.has("v"),
    showsParts: flags.has("o"),
    output: ["q", "l", "L", "c"].find((letter) => flags.has(letter)) as SearchRules["output"],
    limit: flags.has("m") ? parseTroubledCount(flags.get("m") as string) : Number.POSITIVE_INFINITY,
    before: parseTroubledCount(flags.get("B") ?? around),
    after: parseTroubledCount(flags.get("A") ?? around),
    ending: flags.has("z") ? "\0" : "\n",
  };
}

function parseTroubledCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new AppletError(`invalid number '${text}'`, TROUBLE);
  return parseCount(text);
}
