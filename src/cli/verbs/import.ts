import { type ImportReport, importFile } from "../../integrations/import-file.ts";
import { formatProblem } from "../../replay/report.ts";
import { styleDim, styleGreen, styleRed, styleYellow } from "../../view/colour.ts";
import { formatCount } from "../summary.ts";
import type { CliVerb } from "../verb.ts";

interface ImportArguments {
  file: string;
  cassette: string;
}

/** `import` alone is a word of the language. */
export const verb: CliVerb<ImportArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 import FILE CASSETTE")
      .positional("file", {
        type: "string",
        demandOption: true,
        describe: "JSON of nock.back or nock.recorder; or a HAR",
      })
      .positional("cassette", { type: "string", demandOption: true, describe: "The YAML file to write" })
      .example("$0 import test/fixtures/web.json web.yaml", "What was left out, and why, is told on stderr") as never,
  handler: async ({ file, cassette }) => {
    const report = await importFile(file, cassette);
    process.stderr.write(importSummary(report, cassette));
    process.exitCode = report.problem === undefined && report.dropped === 0 ? 0 : 1;
  },
};

function importSummary({ exchanges, skipped, dropped, problem }: ImportReport, cassette: string): string {
  const lines = skipped.map(
    ({ place, request, reason }) => `${styleYellow("left out")}  ${place}  ${request}: ${reason}\n`,
  );
  const parts = [
    styleGreen(`imported ${formatCount(exchanges, "exchange")}`),
    styleDim(`${skipped.length} left out`),
    ...(dropped === 0 ? [] : [styleRed(`${dropped} not understood: ${formatProblem(problem)}`)]),
    cassette,
  ];
  return `${lines.join("")}${parts.join(" | ")}\n`;
}
