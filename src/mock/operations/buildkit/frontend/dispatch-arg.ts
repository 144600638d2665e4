/** ARG: declares arguments of a stage, with the client's value, a default, or that of the Dockerfile's head. */
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import { LINT_RULES } from "../lint/lint-rules.ts";
import { isSecretName } from "../lint/secret-names.ts";
import { expandStageWord, type FrontendScope } from "./frontend-scope.ts";
import { type StageDraft, withHistory, withVariable } from "./stage-draft.ts";

export function dispatchArg(scope: FrontendScope, draft: StageDraft, instruction: DockerfileInstruction): StageDraft {
  const described: string[] = [];
  let next = draft;
  for (const word of instruction.args) {
    const [name = "", written] = word.split(/=(.*)/s);
    if (isSecretName(name)) {
      const what = `Do not use ARG or ENV instructions for sensitive data (ARG ${JSON.stringify(name)})`;
      scope.linter.warn(LINT_RULES.secretsUsedInArgOrEnv, instruction, what);
    }
    const value = resolveValue(scope, next, instruction, name, written);
    next = { ...next, buildArgs: [...next.buildArgs, { name, value }] };
    if (value !== undefined) next = withVariable(next, name, value);
    described.push(value === undefined ? name : `${name}=${value}`);
  }
  return withHistory(next, `ARG ${described.join(" ")}`);
}

function resolveValue(
  scope: FrontendScope,
  draft: StageDraft,
  instruction: DockerfileInstruction,
  name: string,
  written: string | undefined,
): string | undefined {
  const sent = scope.options.args[name];
  if (sent !== undefined) return sent;
  if (written !== undefined) return expandStageWord(scope, draft, instruction, written);
  return scope.plan.globals.get(name);
}
