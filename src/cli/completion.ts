/** The completions that the script of `whalesong completion` asks for. */
import yargs from "yargs";
import { listPositionals } from "./usage/check-words.ts";
import { type FlagTable, readFlagTable } from "./usage/flag-table.ts";
import type { VerbLine } from "./verb.ts";

const PREFIX = "WHALESONG_";

/**
 * Completes the last of `words`, which is being typed. Nothing for a file: the shell completes those.
 * @param words what is typed so far; the program first, except in fish
 */
export async function completeWords(words: readonly string[], verbs: readonly VerbLine[]): Promise<readonly string[]> {
  const isProgramFirst = words.length > 1 && (words[0] ?? "").endsWith("whalesong");
  const [verb = "", ...rest] = words.slice(isProgramFirst ? 1 : 0, -1);
  const current = words.at(-1) ?? "";
  const candidates = await listCandidates(verb, current, rest, verbs);
  return candidates.filter((word) => word.startsWith(current));
}

async function listCandidates(
  verb: string,
  current: string,
  before: readonly string[],
  verbs: readonly VerbLine[],
): Promise<readonly string[]> {
  const names = [...verbs.map(({ command }) => command.split(" ")[0] as string), "completion"];
  if (verb === "") return names;
  if (verb === "help") return [...names, ...(await listCodes(current))];
  const line = verbs.find(({ command }) => command.split(" ")[0] === verb);
  if (line === undefined) return [];
  const { names: flags, choices } = await loadFlagTable(line);
  // Behind a verb, the choices of its first word; behind a flag, those of the flag.
  const choosing = before.at(-1)?.replace(/^--/, "") ?? listPositionals(line.command)[0] ?? "";
  const allowed = current.startsWith("-") ? undefined : choices[choosing];
  if (allowed !== undefined) return allowed;
  return current.startsWith("-") ? [...flags].filter((flag) => flag.length > 1).map((flag) => `--${flag}`) : [];
}

/** With the prefix that all have, or without it, as the word begins. */
async function listCodes(current: string): Promise<readonly string[]> {
  const { readErrorSections } = await import("./usage/error-codes.ts");
  const codes = [...readErrorSections().keys()];
  return current === "" || PREFIX.startsWith(current.slice(0, PREFIX.length))
    ? codes
    : codes.map((code) => code.replace(PREFIX, ""));
}

async function loadFlagTable({ load }: VerbLine): Promise<FlagTable> {
  const parser = yargs([]);
  await (await load()).verb.builder(parser);
  return readFlagTable(parser, []);
}
