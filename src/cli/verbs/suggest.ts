import { readCassette, sidecarFile } from "../../io/disk/read-cassette.ts";
import { type Side, suggestRules, unmended } from "../../match/suggest.ts";
import { suggestedRules, suggestionRemarks } from "../../view/suggestion.ts";
import type { Verb } from "../verb.ts";

interface SuggestArguments {
  cassette: string;
  second: string;
}

export const verb: Verb<SuggestArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 suggest CASSETTE SECOND")
      .positional("cassette", { type: "string", demandOption: true, describe: "The cassette that is to be replayed" })
      .positional("second", { type: "string", demandOption: true, describe: "Another recording of the same session" })
      .example(
        "$0 suggest web.yaml again.yaml",
        "Rules to stdout, for the header of web.yaml; remarks to stderr",
      ) as never,
  handler: async ({ cassette: first, second }) => {
    const suggestion = await suggestRules(sideAt(first), sideAt(second));
    process.stdout.write(suggestedRules(suggestion));
    process.stderr.write(suggestionRemarks(suggestion, { first, second }));
    process.exitCode = unmended(suggestion.rehearsal).length > 0 ? 1 : 0;
  },
};

function sideAt(path: string): Side {
  return { cassette: readCassette(path), pieces: (sidecar) => sidecarFile(path, sidecar).pieces() };
}
