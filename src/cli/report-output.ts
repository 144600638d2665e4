/** Where the report of a verb goes: to stderr, and to a file. */
import { prepareOutputFile, REPORT, writeOutputFile } from "../io/disk/output-file.ts";
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

/**
 * Refuses a report file that could not be written, before the run whose report it is to have.
 * @throws as `prepareOutputFile`
 */
export function prepareReport({ reportFile }: Partial<ReportArguments>): void {
  if (reportFile !== undefined) prepareOutputFile(reportFile, REPORT);
}

/** @throws as `writeOutputFile` */
export function writeReport(
  { stderr }: Terminal,
  { report = "text", reportFile }: Partial<ReportArguments>,
  formatted: FormattedReport,
): void {
  stderr.write(formatted[report]);
  const format = reportFile !== undefined && /\.xml$/i.test(reportFile) ? "junit" : "json";
  if (reportFile !== undefined) writeOutputFile(reportFile, formatted[format], REPORT);
}
