import { UsageError } from "../../base/errors.ts";
import { findNearestWord } from "../../base/nearest-word.ts";

/** Words that are no command line of whalesong. Printed without a code, with the help that to ask for. */
export class UsageMistake extends UsageError {
  /** The verb whose help tells more; undefined: the help of all. */
  readonly verb: string | undefined;

  constructor(message: string, verb?: string) {
    super("WHALESONG_COMMAND_LINE", message);
    this.verb = verb;
  }
}

/** `; did you mean X?`, or nothing if no word is near. */
export function formatSuggestion(word: string, words: readonly string[]): string {
  const nearest = findNearestWord(word, words) ?? findContinuation(word, words);
  return nearest === undefined ? "" : `; did you mean \`${nearest}\`?`;
}

/** The only one of `words` that begins so: `--out` is meant to be `--output`. */
function findContinuation(word: string, words: readonly string[]): string | undefined {
  const longer = words.filter((candidate) => candidate.startsWith(word));
  return longer.length === 1 ? longer[0] : undefined;
}
