/** Refuses what is wrong in the arguments of a public function, before anything is done: no compiler looks at JavaScript. */
import { UsageError } from "../errors.ts";
import type { OptionKind, OptionProblem } from "./option-kind.ts";

/**
 * @param owner the name of the function, for the error
 * @param path of the options, if they are an option themselves
 * @throws UsageError `WHALESONG_BAD_OPTION`, or the code of the option's kind
 */
export function checkOptions(owner: string, options: unknown, kind: OptionKind, path = ""): void {
  const problem = kind.findProblem(options, path);
  if (problem !== undefined) throw createOptionError(owner, problem);
}

/**
 * The same for one argument.
 * @throws UsageError `WHALESONG_BAD_OPTION`
 */
export function checkArgument(owner: string, name: string, value: unknown, kind: OptionKind): void {
  const problem = kind.findProblem(value, name);
  if (problem !== undefined) throw createError(owner, problem, `the argument \`${name}\` of \`${owner}\``);
}

function createOptionError(owner: string, problem: OptionProblem): UsageError {
  const { path } = problem;
  return createError(owner, problem, path === "" ? `\`${owner}\`` : `the option \`${path}\` of \`${owner}\``);
}

function createError(owner: string, problem: OptionProblem, subject: string): UsageError {
  const { path, complaint, code = "WHALESONG_BAD_OPTION" } = problem;
  return new UsageError(code, `${subject} ${complaint}`, { fields: { function: owner, option: path } });
}
