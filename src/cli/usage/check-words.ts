/** Finds what is wrong with the words of a verb before yargs does, and says how to mend it. */
import { existsSync } from "node:fs";
import { formatShellLine } from "../../base/shell-words.ts";
import type { FlagTable } from "./flag-table.ts";
import { type SplitWords, splitWords, type UsedFlag } from "./split-words.ts";
import { formatSuggestion, UsageMistake } from "./usage-mistake.ts";

/** What a verb accepts. */
export interface VerbGrammar {
  /** As the help lists it: `record <cassette>`; `<a..>` is one or more, `[a]` may be left out. */
  readonly command: string;
  /** Its usage: `whalesong record CASSETTE [options] [-- COMMAND...]`. */
  readonly usage: string;
  readonly table: FlagTable;
}

/**
 * @param words those behind the verb
 * @throws UsageMistake
 */
export function checkWords(words: readonly string[], grammar: VerbGrammar): void {
  const split = splitWords(words, grammar.table);
  const start = takesCommand(grammar) && !split.hasCommand ? findCommandStart(split, grammar) : undefined;
  for (const flag of split.flags) if (start === undefined || flag.at < start) checkFlag(flag, grammar);
  if (start !== undefined) refuseForgottenDashes(words, split, grammar, start);
  checkPositionals(split, grammar);
}

/** The name of the verb. */
function readVerb({ command }: VerbGrammar): string {
  return command.split(" ")[0] as string;
}

/** `["cassette", "second"]` of `suggest <cassette> <second>`. */
export function listPositionals(command: string): readonly string[] {
  return [...command.matchAll(/[<[](\w+)/g)].map(([, name]) => name as string);
}

/** Whether words behind `--` are run. */
function takesCommand({ usage }: VerbGrammar): boolean {
  return usage.includes("-- COMMAND");
}

function isVariadic({ command }: VerbGrammar): boolean {
  return command.includes("..");
}

/** The slip that is made most: `whalesong record a.yaml docker ps`. */
function refuseForgottenDashes(words: readonly string[], split: SplitWords, grammar: VerbGrammar, at: number): never {
  const before = words.slice(0, at);
  const verb = readVerb(grammar);
  const hasFile = split.positionals.some((one) => one.at < at) || listPositionals(grammar.command).length === 0;
  const line = formatShellLine([...before, ...(hasFile ? [] : ["CASSETTE"]), "--", ...words.slice(at)]);
  const advice = hasFile ? "put -- before the command" : "name a cassette first, and put -- before the command";
  throw new UsageMistake(`${advice}: whalesong ${verb} ${line}`, verb);
}

/** Where the forgotten command begins, if the words look like one. */
function findCommandStart({ positionals }: SplitWords, grammar: VerbGrammar): number | undefined {
  const files = listPositionals(grammar.command).length;
  const firstOther = positionals.findIndex(({ word }) => !isLikeFile(word));
  if (isVariadic(grammar)) return positionals.length > 1 ? positionals[firstOther]?.at : undefined;
  if (positionals.length <= files) return undefined;
  return positionals[firstOther === 0 ? 0 : files]?.at;
}

function isLikeFile(word: string): boolean {
  return /\.ya?ml$/.test(word) || existsSync(word) || /[/.]/.test(word);
}

function checkFlag({ word, name, value }: UsedFlag, grammar: VerbGrammar): void {
  const { names, booleans, choices } = grammar.table;
  const verb = readVerb(grammar);
  if (name === undefined) {
    const known = [...names].filter((one) => one.length > 1).map((one) => `--${one}`);
    throw new UsageMistake(`${verb} has no flag \`${word}\`${formatSuggestion(word, known)}`, verb);
  }
  if (booleans.has(name)) return;
  if (value === undefined) throw new UsageMistake(`\`${word}\` needs a value`, verb);
  if (value === "") throw new UsageMistake(`\`${word}\` needs a value, got an empty one; is a variable not set?`, verb);
  refuseOther(word, value, choices[name], verb);
}

/** A word in a place where only some words may stand: `har` of `export har web.yaml`. */
function checkChoice(name: string, word: string | undefined, grammar: VerbGrammar): void {
  if (word !== undefined) refuseOther(name.toUpperCase(), word, grammar.table.choices[name], readVerb(grammar));
}

/** `export web.yaml har`: the word that may only stand in front stands behind the file. */
function checkOrder(positionals: SplitWords["positionals"], grammar: VerbGrammar): void {
  const [name = ""] = listPositionals(grammar.command);
  const choices = grammar.table.choices[name];
  const [first, second] = positionals.map(({ word }) => word);
  if (choices === undefined || first === undefined || second === undefined) return;
  if (choices.includes(first) || !choices.includes(second)) return;
  const verb = readVerb(grammar);
  throw new UsageMistake(`the words are swapped: write \`${verb} ${second} ${first}\``, verb);
}

function refuseOther(place: string, value: string, allowed: readonly string[] | undefined, verb: string): void {
  if (allowed === undefined || allowed.includes(value)) return;
  const suggestion = formatSuggestion(value, allowed);
  throw new UsageMistake(`${place} must be ${formatChoices(allowed)}, got \`${value}\`${suggestion}`, verb);
}

/** `a`, `b` or `c`, as in a sentence. */
export function formatChoices(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

function checkPositionals({ positionals }: SplitWords, grammar: VerbGrammar): void {
  const { command, usage } = grammar;
  const verb = readVerb(grammar);
  checkOrder(positionals, grammar);
  for (const [at, name] of listPositionals(command).entries()) checkChoice(name, positionals[at]?.word, grammar);
  const needed = [...command.matchAll(/</g)].length;
  const missing = [...usage.matchAll(/\b[A-Z]+\b/g)].slice(positionals.length, needed).map(([name]) => name);
  if (missing.length > 0) throw new UsageMistake(`${verb} needs ${missing.join(" and ")}: ${usage}`, verb);
  const extra = positionals[listPositionals(command).length];
  if (extra === undefined || isVariadic(grammar)) return;
  throw new UsageMistake(`${verb} takes no word \`${extra.word}\`: ${usage}`, verb);
}
