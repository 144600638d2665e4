import { existsSync } from "node:fs";
import type { TextPieces } from "../../base/gather-text.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { createExistsError } from "../../integrations/edit/save-edited.ts";
import { exportCast } from "../../integrations/export/export-cast.ts";
import { exportCurl } from "../../integrations/export/export-curl.ts";
import { exportHar } from "../../integrations/export/export-har.ts";
import { walkCassette } from "../../io/disk/read-cassette.ts";
import { writePieces } from "../../io/disk/write-pieces.ts";
import { chooseExchanges, formatNoOutput } from "../choose-exchanges.ts";
import { STANDARD_OUTPUT } from "../standard-output.ts";
import type { CliVerb } from "../verb.ts";

type ExportFormat = "har" | "cast" | "curl";

const EXPORTS: Readonly<
  Record<ExportFormat, (cassette: CassetteWalk, entries: Iterable<CassetteEntry>) => TextPieces>
> = { har: exportHar, cast: exportCast, curl: exportCurl };

interface ExportArguments {
  readonly format: ExportFormat;
  readonly cassette: string;
  readonly output: string | undefined;
  readonly exchange: readonly string[];
}

export const verb: CliVerb<ExportArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 export FORMAT CASSETTE [options]")
      .positional("format", { choices: Object.keys(EXPORTS), demandOption: true, describe: "What to make of it" })
      .positional("cassette", { type: "string", demandOption: true, describe: "The cassette" })
      .options({
        output: { alias: "o", type: "string", describe: "Write to this new file (default, and -: stdout)" },
        exchange: {
          type: "string",
          array: true,
          nargs: 1,
          default: [],
          defaultDescription: "all",
          describe: "Only these exchanges: a number, a range like 3-5, or a name",
        },
      })
      .example("$0 export cast tty.yaml --exchange 4 -o tty.cast", "A terminal for asciinema's player")
      .example("$0 export har web.yaml -o web.har", "For the tools that show HARs")
      .example("$0 export curl web.yaml --exchange 3", "A script of curl that makes this request again"),
  run: async ({ format, cassette: path, output, exchange }, { stderr, writeDocument }) => {
    const isPrinted = output === undefined || output === STANDARD_OUTPUT;
    if (!isPrinted && existsSync(output)) throw createExistsError(output);
    await walkCassette(path, async (cassette) => {
      const counted = new CountedPieces(EXPORTS[format](cassette, selectEntries(cassette, exchange)));
      if (isPrinted) await writeDocument(counted.pieces());
      else await writePieces(output, counted.pieces());
      // Its first line is there in any case.
      if (format === "cast" && counted.count <= 1) stderr.write(formatNoOutput(cassette));
    });
    return 0;
  },
};

/** The pieces of a document, and how many of them there were. */
class CountedPieces {
  readonly #pieces: TextPieces;
  count = 0;

  constructor(pieces: TextPieces) {
    this.#pieces = pieces;
  }

  async *pieces(): AsyncGenerator<string> {
    for await (const piece of this.#pieces) {
      this.count++;
      yield piece;
    }
  }
}

function* selectEntries(cassette: CassetteWalk, exchanges: readonly string[]): Generator<CassetteEntry> {
  const isChosen = exchanges.length === 0 ? () => true : chooseExchanges(exchanges, cassette);
  for (const entry of cassette.entries) if (isChosen(entry)) yield entry;
}
