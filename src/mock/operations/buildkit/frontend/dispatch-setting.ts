/** Instructions that change the settings of the image, and nothing else. */
import { parseSignal } from "../../../../userland/process/signals.ts";
import { badParameter } from "../../../model/api-error.ts";
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import { formatHealthcheck, SETTINGS } from "../../dockerfile/settings.ts";
import { LINT_RULES, type LintRule } from "../lint/lint-rules.ts";
import { isSecretName } from "../lint/secret-names.ts";
import { exposePorts } from "./expose-ports.ts";
import { expandStageWord, type FrontendScope } from "./frontend-scope.ts";
import { type StageDraft, withHistory, withVariable } from "./stage-draft.ts";

/** @param isCommandSet the stage has had a CMD, which an ENTRYPOINT leaves then */
export function dispatchSetting(
  scope: FrontendScope,
  draft: StageDraft,
  instruction: DockerfileInstruction,
  isCommandSet: boolean,
): StageDraft {
  const { name } = instruction;
  const apply = SETTINGS.get(name);
  if (apply === undefined) throw badParameter(`unknown instruction: ${name.toUpperCase()}`);
  const expand = (word: string): string => expandStageWord(scope, draft, instruction, word);
  if (name === "expose") return exposePorts(scope, draft, instruction);
  // A health check has none of the times of the one before it, other than with the classic builder.
  const { Healthcheck, ...others } = draft.config;
  const known = name === "stopsignal" ? expandSignal(instruction, expand) : instruction;
  const { config, comment } = apply(known, { config: name === "healthcheck" ? others : draft.config, expand });
  warnOfSetting(scope, draft, instruction, config.Env ?? []);
  const changed = { ...draft, config: name === "entrypoint" && !isCommandSet ? { ...config, Cmd: null } : config };
  switch (name) {
    case "onbuild":
      return changed;
    case "env":
      return withHistory(addVariables(changed, draft.config.Env ?? []), comment);
    case "healthcheck":
      return withHistory(changed, formatHealthcheck(instruction, true));
    case "cmd":
      return withHistory({ ...changed, config: { ...config, ArgsEscaped: true } }, comment);
    default:
      return withHistory(changed, comment);
  }
}

/** What ENV has set is what later words refer to, also where ARG has set it before. */
function addVariables(draft: StageDraft, before: readonly string[]): StageDraft {
  const pairs = (draft.config.Env ?? []).filter(
    (pair) => !before.includes(pair) || draft.variables.get(pair.split("=")[0] ?? "") === undefined,
  );
  return pairs.reduce((next, pair) => {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    return withVariable(next, name, value);
  }, draft);
}

/** BuildKit refuses a signal in other words than the classic builder. */
function expandSignal(instruction: DockerfileInstruction, expand: (word: string) => string): DockerfileInstruction {
  const signal = expand(instruction.args[0] ?? "");
  if (parseSignal(signal) === undefined) throw badParameter(`invalid signal: ${signal}`);
  return { ...instruction, args: [signal] };
}

function warnOfSetting(
  { linter }: FrontendScope,
  { config }: StageDraft,
  instruction: DockerfileInstruction,
  env: readonly string[],
): void {
  const { name, text, args, isJson, rest } = instruction;
  const [written = ""] = /^\S+/.exec(text) ?? [];
  const warn = (rule: LintRule, detail: string): void => linter.warn(rule, instruction, detail);
  const isLegacy = (name === "env" || name === "label") && !(/^\S*/.exec(rest)?.[0] ?? "").includes("=");
  if (isLegacy) {
    const detail = `"${written} key=value" should be used instead of legacy "${written} key value" format`;
    warn(LINT_RULES.legacyKeyValueFormat, detail);
  }
  if (name === "env") {
    const names = args
      .filter((_, index) => index % 2 === 0)
      .filter((key) => isSecretName(key) && env.some((pair) => pair.startsWith(`${key}=`)));
    for (const key of names)
      warn(
        LINT_RULES.secretsUsedInArgOrEnv,
        `Do not use ARG or ENV instructions for sensitive data (ENV ${JSON.stringify(key)})`,
      );
  }
  if ((name === "cmd" || name === "entrypoint") && !isJson && config.Shell === undefined) {
    const detail = `JSON arguments recommended for ${written} to prevent unintended behavior related to OS signals`;
    warn(LINT_RULES.jsonArgsRecommended, detail);
  }
}
