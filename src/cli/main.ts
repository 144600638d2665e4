/** The command line: one verb, one file, loaded when it is asked for. */
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { WhalesongError } from "../base/errors.ts";
import { version } from "../version.ts";
import { VERBS } from "./verbs.ts";

const EPILOGUE = "Docs and the cassette format: https://www.npmjs.com/package/whalesong";

/** What yargs says, in our words. */
const WORDS = {
  "Not enough non-option arguments: got %s, need at least %s": {
    one: "the verb was given %s of the %s words that it needs; the usage is below",
    other: "the verb was given %s of the %s words that it needs; the usage is below",
  },
} as unknown as Record<string, string>;

/** Runs the verb that the process was started with. */
export async function runCommandLine(): Promise<void> {
  await yargs(hideBin(process.argv))
    .scriptName("whalesong")
    .usage("$0 <verb>\n\nVCR for the Docker Engine API: record a real daemon once, replay it without one.")
    .command([...VERBS])
    .completion("completion", "Print a script that completes verbs and flags in your shell")
    .parserConfiguration({ "populate--": true, "camel-case-expansion": true })
    .updateStrings(WORDS)
    .demandCommand(1, "Name a verb; `whalesong --help` lists them.")
    .recommendCommands()
    .strict()
    .version(version)
    .help()
    .alias("h", "help")
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .epilogue(EPILOGUE)
    .fail((message, error, parser) => {
      complain(error ?? new Error(message));
      if (error === undefined) process.stderr.write(`\n${parser.help()}\n`);
      process.exit(error === undefined ? 2 : 1);
    })
    .parseAsync();
}

/** What people need of an error: its message; where it came from only if it is none of ours. */
function complain(error: Error): void {
  const code = error instanceof WhalesongError ? ` [${error.code}]` : "";
  const text =
    error instanceof WhalesongError || error.stack === undefined ? error.message : error.message || error.stack;
  process.stderr.write(`whalesong: ${text}${code}\n`);
}
