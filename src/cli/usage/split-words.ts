/** Splits the words of a verb into flags and positional words, as yargs will. */
import type { FlagTable } from "./flag-table.ts";

export interface SplitWords {
  readonly flags: readonly UsedFlag[];
  readonly positionals: readonly PositionalWord[];
  /** Whether a `--` is among the words; the words behind it are in none of the lists. */
  readonly hasCommand: boolean;
}

export interface UsedFlag {
  /** As it was written, without its value: `--on-miss`. */
  readonly word: string;
  /** The name of a known flag; undefined if there is no such flag. */
  readonly name: string | undefined;
  /** Undefined: none was given, or the flag takes none. */
  readonly value: string | undefined;
  /** Where it stands among the words. */
  readonly at: number;
}

export interface PositionalWord {
  readonly word: string;
  readonly at: number;
}

export function splitWords(words: readonly string[], table: FlagTable): SplitWords {
  const end = words.indexOf("--");
  const own = end === -1 ? words : words.slice(0, end);
  const flags: UsedFlag[] = [];
  const positionals: PositionalWord[] = [];
  for (let at = 0; at < own.length; at++) {
    const word = own[at] as string;
    if (!word.startsWith("-") || word === "-") positionals.push({ word, at });
    else {
      const flag = readFlag(own, at, table);
      flags.push(flag);
      if (takesNextWord(flag, word, table)) at++;
    }
  }
  return { flags, positionals, hasCommand: end !== -1 };
}

function readFlag(words: readonly string[], at: number, table: FlagTable): UsedFlag {
  const [word = "", ...rest] = (words[at] as string).split("=");
  const name = findFlagName(word.replace(/^--?/, ""), table);
  if (rest.length > 0) return { word, name, value: rest.join("="), at };
  const next = words[at + 1];
  const isValue = next !== undefined && (next === "-" || !next.startsWith("-"));
  return { word, name, value: name !== undefined && !table.booleans.has(name) && isValue ? next : undefined, at };
}

function takesNextWord({ value }: UsedFlag, word: string, { booleans }: FlagTable): boolean {
  return value !== undefined && !word.includes("=") && !booleans.has(word.replace(/^--?/, ""));
}

function findFlagName(name: string, { names, booleans }: FlagTable): string | undefined {
  if (names.has(name)) return name;
  const positive = name.replace(/^no-/, "");
  return positive !== name && booleans.has(positive) ? positive : undefined;
}
