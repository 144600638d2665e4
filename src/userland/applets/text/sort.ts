/** `sort`: lines in order, by the whole of them or by keys. */
import { FileError } from "../../files/file-error.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError, complain } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { type ReadOptions, readOptions } from "../read-options.ts";
import { createComparison, type SortKey, type SortRules } from "./sort-keys.ts";

const TROUBLE = 2;
const KEY = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/;

export const sort: Program = async (self) => {
  const options = readOptions(self.argv, "ngMucszbrdfimS:T:o:k:t:V");
  const { flags, words } = options;
  const ending = flags.has("z") ? "\0" : "\n";
  const compare = createComparison(readRules(options));
  const lines = await readAll(self, words, ending);
  if (flags.has("c")) return checkOrder(self, lines, compare, flags.has("u"));
  lines.sort(compare);
  const kept = flags.has("u")
    ? lines.filter((line, at) => at === 0 || compare(lines[at - 1] as string, line) !== 0)
    : lines;
  await write(self, Buffer.from(kept.map((line) => `${line}${ending}`).join(""), "latin1"), flags.get("o"));
  return 0;
};

async function readAll(self: Process, words: readonly string[], ending: "\n" | "\0"): Promise<string[]> {
  const inputs = new Inputs(self, words, (name, { message }) => `sort: ${name}: ${message}\n`);
  const lines: string[] = [];
  for await (const bytes of inputs.readLines(ending)) {
    const line = bytes.toString("latin1");
    lines.push(line.endsWith(ending) ? line.slice(0, -1) : line);
  }
  if (inputs.failed) throw new AppletError("", TROUBLE);
  return lines;
}

function readRules({ flags, all }: ReadOptions): SortRules {
  const separator = flags.get("t");
  if (separator !== undefined && separator.length !== 1 && separator !== "\\0")
    throw new AppletError("bad -t parameter", TROUBLE);
  const letters = [...flags.keys()].join("");
  return {
    letters,
    separator: separator === "\\0" ? "\0" : separator,
    keys: all.flatMap(([letter, value]) => (letter === "k" ? [parseKey(value, letters)] : [])),
    isStable: flags.has("s") || flags.has("u"),
  };
}

/** `2`, `2,3`, `1.2,1.4`, with letters behind: `2nr`. A key without letters has those of the command line. */
function parseKey(text: string, letters: string): SortKey {
  const [, from, fromOffset = "0", before = "", to = "0", toOffset = "0", behind = ""] = KEY.exec(text) ?? [];
  if (from === undefined || from === "0") throw new AppletError("bad field specification", TROUBLE);
  const own = before + behind;
  if (/[^nrgMbdfiV]/.test(own)) throw new AppletError("unknown key option", TROUBLE);
  return {
    from: Number(from),
    fromOffset: Number(fromOffset),
    to: Number(to),
    toOffset: Number(toOffset),
    letters: own === "" ? letters : own,
  };
}

async function checkOrder(
  self: Process,
  lines: readonly string[],
  compare: (one: string, other: string) => number,
  isStrict: boolean,
): Promise<number> {
  for (const [at, line] of lines.entries()) {
    const order = at === 0 ? -1 : compare(lines[at - 1] as string, line);
    if (order > 0 || (order === 0 && isStrict)) {
      await self.writeStderr(`Check line ${at}\n`);
      return 1;
    }
  }
  return 0;
}

async function write(self: Process, bytes: Buffer, target: string | undefined): Promise<void> {
  if (target === undefined) return self.writeStdout(bytes);
  try {
    self.disk.write(self.resolvePath(target), bytes);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await complain(self, `can't open '${target}': ${error.message}`);
    throw new AppletError("", TROUBLE);
  }
}
