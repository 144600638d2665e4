/** Where the report of a verb goes: to stderr, and to a file. */
import { writeFileSync } from "node:fs";
import type { Terminal } from "./terminal.ts";

/** The same report for people and for programs. */
export interface FormattedReport {
  readonly text: string;
  /** One JSON document on one line. */
  readonly json: string;
  /** JUnit's XML. */
  readonly junit: string;
}

export interface ReportArguments {
  readonly report: "text" | "json";
  readonly reportFile: string | undefined;
}

export const reportFlags = {
  report: {
    choices: ["text", "json"],
    default: "text",
    describe: "Format of the summary on stderr: text for people, or one JSON document for programs",
  },
  "report-file": {
    type: "string",
    describe: "Write the report to this file as well, as JSON; as JUnit if it ends in .xml",
  },
} as const;

/** @throws the error of the file system if the file cannot be written */
export function writeReport(
  { stderr }: Terminal,
  { report = "text", reportFile }: Partial<ReportArguments>,
  formatted: FormattedReport,
): void {
  stderr.write(formatted[report]);
  if (reportFile !== undefined) writeFileSync(reportFile, formatted[/\.xml$/i.test(reportFile) ? "junit" : "json"]);
}
