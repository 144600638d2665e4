import { toErrorMessage } from "../../base/error-message.ts";
import { formatCount } from "../../base/format-count.ts";
import { type ImportReport, importFile } from "../../integrations/import-file.ts";
import { styleGreen, styleRed, styleYellow } from "../../view/colour.ts";
import { formatError } from "../format-error.ts";
import type { CliVerb } from "../verb.ts";

interface ImportArguments {
  file: string;
  cassette: string;
}

export const verb: CliVerb<ImportArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 import FILE CASSETTE")
      .positional("file", {
        type: "string",
        demandOption: true,
        describe: "JSON of nock, a HAR (also of Polly), or a cassette of vcrpy or go-vcr",
      })
      .positional("cassette", { type: "string", demandOption: true, describe: "The YAML file to write" })
      .example("$0 import test/fixtures/web.json web.yaml", "Stderr lists what is left out, and why"),
  run: async ({ file, cassette }, { stderr }) => {
    const report = await importFile(file, cassette);
    stderr.write(formatImportSummary(report, cassette));
    return report.problem === undefined && report.dropped === 0 ? 0 : 1;
  },
};

function formatImportSummary(report: ImportReport, cassette: string): string {
  const { exchanges, skipped, dropped, problem, isKept } = report;
  const lines = skipped.map(
    ({ place, request, reason }) => `${styleYellow("left out")}  ${place}  ${request}: ${reason}\n`,
  );
  if (!isKept && dropped === 0)
    return `${lines.join("")}${styleRed(problem instanceof Error ? formatError(problem) : String(problem))}\n`;
  const parts = [
    `${styleGreen(`imported ${formatCount(exchanges, "request")}`)}${isKept ? ` to ${cassette}` : ""}`,
    ...(skipped.length === 0 ? [] : [styleYellow(`${skipped.length} left out`)]),
    ...(dropped === 0 ? [] : [styleRed(`${dropped} not understood: ${toErrorMessage(problem)}`)]),
    ...(isKept ? [] : [`${cassette} is not written`]),
  ];
  return `${lines.join("")}${parts.join(" | ")}\n`;
}
