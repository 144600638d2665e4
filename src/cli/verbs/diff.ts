import { compareCassettes } from "../../compare/compare-cassettes.ts";
import { walkRecordings } from "../../io/disk/walk-recordings.ts";
import { createStyles, isColourful } from "../../view/colour.ts";
import { formatComparison, formatComparisonRecord } from "../../view/comparison.ts";
import { TarLister } from "../../view/digest/tar-lister.ts";
import { formatError } from "../format-error.ts";
import type { Terminal } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

interface DiffArguments {
  cassette: string;
  second: string;
  json: boolean;
}

/** As of diff(1). */
const TROUBLE = 2;

export const verb: CliVerb<DiffArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 diff CASSETTE SECOND")
      .positional("cassette", { type: "string", demandOption: true, describe: "The old recording" })
      .positional("second", { type: "string", demandOption: true, describe: "The new one" })
      .option("json", { type: "boolean", default: false, describe: "Print one JSON document" })
      .example("$0 diff web.yaml again.yaml", "Exit status 0: the same, 1: different, 2: trouble")
      .example("$0 diff old/web.yaml web.yaml --json", "For programs"),
  run: async (argv, terminal) => {
    try {
      return await printDifferences(argv, terminal);
    } catch (error) {
      terminal.stderr.write(`whalesong: ${formatError(error as Error)}\n`);
      return TROUBLE;
    }
  },
};

async function printDifferences(
  { cassette: first, second, json }: DiffArguments,
  { stdout }: Terminal,
): Promise<number> {
  return walkRecordings(first, second, async (one, other) => {
    const comparison = await compareCassettes(one, other);
    const { settings, changed, came, gone } = comparison;
    stdout.write(
      json
        ? formatComparisonRecord(comparison, first, second)
        : await formatComparison(comparison, {
            first: { path: first, cassette: one.cassette },
            second: { path: second, cassette: other.cassette },
            styles: createStyles(isColourful(stdout.isTerminal === true)),
            tars: new TarLister(other.pieces),
          }),
    );
    return settings.length + changed.length + came.length + gone.length === 0 ? 0 : 1;
  });
}
