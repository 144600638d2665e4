import { readCassette } from "../../io/disk/read-cassette.ts";
import { formatTranscript } from "../../view/transcript.ts";
import type { CliVerb } from "../verb.ts";

export const verb: CliVerb<{ cassette: string }> = {
  builder: (yargs) =>
    yargs
      .usage("$0 show CASSETTE")
      .positional("cassette", { type: "string", demandOption: true, describe: "The cassette to read" })
      .example("$0 show web.yaml | less -R", "Read it page by page"),
  run: async ({ cassette }, { stdout }) => {
    for (const line of formatTranscript(readCassette(cassette))) stdout.write(`${line}\n`);
    return 0;
  },
};
