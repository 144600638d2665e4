import { readCassette } from "../../io/disk/read-cassette.ts";
import { formatTranscript } from "../../view/transcript.ts";
import type { CliVerb } from "../verb.ts";

export const verb: CliVerb<{ cassette: string }> = {
  builder: (yargs) =>
    yargs
      .usage("$0 show CASSETTE")
      .positional("cassette", { type: "string", demandOption: true, describe: "The cassette to read" })
      .example("$0 show web.yaml | less -R", "Read it page by page") as never,
  handler: async ({ cassette }) => {
    // A pager that is closed early is no fault.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => error.code === "EPIPE" && process.exit(0));
    for (const line of formatTranscript(readCassette(cassette))) process.stdout.write(`${line}\n`);
  },
};
