/** How a verb ended, and what is printed if an error ended it. */
import { WhalesongError } from "../base/errors.ts";
import { formatError } from "./format-error.ts";
import type { Terminal } from "./terminal.ts";
import { UsageMistake } from "./usage/usage-mistake.ts";

const FAILURE = 1;
const USAGE_FAILURE = 2;

/** Errors about the words themselves: their status is that of words that are no command line. */
const WORD_CODES: ReadonlySet<string> = new Set([
  "WHALESONG_BAD_RULE",
  "WHALESONG_BAD_TEMPO",
  "WHALESONG_BAD_DURATION",
  "WHALESONG_BAD_ADDRESS",
  "WHALESONG_BAD_TIME",
  "WHALESONG_BAD_MODE",
  "WHALESONG_BAD_LIMIT",
  "WHALESONG_BAD_REFERENCE",
  "WHALESONG_BAD_API_VERSION",
  "WHALESONG_NO_SUCH_STREAM",
  "WHALESONG_NO_COMMAND",
  "WHALESONG_UNKNOWN_CODE",
]);

export interface VerbResult {
  /** The exit status: the verb's own, 1 for an error, 2 for words that are no command line. */
  readonly status: number;
  /** Whether an error ended the verb. */
  readonly hasFailed: boolean;
}

/** Waits for the end of a verb, and prints the error that ends it. */
export async function resolveResult(verb: Promise<number>, terminal: Terminal): Promise<VerbResult> {
  try {
    return { status: await verb, hasFailed: false };
  } catch (error) {
    return { status: printFailure(terminal, error as Error), hasFailed: true };
  }
}

/** Prints what ended the verb, an error of its words with the help to ask for. Returns the exit status. */
function printFailure({ stderr }: Terminal, error: Error): number {
  if (error instanceof UsageMistake || error.name === "YError") {
    const verb = error instanceof UsageMistake ? error.verb : undefined;
    stderr.write(`whalesong: ${error.message}\nHelp: whalesong ${verb === undefined ? "" : `${verb} `}--help\n`);
    return USAGE_FAILURE;
  }
  stderr.write(`whalesong: ${formatError(error)}\n`);
  return error instanceof WhalesongError && WORD_CODES.has(error.code) ? USAGE_FAILURE : FAILURE;
}
