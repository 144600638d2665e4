/** `cut`: fields or characters of each line. */
import type { Program } from "../../process/process.ts";
import { AppletError, WrongUsage } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { parseCount, type ReadOptions, readOptions } from "../read-options.ts";
import { compilePattern } from "./posix-pattern.ts";

interface CutRange {
  readonly from: number;
  readonly to: number;
}

interface CutRules {
  readonly ranges: readonly CutRange[];
  /** Undefined where characters are selected. */
  readonly separator: string | RegExp | undefined;
  readonly joiner: string;
  readonly needsSeparator: boolean;
}

export const cut: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "b:c:f:d:O:sDF:n");
  const rules = readRules(flags);
  const inputs = new Inputs(self, words, (name, { message }) => `cut: ${name}: ${message}\n`);
  for await (const bytes of inputs.readLines()) {
    const line = bytes.toString("latin1").replace(/\n$/, "");
    const text = rules.separator === undefined ? cutCharacters(line, rules) : cutFields(line, rules, rules.separator);
    if (text !== undefined) await self.writeStdout(Buffer.from(`${text}\n`, "latin1"));
  }
  return Number(inputs.failed);
};

function readRules(flags: ReadOptions["flags"]): CutRules {
  const kinds = ["b", "c", "f", "F"].filter((letter) => flags.has(letter));
  const [kind, another] = kinds;
  if (kind === undefined) throw new AppletError("expected a list of bytes, characters, or fields");
  if (another !== undefined) throw new WrongUsage("");
  const isFields = kind === "f" || kind === "F";
  if (!isFields && flags.has("d")) throw new AppletError("a delimiter may be specified only when operating on fields");
  const delimiter = kind === "f" ? flags.get("d")?.slice(0, 1) : flags.get("d");
  const ranges = parseRanges(flags.get(kind) as string);
  const pattern = kind === "F" ? compilePattern(delimiter ?? "[[:space:]][[:space:]]*", true, "g") : undefined;
  return {
    ranges: flags.has("D") || kind === "F" ? ranges : mergeRanges(ranges),
    separator: isFields ? (pattern ?? delimiter ?? "\t") : undefined,
    joiner: flags.get("O") ?? (kind === "F" ? " " : (delimiter ?? "\t")),
    needsSeparator: flags.has("s"),
  };
}

/** `2`, `2-`, `-4`, `2-4`, with commas between them. @throws AppletError */
function parseRanges(list: string): CutRange[] {
  return list.split(",").flatMap((text) => {
    if (text === "") return [];
    const dash = text.indexOf("-");
    const [from, to] = dash === -1 ? [text, text] : [text.slice(0, dash), text.slice(dash + 1)];
    const start = from === "" ? 1 : Math.max(1, parseCount(from));
    const end = to === "" ? Number.POSITIVE_INFINITY : parseCount(to);
    // busybox counts from 0 on.
    if (end < start - 1 && to !== "0") throw new AppletError(`${end}<${start - 1}`);
    return [{ from: start, to: Math.max(start, end) }];
  });
}

function mergeRanges(ranges: readonly CutRange[]): CutRange[] {
  const merged: CutRange[] = [];
  for (const range of [...ranges].sort((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}

function cutCharacters(line: string, { ranges }: CutRules): string {
  return ranges.map(({ from, to }) => line.slice(from - 1, to)).join("");
}

/** A line without a separator is printed whole, unless it is to be left out. */
function cutFields(
  line: string,
  { ranges, joiner, needsSeparator }: CutRules,
  separator: string | RegExp,
): string | undefined {
  const fields = line.split(separator);
  if (fields.length === 1) return needsSeparator ? undefined : line;
  return ranges.flatMap(({ from, to }) => fields.slice(from - 1, to)).join(joiner);
}
