import type { CommandModule } from "yargs";
import { readCassette } from "../../io/disk/read-cassette.ts";
import { transcript } from "../../view/transcript.ts";

export const show: CommandModule<object, { cassette: string }> = {
  command: "show <cassette>",
  describe: "Print a cassette as a transcript, one line an event",
  builder: (yargs) =>
    yargs
      .usage("$0 show CASSETTE")
      .positional("cassette", { type: "string", demandOption: true, describe: "The cassette to read" })
      .example("$0 show web.yaml | less -R", "Read it page by page") as never,
  handler: async ({ cassette }) => {
    // A pager that is closed early is no fault.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => error.code === "EPIPE" && process.exit(0));
    for (const line of transcript(readCassette(cassette))) process.stdout.write(`${line}\n`);
  },
};
