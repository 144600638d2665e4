import type { LintReport } from "./lint/lint-report.ts";
import type { LintWarning } from "./lint/linter.ts";
import { loadDefinition } from "./load-definition.ts";
import { type DockerfileText, SolveError, toSolveError } from "./solve-error.ts";
import type { SolveScope } from "./solve-scope.ts";

/** Checks a Dockerfile. What is wrong in it is part of the report. @throws SolveError where there is none to check */
export async function checkDefinition(scope: SolveScope): Promise<LintReport> {
  const warnings: LintWarning[] = [];
  let file: DockerfileText | undefined;
  let failure: SolveError | undefined;
  try {
    await loadDefinition(scope, {
      onFile: (one) => {
        file = one;
      },
      onWarning: (warning) => void warnings.push(warning),
    });
  } catch (error) {
    failure = toSolveError(error);
    if (failure === undefined || file === undefined) throw error;
  }
  if (file === undefined) throw new SolveError("no Dockerfile was read");
  return { file, warnings, failure };
}
