/** The completions that the script of `whalesong completion` asks for. */
import yargs from "yargs";
import { type FlagTable, readFlagTable } from "./usage/flag-table.ts";
import type { VerbLine } from "./verb.ts";

/**
 * Completes the last of `words`, which is being typed. Nothing for a file: the shell completes those.
 * @param words what is typed so far; the program first, except in fish
 */
export async function completeWords(words: readonly string[], verbs: readonly VerbLine[]): Promise<readonly string[]> {
  const isProgramFirst = words.length > 1 && (words[0] ?? "").endsWith("whalesong");
  const [verb = "", ...rest] = words.slice(isProgramFirst ? 1 : 0, -1);
  const current = words.at(-1) ?? "";
  const candidates = await listCandidates(verb, current, rest.at(-1), verbs);
  return candidates.filter((word) => word.startsWith(current));
}

async function listCandidates(
  verb: string,
  current: string,
  previous: string | undefined,
  verbs: readonly VerbLine[],
): Promise<readonly string[]> {
  const names = [...verbs.map(({ command }) => command.split(" ")[0] as string), "completion"];
  if (verb === "") return names;
  if (verb === "help") return [...names, ...(await listCodes())];
  const line = verbs.find(({ command }) => command.split(" ")[0] === verb);
  if (line === undefined) return [];
  const { names: flags, choices } = await loadFlagTable(line);
  const allowed = choices[previous?.replace(/^--/, "") ?? ""];
  if (allowed !== undefined) return allowed;
  return current.startsWith("-") ? [...flags].filter((flag) => flag.length > 1).map((flag) => `--${flag}`) : [];
}

async function listCodes(): Promise<readonly string[]> {
  const { readErrorSections } = await import("./usage/error-codes.ts");
  return [...readErrorSections().keys()];
}

async function loadFlagTable({ load }: VerbLine): Promise<FlagTable> {
  const parser = yargs([]);
  await (await load()).verb.builder(parser);
  return readFlagTable(parser, []);
}
