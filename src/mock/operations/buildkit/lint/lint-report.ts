/** What a check has found, as clients read it: `docker build --check` (buildkit frontend/subrequests/lint). */
import { type DockerfileText, type SolveError, toRangeJson, toSourceInfo } from "../solve-error.ts";
import type { LintWarning } from "./linter.ts";

export interface LintReport {
  readonly file: DockerfileText;
  readonly warnings: readonly LintWarning[];
  /** Why the Dockerfile cannot be built. */
  readonly failure: SolveError | undefined;
}

const VERSION = "1.0.0";

/** By the names that clients look for. */
export function formatLintReport({ file, warnings, failure }: LintReport): Readonly<Record<string, Buffer>> {
  const report = {
    warnings: warnings.length === 0 ? null : warnings.map(toWarningJson),
    sources: [toSourceInfo(file)],
    buildError: failure && { message: failure.reason, location: { ranges: failure.sources.map(toRangeJson) } },
  };
  const isGood = warnings.length === 0 && failure === undefined;
  const texts = {
    "result.json": JSON.stringify(report, undefined, 2),
    "result.txt": warnings.map(({ rule, detail }) => `${rule.name}: ${detail}\n`).join(""),
    "result.statuscode": isGood ? "0" : "1",
    version: VERSION,
  };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text, "utf8")]));
}

function toWarningJson({ rule, detail, first, last }: LintWarning): object {
  const { name: ruleName, description, url } = rule;
  return { ruleName, description, url, detail, location: { ranges: [toRangeJson({ first, last })] } };
}

/** As a build reports it: `JSONArgsRecommended: ... (line 3)`. */
export function formatLintWarning({ rule, detail, first }: LintWarning): string {
  return `${rule.name}: ${detail} (line ${first})`;
}
