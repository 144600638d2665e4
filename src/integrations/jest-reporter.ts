/** `whalesong/jest-reporter`: tells of cassettes at the end of a run of jest. */
import { UsageError } from "../base/errors.ts";
import { checkReporterOptions } from "./runs/check-reporter-options.ts";
import type { TestFileRun } from "./runs/find-obsolete.ts";
import { RunJournal } from "./runs/run-journal.ts";
import { failsRun, formatRunSummary, summarizeRun } from "./runs/summarize-run.ts";

/** Options of the reporter: `reporters: ["default", ["whalesong/jest-reporter", { failsOnObsolete: true }]]`. */
export interface CassetteReporterOptions {
  /** Fails the run if a cassette is obsolete; for a CI. @default whether WHALESONG_OBSOLETE is `fail` */
  readonly failsOnObsolete?: boolean;
}

/** The part of jest's results that is read. */
export interface JestResults {
  readonly testResults: readonly {
    readonly testFilePath: string;
    readonly testExecError?: unknown;
    readonly testResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A reporter of jest: which cassettes were written, updated, obsolete or only used in part; `-u` removes obsolete ones. */
export class JestCassetteReporter {
  readonly #journal: RunJournal = new RunJournal();
  readonly #isUpdating: boolean;
  readonly #isFiltered: boolean;
  readonly #options: CassetteReporterOptions;
  #failure: UsageError | undefined;

  /** @param config jest's: `testNamePattern` is that of `-t` */
  constructor(
    config: { readonly updateSnapshot?: string; readonly testNamePattern?: string | undefined },
    options: CassetteReporterOptions = {},
  ) {
    checkReporterOptions("whalesong/jest-reporter", options);
    this.#isFiltered = (config.testNamePattern ?? "") !== "";
    this.#isUpdating = config.updateSnapshot === "all";
    this.#options = options;
  }

  /** Called by jest at the end of a run. */
  onRunComplete(_contexts: unknown, { testResults }: JestResults): void {
    const runs = testResults.map((file) => toTestFileRun(file, this.#isFiltered));
    const updating = { isUpdating: this.#isUpdating, updateCommand: "npx jest -u" };
    const summary = summarizeRun(runs, this.#journal.take().uses, updating);
    const lines = formatRunSummary(summary);
    if (lines.length > 0) process.stderr.write(`\n${lines.join("\n")}\n`);
    this.#failure = failsRun(summary, this.#options.failsOnObsolete)
      ? createObsoleteError(summary.obsolete)
      : undefined;
  }

  /** Called by jest: an error fails the run. */
  getLastError(): Error | undefined {
    return this.#failure;
  }
}

function toTestFileRun(
  { testFilePath, testExecError, testResults }: JestResults["testResults"][number],
  isFiltered: boolean,
): TestFileRun {
  return {
    file: testFilePath,
    tests: testResults.map(({ fullName }) => [fullName]),
    isWhole:
      !isFiltered &&
      (testExecError ?? undefined) === undefined &&
      testResults.every(({ status }) => status === "passed"),
  };
}

function createObsoleteError(paths: readonly string[]): UsageError {
  const message = `no test is for ${paths.map((path) => `\`${path}\``).join(", ")}; remove what is obsolete (\`npx jest -u\`), or commit the test`;
  return new UsageError("WHALESONG_OBSOLETE_CASSETTE", message, { fields: { paths } });
}
