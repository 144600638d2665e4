import { type ImportReport, importFile } from "../../integrations/import-file.ts";
import { problemText } from "../../replay/report.ts";
import { dim, green, red, yellow } from "../../view/colour.ts";
import { count } from "../summary.ts";
import type { Verb } from "../verb.ts";

interface ImportArguments {
  file: string;
  cassette: string;
}

/** `import` alone is a word of the language. */
export const verb: Verb<ImportArguments> = {
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

function importSummary({ exchanges, skipped: skipped, dropped, problem }: ImportReport, cassette: string): string {
  const lines = skipped.map(({ place, request, reason }) => `${yellow("left out")}  ${place}  ${request}: ${reason}\n`);
  const parts = [
    green(`imported ${count(exchanges, "exchange")}`),
    dim(`${skipped.length} left out`),
    ...(dropped === 0 ? [] : [red(`${dropped} not understood: ${problemText(problem)}`)]),
    cassette,
  ];
  return `${lines.join("")}${parts.join(" | ")}\n`;
}
