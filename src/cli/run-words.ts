/** Runs a verb without yargs if its words are plain, otherwise with it. */
import { checkFlagValues } from "./flag-values.ts";
import { createEscapingTerminal, type Terminal, type VerbTerminal } from "./terminal.ts";
import { type PlainArguments, readPlainWords } from "./usage/read-plain-words.ts";
import type { CliVerb } from "./verb.ts";
import { resolveResult, type VerbResult } from "./verb-result.ts";
import { VERBS } from "./verbs.ts";

/**
 * Runs the verb that `words` name, such as `["replay", "web.yaml", "--", "docker", "ps"]`. Prints errors to `output`.
 * @param columns the width of the help; at most 110
 */
export async function runWords(words: readonly string[], output: Terminal, columns?: number): Promise<VerbResult> {
  const plain = await findPlainRun(words);
  if (plain === undefined) return (await import("./run-verb.ts")).runVerb(words, output, columns);
  const terminal = createEscapingTerminal(output);
  return resolveResult(runPlain(plain, terminal), terminal);
}

async function runPlain({ run, argv }: PlainRun, terminal: VerbTerminal): Promise<number> {
  checkFlagValues(argv);
  return run(argv as never, terminal);
}

interface PlainRun {
  readonly argv: PlainArguments;
  readonly run: CliVerb<never>["run"];
}

async function findPlainRun([name, ...words]: readonly string[]): Promise<PlainRun | undefined> {
  const line = VERBS.find(({ command, isOftenPlain }) => isOftenPlain === true && command.startsWith(`${name} `));
  if (line === undefined) return undefined;
  const { verb } = await line.load();
  const argv: PlainArguments | undefined =
    verb.flags && readPlainWords(words, { command: line.command, flags: verb.flags });
  return argv && { argv, run: verb.run };
}
