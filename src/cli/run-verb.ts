/** Parses the words of the command line with yargs and runs the verb they name. */
import yargs, { type Argv, type CommandModule } from "yargs";
import { version } from "../version.ts";
import { formatError } from "./format-error.ts";
import { createEscapingTerminal, type Terminal } from "./terminal.ts";
import { createCommands } from "./verbs.ts";

const EPILOGUE = "Docs and the cassette format: https://www.npmjs.com/package/whalesong";
const WIDTH = 110;
const FAILURE = 1;
const USAGE_FAILURE = 2;

/** Messages of yargs, in whalesong's words. */
const MESSAGES = {
  "Not enough non-option arguments: got %s, need at least %s": {
    one: "the verb got %s of the %s words that it needs; the usage is below",
    other: "the verb got %s of the %s words that it needs; the usage is below",
  },
} as unknown as Record<string, string>;

export interface VerbResult {
  /** The exit status: the verb's own, 1 for an error, 2 for words that are no command line. */
  readonly status: number;
  /** Whether an error ended the verb. */
  readonly hasFailed: boolean;
}

/**
 * Runs the verb that `words` name, such as `["replay", "web.yaml", "--", "docker", "ps"]`. Prints errors to `output`.
 * @param columns the width of the help; at most 110
 */
export async function runVerb(
  words: readonly string[],
  output: Terminal,
  columns: number = WIDTH,
): Promise<VerbResult> {
  const terminal = createEscapingTerminal(output);
  let status = 0;
  let failure: number | undefined;
  const commands = createCommands(terminal, (verbStatus) => {
    status = verbStatus;
  });
  const parser = createParser(words, commands, Math.min(WIDTH, columns)).fail((message, error, usage) => {
    failure ??= printFailure(terminal, message, error, usage);
    // Without an error yargs would go on and run the verb.
    throw error ?? new Error(message);
  });
  try {
    await parser.parseAsync();
    return { status, hasFailed: false };
  } catch (error) {
    // yargs throws some of its usage errors without calling the failure handler.
    if (error instanceof Error && error.name === "YError") failure ??= printUsageError(terminal, error.message);
    if (failure === undefined) throw error;
    return { status: failure, hasFailed: true };
  }
}

function createParser(words: readonly string[], commands: readonly CommandModule[], columns: number): Argv {
  return yargs([...words])
    .scriptName("whalesong")
    .usage("$0 <verb>\n\nVCR for the Docker Engine API: record a real daemon once, replay it without one.")
    .command([...commands])
    .completion("completion", "Print a script that completes verbs and flags in your shell")
    .parserConfiguration({ "populate--": true, "camel-case-expansion": true })
    .updateStrings(MESSAGES)
    .demandCommand(1, "Name a verb; `whalesong --help` lists them.")
    .recommendCommands()
    .strict()
    .version(version)
    .help()
    .alias("h", "help")
    .wrap(columns)
    .epilogue(EPILOGUE)
    .exitProcess(false);
}

/** Prints an error of the verb, or a usage error. Returns the exit status. */
function printFailure(terminal: Terminal, message: string, error: Error | undefined, usage: Argv): number {
  if (!error) return printUsageError(terminal, message, (usage as unknown as { help(): string }).help());
  terminal.stderr.write(`whalesong: ${formatError(error)}\n`);
  return FAILURE;
}

function printUsageError({ stderr }: Terminal, message: string, help?: string): number {
  stderr.write(`whalesong: ${message}\n${help === undefined ? "" : `\n${help}\n`}`);
  return USAGE_FAILURE;
}
