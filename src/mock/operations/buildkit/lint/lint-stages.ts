/** The rules about stages, and about the arguments of FROM (buildkit frontend/dockerfile/dockerfile2llb/convert.go). */
import { ApiError } from "../../../model/api-error.ts";
import { parseReference } from "../../../model/image-reference.ts";
import type { Dockerfile, DockerfileStage } from "../../dockerfile/dockerfile.ts";
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import type { DockerfileLine } from "../../dockerfile/lines.ts";
import { lexWord } from "../../dockerfile/shell-lexer.ts";
import { formatSuggestion } from "../../dockerfile/suggest-word.ts";
import type { DockerfileVariables } from "../../dockerfile/variables.ts";
import { LINT_RULES } from "./lint-rules.ts";
import type { Linter } from "./linter.ts";

const RESERVED: ReadonlySet<string> = new Set(["context", "scratch"]);

/** Of empty lines within an instruction. */
export function lintGaps(linter: Linter, lines: readonly DockerfileLine[]): void {
  for (const { gapNumber } of lines) {
    if (gapNumber === undefined) continue;
    linter.warn(LINT_RULES.noEmptyContinuation, { line: gapNumber, lastLine: gapNumber }, "Empty continuation line");
  }
}

/** What is seen before an instruction is checked. */
export function lintLine(linter: Linter, { text, number: line, lastNumber: lastLine = line }: DockerfileLine): void {
  const [command = "", ...words] = text.split(/\s+/);
  const place = { line, lastLine };
  if (command.toLowerCase() === "maintainer")
    linter.warn(LINT_RULES.maintainerDeprecated, place, "Maintainer instruction is deprecated in favor of using label");
  if (command.toLowerCase() !== "from") return;
  const [, as = "", name] = words.filter((word) => !word.startsWith("--"));
  if (name === undefined) return;
  if (name !== name.toLowerCase())
    linter.warn(LINT_RULES.stageNameCasing, place, `Stage name '${name}' should be lowercase`);
  const fits = command === command.toLowerCase() ? as === as.toLowerCase() : as === as.toUpperCase();
  if (!fits) linter.warn(LINT_RULES.fromAsCasing, place, `'${as}' and '${command}' keywords' casing do not match`);
}

export function lintStages(linter: Linter, dockerfile: Dockerfile): void {
  lintNames(linter, dockerfile.stages);
  lintCasing(linter, dockerfile.stages);
  lintDefaults(linter, dockerfile);
}

function lintNames(linter: Linter, stages: readonly DockerfileStage[]): void {
  const seen = new Set<string>();
  for (const { name, from } of stages) {
    if (name === undefined) continue;
    const quoted = JSON.stringify(name);
    if (RESERVED.has(name))
      linter.warn(
        LINT_RULES.reservedStageName,
        from,
        `Stage name should not use the same name as reserved stage ${quoted}`,
      );
    if (seen.has(name))
      linter.warn(LINT_RULES.duplicateStageName, from, `Duplicate stage name ${quoted}, stage names should be unique`);
    seen.add(name);
  }
}

function lintCasing(linter: Linter, stages: readonly DockerfileStage[]): void {
  const all = stages.flatMap(({ from, instructions }) => [from, ...instructions]);
  const names = all.map((instruction) => ({ instruction, name: /^\S+/.exec(instruction.text)?.[0] ?? "" }));
  const lower = names.filter(({ name }) => name === name.toLowerCase()).length;
  const upper = names.filter(({ name }) => name === name.toUpperCase()).length;
  const [casing, change] =
    lower > upper
      ? (["lowercase", (name: string): string => name.toLowerCase()] as const)
      : (["uppercase", (name: string): string => name.toUpperCase()] as const);
  for (const { instruction, name } of names.filter((one) => one.name !== change(one.name)))
    linter.warn(
      LINT_RULES.consistentInstructionCasing,
      instruction,
      `Command '${name}' should match the case of the command majority (${casing})`,
    );
}

/** Base images must have names also where the client sets no arguments. */
function lintDefaults(linter: Linter, { globals, stages, escapeMark }: Dockerfile): void {
  const args = catchApiErrors(() => declareGlobals(globals, new Map(), escapeMark, {}));
  if (args === undefined) return;
  for (const { from } of stages) {
    const [written = ""] = from.args;
    const { text, error } = lexWord(written, { variables: args, escapeMark });
    if (error !== undefined) return;
    if (catchApiErrors(() => parseReference(text)) !== undefined) continue;
    const what = `Default value for ARG ${written} results in empty or invalid base image name`;
    linter.warn(LINT_RULES.invalidDefaultArgInFrom, from, what);
  }
}

function catchApiErrors<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** The arguments before the first FROM: the client's values, else their defaults. @throws ApiError for a word without an end */
export function declareGlobals(
  globals: readonly DockerfileInstruction[],
  before: DockerfileVariables,
  escapeMark: string,
  args: Readonly<Record<string, string>>,
): DockerfileVariables {
  const values = new Map(before);
  for (const word of globals.flatMap((instruction) => instruction.args)) {
    const [name = "", written] = word.split(/=(.*)/s);
    const { text, error } = lexWord(written ?? "", { variables: values, escapeMark });
    if (error !== undefined && args[name] === undefined) throw error;
    const value = args[name] ?? (written === undefined ? undefined : text);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

/** Of variables in FROM that no ARG declares. */
export function lintArguments(
  linter: Linter,
  from: DockerfileInstruction,
  unknown: ReadonlySet<string>,
  { globals, declared }: { readonly globals: DockerfileVariables; readonly declared: readonly string[] },
): void {
  const names = [...new Set([...declared, ...globals.keys()])];
  for (const name of unknown) {
    if (names.includes(name)) continue;
    const what = `FROM argument '${name}' is not declared${formatSuggestion(name, names)}`;
    linter.warn(LINT_RULES.undefinedArgInFrom, from, what);
  }
}

/** Of `FROM --platform`. */
export function lintPlatform(
  linter: Linter,
  { from, name = "" }: DockerfileStage,
  { globals, escapeMark }: { readonly globals: DockerfileVariables; readonly escapeMark: string },
): void {
  const written = from.flags.get("platform");
  if (written === undefined) return;
  const { text, known, unknown } = lexWord(written, { variables: globals, escapeMark });
  if (known.size === 1 && unknown.size === 0 && known.has("TARGETPLATFORM") && text === globals.get("TARGETPLATFORM")) {
    const what = `Setting platform to predefined ${written} in FROM is redundant as this is the default behavior`;
    linter.warn(LINT_RULES.redundantTargetPlatform, from, what);
  }
  const [os = "", arch = ""] = text.split("/");
  if (known.size + unknown.size > 0 || name.includes(os) || (arch !== "" && name.includes(arch))) return;
  const what = `FROM --platform flag should not use constant value ${JSON.stringify(text)}`;
  linter.warn(LINT_RULES.fromPlatformFlagConstDisallowed, from, what);
}
