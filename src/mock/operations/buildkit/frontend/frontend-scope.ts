/** What all stages share while a Dockerfile becomes a graph of steps (buildkit frontend/dockerfile/dockerfile2llb). */
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import { type LexerOptions, lexWord } from "../../dockerfile/shell-lexer.ts";
import { formatSuggestion } from "../../dockerfile/suggest-word.ts";
import type { BuildNode } from "../build-node.ts";
import { LINT_RULES } from "../lint/lint-rules.ts";
import type { Linter } from "../lint/linter.ts";
import type { BaseImage } from "../load-image.ts";
import type { SolveScope } from "../solve-scope.ts";
import type { DockerfilePlan } from "../stage-plan.ts";
import type { StageDraft } from "./stage-draft.ts";

export interface FrontendScope extends SolveScope {
  readonly plan: DockerfilePlan;
  readonly linter: Linter;
  /** The images that stages begin from, by the names that `formatImageName` gives. */
  readonly images: ReadonlyMap<string, BaseImage>;
  /** The patterns of .dockerignore. */
  readonly excluded: readonly string[];
  /** The client's folder. */
  readonly context: BuildNode;
  /** What `--build-context` has set, by name. */
  readonly namedContexts: ReadonlyMap<string, StageDraft>;
  /** The drafts of stages that are done, by index. */
  readonly drafts: Map<number, StageDraft>;
}

/** Replaces the variables of a word; warns of those that nothing has declared. @throws ApiError for a word without an end */
export function expandStageWord(
  { plan, linter }: FrontendScope,
  { variables, buildArgs }: StageDraft,
  instruction: DockerfileInstruction,
  word: string,
  options: Partial<LexerOptions> = {},
): string {
  const { text, unknown, error } = lexWord(word, {
    variables,
    escapeMark: plan.dockerfile.escapeMark,
    ...options,
  });
  const declared = new Set(buildArgs.map(({ name }) => name));
  for (const name of unknown) {
    if (declared.has(name)) continue;
    const suggestion = formatSuggestion(name, [...variables.keys()]).replace("mean ", "mean $");
    linter.warn(LINT_RULES.undefinedVar, instruction, `Usage of undefined variable '$${name}'${suggestion}`);
  }
  if (error !== undefined) throw error;
  return text;
}
