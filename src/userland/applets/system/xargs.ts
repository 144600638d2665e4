/** `xargs`: the words of its input are arguments of a command. */
import { findProgramFor } from "../../process/find-program.ts";
import { nowhere } from "../../process/pipe.ts";
import type { Process, Program } from "../../process/process.ts";
import { parseSignal } from "../../process/signals.ts";
import { AppletError, complain } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { parseCount, type ReadOptions, readOptions } from "../read-options.ts";
import { explainLookup } from "../run-command.ts";

const SOME_FAILED = 123;
const ABORTS = 255;
const ABORTED = 124;
const KILLED = 125;
const LARGEST = 2_147_483_647;
/** In bytes. */
const DEFAULT_SIZE = 128 * 1024;

/** All words at once, `-n` at a time, as many as `-s` lets in, or each in the place of `-I`. `-P` runs one at a time. */
export const xargs: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "0rtn:s:E:e::I:i::P:pxa:", { stopsAtWord: true });
  const command = words.length === 0 ? ["echo"] : words;
  for (const letter of ["P", "n", "s"]) readNumber(flags, letter, 0);
  const place = flags.get("I") ?? (flags.has("i") ? flags.get("i") || "{}" : undefined);
  const text = await readInput(self, flags.get("a"));
  const isPlain = !flags.has("0");
  const items = isPlain
    ? place === undefined
      ? splitWords(text)
      : splitLines(text)
    : text.split("\0").filter(Boolean);
  const kept = isPlain ? cutAt(items, flags.get("E") ?? flags.get("e") ?? "") : items;
  if (kept.length === 0 && (flags.has("r") || place !== undefined)) return 0;
  const lists =
    place === undefined
      ? groupWords(kept, command, flags).map((some) => [...command, ...some])
      : kept.map((item) => command.map((word) => word.replaceAll(place, item)));
  let status = 0;
  for (const argv of lists) {
    if (flags.has("t") || flags.has("p")) await self.writeStderr(`${argv.join(" ")}${flags.has("p") ? "" : "\n"}`);
    if (flags.has("p")) throw new AppletError("can't open '/dev/tty': No such file or directory");
    const one = await runOne(self, argv);
    if (one > SOME_FAILED) return one;
    status = Math.max(status, one);
  }
  return status;
};

/** @throws AppletError */
function readNumber(flags: ReadOptions["flags"], letter: string, fallback: number): number {
  const text = flags.get(letter);
  if (text === undefined) return fallback;
  const least = letter === "P" ? 0 : 1;
  const number = parseCount(text);
  if (number < least || number > LARGEST)
    throw new AppletError(`number ${number} is not in ${least}..${LARGEST} range`);
  return number;
}

async function readInput(self: Process, file: string | undefined): Promise<string> {
  const inputs = new Inputs(self, file === undefined ? [] : [file]);
  const bytes = await inputs.readWhole();
  if (inputs.failed) throw new AppletError("");
  return bytes.toString("utf8");
}

/** Blanks part words, quotes and backslashes hold them together. @throws AppletError for a quote without an end */
function splitWords(text: string): string[] {
  const pieces = /(?:\\[^\n]|"[^"]*"|'[^']*'|[^\s"'\\])+/g;
  const rest = text.replace(/\\[\s\S]|"[^"]*"|'[^']*'/g, "");
  const open = /["']/.exec(rest)?.[0];
  if (open !== undefined) throw new AppletError(`unmatched ${open === "'" ? "single" : "double"} quote`);
  return [...text.matchAll(pieces)].map(([word]) =>
    word.replace(
      /\\([\s\S])|"([^"]*)"|'([^']*)'/g,
      (_, escaped = "", double = "", single = "") => `${escaped}${double}${single}`,
    ),
  );
}

/** With `-I` a line is an argument, without the blanks before it. */
function splitLines(text: string): string[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trimStart()]));
}

/** What stands before the word that means the end. */
function cutAt(items: readonly string[], end: string): readonly string[] {
  const at = end === "" ? -1 : items.indexOf(end);
  return at === -1 ? items : items.slice(0, at);
}

/** @throws AppletError where a word alone is too long */
function groupWords(items: readonly string[], command: readonly string[], flags: ReadOptions["flags"]): string[][] {
  const sizeOf = (words: readonly string[]): number =>
    words.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
  const most = readNumber(flags, "n", LARGEST);
  const room = readNumber(flags, "s", DEFAULT_SIZE) - sizeOf(command);
  const groups: string[][] = [[]];
  for (const item of items) {
    if (sizeOf([item]) > room) throw new AppletError("can't fit single argument within argument list size limit");
    const group = groups.at(-1) as string[];
    if (group.length < most && sizeOf([...group, item]) <= room) group.push(item);
    else groups.push([item]);
  }
  return groups;
}

/** What it means for the status of all. */
async function runOne(self: Process, argv: readonly string[]): Promise<number> {
  const [name = ""] = argv;
  const program = findProgramFor(self, argv);
  if (typeof program !== "function") {
    const { reason, status } = explainLookup(program);
    await complain(self, `${name}: ${reason}`);
    return status;
  }
  const child = self.spawn(program, argv, { stdin: nowhere });
  const status = await self.waitUntil(child.exited);
  if (child.endedBySignal !== undefined) {
    await complain(self, `'${name}' terminated by signal ${parseSignal(child.endedBySignal)}`);
    return KILLED;
  }
  if (status !== ABORTS) return status === 0 ? 0 : SOME_FAILED;
  await complain(self, `${name}: exited with status 255; aborting`);
  return ABORTED;
}
