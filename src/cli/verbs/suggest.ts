import { walkRecordings } from "../../io/disk/walk-recordings.ts";
import { findUnresolved, suggestRules } from "../../match/suggest.ts";
import { formatSuggestedRules, formatSuggestionRemarks } from "../../view/suggestion.ts";
import type { CliVerb } from "../verb.ts";

interface SuggestArguments {
  cassette: string;
  second: string;
}

export const verb: CliVerb<SuggestArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 suggest CASSETTE SECOND")
      .positional("cassette", { type: "string", demandOption: true, describe: "The cassette that is to be replayed" })
      .positional("second", { type: "string", demandOption: true, describe: "Another recording of the same session" })
      .example("$0 suggest web.yaml again.yaml", "Rules to stdout, for the header of web.yaml; remarks to stderr"),
  run: async ({ cassette: first, second }, { stdout, stderr }) => {
    return walkRecordings(first, second, async (one, other) => {
      const suggestion = await suggestRules(one, other);
      stdout.write(formatSuggestedRules(suggestion));
      stderr.write(formatSuggestionRemarks(suggestion, { first, second }));
      return findUnresolved(suggestion.comparison).length > 0 ? 1 : 0;
    });
  },
};
