/** Parses the words of the command line with yargs and runs the verb they name. */
import yargs, { type Argv, type CommandModule } from "yargs";
import { version } from "../version.ts";
import { completeWords } from "./completion.ts";
import { printCompletion } from "./print-completion.ts";
import { createEscapingTerminal, type Terminal, type VerbTerminal } from "./terminal.ts";
import { findOtherName } from "./usage/other-names.ts";
import { formatSuggestion, UsageMistake } from "./usage/usage-mistake.ts";
import { resolveResult, type VerbResult } from "./verb-result.ts";
import { createCommands, VERB_NAMES, VERBS } from "./verbs.ts";

const EPILOGUE = "Docs and the cassette format: https://www.npmjs.com/package/whalesong";
const WIDTH = 110;
/** What the scripts of yargs ask with. */
const COMPLETION_FLAG = "--get-yargs-completions";
const VERSION_WORDS: ReadonlySet<string> = new Set(["version", "-v", "-V"]);

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
  return resolveResult(parseWords(toPlainWords(words), terminal, Math.min(WIDTH, columns)), terminal);
}

/** Words for help as yargs knows them: `help record` is `record --help`. */
function toPlainWords(words: readonly string[]): readonly string[] {
  const [first = "--help", second = "", ...rest] = words;
  if (words.length === 1 && VERSION_WORDS.has(first)) return ["--version"];
  if (words.length === 0 || (first === "help" && words.length === 1)) return ["--help"];
  return first === "help" && VERB_NAMES.includes(second) ? [second, "--help", ...rest] : words;
}

async function parseWords(words: readonly string[], terminal: VerbTerminal, columns: number): Promise<number> {
  if (words[0] === COMPLETION_FLAG) {
    const completions = await completeWords(words.slice(1), VERBS);
    terminal.stdout.write(completions.map((word) => `${word}\n`).join(""));
    return 0;
  }
  checkVerb(words);
  let status = 0;
  const commands = createCommands({
    words,
    terminal,
    onStatus: (verbStatus) => {
      status = verbStatus;
    },
  });
  const openParser = (): Argv => printingTo(terminal, createParser(words, commands, columns));
  if (words[0] === "completion") printCompletion(words.slice(1), openParser, terminal.stdout);
  else await openParser().parseAsync();
  return status;
}

/** @throws UsageMistake if the words begin with no verb, nor ask for help */
function checkVerb(words: readonly string[]): void {
  const [first = ""] = words;
  if (VERB_NAMES.includes(first) || /^(-h|--help|--version)$/.test(first)) return;
  if (first.startsWith("-")) {
    const verb = words.find((word) => VERB_NAMES.includes(word));
    if (verb === undefined) throw new UsageMistake(`whalesong has no flag \`${first}\``);
    throw new UsageMistake(`put \`${verb}\` before its flags, \`${first}\` stands first`, verb);
  }
  const other = findOtherName(first);
  const suggestion = other === undefined ? formatSuggestion(first, VERB_NAMES) : `; did you mean \`${other}\`?`;
  throw new UsageMistake(`there is no command \`${first}\`${suggestion}`, other?.split(" ")[0]);
}

/** What yargs keeps for itself, and declares no type for. */
interface YargsInternals {
  getInternalMethods(): {
    getUsageInstance(): { cacheHelpMessage: () => void };
    getLoggerInstance(): { log: (text: string) => void };
  };
}

/**
 * yargs writes the help of each verb that it starts, for the case that the verb fails. Here a failure only says where
 * the help is, and to write it takes a tenth of the time until a socket is there.
 */
function withoutCachedHelp(parser: Argv): Argv {
  const usage = (parser as unknown as YargsInternals).getInternalMethods().getUsageInstance();
  usage.cacheHelpMessage = () => undefined;
  return parser;
}

/** yargs prints help, version and completions with `console.log`, which loses what standard output does not take. */
function printingTo({ stdout }: Terminal, parser: Argv): Argv {
  const logger = (parser as unknown as YargsInternals).getInternalMethods().getLoggerInstance();
  logger.log = (text) => void stdout.write(`${text}\n`);
  return parser;
}

function createParser(words: readonly string[], commands: readonly CommandModule[], columns: number): Argv {
  return withoutCachedHelp(
    yargs([...words])
      .scriptName("whalesong")
      .usage("$0 <command>\n\nVCR for the Docker Engine API: record a real daemon once, replay it without one.")
      .command([...commands])
      .completion("completion", "Print a script that completes commands and flags in bash, zsh or fish")
      .parserConfiguration({ "populate--": true, "camel-case-expansion": true })
      .strict()
      .version(version)
      .help()
      .alias("h", "help")
      .wrap(columns)
      .epilogue(EPILOGUE)
      .exitProcess(false)
      // Without an error yargs would go on and run the verb.
      .fail((message, error) => {
        throw error ?? new UsageMistake(toPlainMessage(message), words[0]);
      }),
  );
}

/** What yargs finds that the check of the words leaves to it, such as `--tls-cert` without `--tls-key`. */
function toPlainMessage(message: string): string {
  const [, flag, needed] = / ([\w-]+) -> ([\w-]+)/.exec(message) ?? [];
  return flag === undefined ? message : `--${flag} needs --${needed}`;
}
