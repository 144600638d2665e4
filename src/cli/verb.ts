import type { ArgumentsCamelCase, Argv, CommandModule, Options } from "yargs";
import { checkFlagValues } from "./flag-values.ts";
import { groupFlags } from "./help-groups.ts";
import type { VerbTerminal } from "./terminal.ts";
import { checkWords, listPositionals, type VerbGrammar } from "./usage/check-words.ts";
import { readFlagTable } from "./usage/flag-table.ts";

/** A verb: its flags, and what it does with them. */
export interface CliVerb<Arguments> {
  /** Defines the flags. */
  readonly builder: (yargs: Argv) => unknown;
  /** All of them, if their words may be read without yargs (usage/read-plain-words.ts). @default none */
  readonly flags?: Readonly<Record<string, Options>>;
  /** Returns the exit status. A method, so that the list may hold verbs of any arguments. */
  run(argv: ArgumentsCamelCase<Arguments>, terminal: VerbTerminal): Promise<number>;
}

/** A line of the list of verbs. The module of a verb is loaded on demand: loading all takes longer than most verbs. */
export interface VerbLine<Arguments = never> {
  readonly command: string;
  readonly describe: string;
  /** Whether tests wait for it to start, with words that mostly need no parser. @default false */
  readonly isOftenPlain?: boolean;
  readonly load: () => Promise<{ readonly verb: CliVerb<Arguments> }>;
}

/** The words of the command line, and where their verb prints and reports. */
export interface VerbContext {
  readonly words: readonly string[];
  readonly terminal: VerbTerminal;
  readonly onStatus: (status: number) => void;
}

/** The yargs command of a verb. */
export function createCommand(line: VerbLine, { words, terminal, onStatus }: VerbContext): CommandModule {
  const { command, describe, load } = line;
  return {
    command,
    describe,
    // yargs awaits the builder, although its types do not say so.
    builder: (async (yargs: Argv) => {
      const { verb } = await load();
      await verb.builder(yargs);
      const grammar = toGrammar(line, yargs);
      groupFlags(yargs, grammar.table.names);
      if (!asksForText(words)) checkWords(readOwnWords(words), grammar);
      return yargs;
    }) as never,
    handler: async (argv) => {
      checkFlagValues(argv);
      onStatus(await (await load()).verb.run(argv as never, terminal));
    },
  };
}

const TEXT_FLAGS: ReadonlySet<string> = new Set(["--help", "-h", "--version"]);

/** Whether help or the version is wanted, so that no word is missing. */
function asksForText(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return (end === -1 ? words : words.slice(0, end)).some((word) => TEXT_FLAGS.has(word));
}

function readOwnWords(words: readonly string[]): readonly string[] {
  return words.slice(words.findIndex((word) => !word.startsWith("-")) + 1);
}

function toGrammar({ command }: VerbLine, yargs: Argv): VerbGrammar {
  return { command, usage: readUsage(yargs), table: readFlagTable(yargs, listPositionals(command)) };
}

interface YargsInternals {
  getInternalMethods(): { getUsageInstance(): { getUsage(): readonly (readonly string[])[] } };
}

function readUsage(yargs: Argv): string {
  const lines = (yargs as unknown as YargsInternals).getInternalMethods().getUsageInstance().getUsage();
  return (lines.at(-1)?.[0] ?? "").replace("$0", "whalesong");
}
