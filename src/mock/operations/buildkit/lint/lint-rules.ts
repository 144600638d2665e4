/** The rules that BuildKit checks Dockerfiles by (buildkit frontend/dockerfile/linter/ruleset.go). */

export interface LintRule {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  /** It is only checked where the Dockerfile asks for it: `# check=experimental=all`. */
  readonly isExperimental: boolean;
}

const DOCS = "https://docs.docker.com/go/dockerfile/rule";

function createRule(name: string, description: string, isExperimental = false): LintRule {
  const page = name
    .replace(/JSON/g, "Json")
    .replace(/(?<!^)[A-Z]/g, "-$&")
    .toLowerCase();
  return { name, description, url: `${DOCS}/${page}/`, isExperimental };
}

type LintRuleKey =
  | "stageNameCasing"
  | "fromAsCasing"
  | "noEmptyContinuation"
  | "consistentInstructionCasing"
  | "duplicateStageName"
  | "reservedStageName"
  | "jsonArgsRecommended"
  | "maintainerDeprecated"
  | "undefinedArgInFrom"
  | "workdirRelativePath"
  | "undefinedVar"
  | "multipleInstructionsDisallowed"
  | "legacyKeyValueFormat"
  | "redundantTargetPlatform"
  | "secretsUsedInArgOrEnv"
  | "invalidDefaultArgInFrom"
  | "fromPlatformFlagConstDisallowed"
  | "copyIgnoredFile"
  | "exposeProtoCasing"
  | "exposeInvalidFormat";

export const LINT_RULES: Readonly<Record<LintRuleKey, LintRule>> = {
  stageNameCasing: createRule("StageNameCasing", "Stage names should be lowercase"),
  fromAsCasing: createRule("FromAsCasing", "The 'as' keyword should match the case of the 'from' keyword"),
  noEmptyContinuation: createRule(
    "NoEmptyContinuation",
    "Empty continuation lines will become errors in a future release",
  ),
  consistentInstructionCasing: createRule(
    "ConsistentInstructionCasing",
    "All commands within the Dockerfile should use the same casing (either upper or lower)",
  ),
  duplicateStageName: createRule("DuplicateStageName", "Stage names should be unique"),
  reservedStageName: createRule("ReservedStageName", "Reserved words should not be used as stage names"),
  jsonArgsRecommended: createRule(
    "JSONArgsRecommended",
    "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals",
  ),
  maintainerDeprecated: createRule(
    "MaintainerDeprecated",
    "The MAINTAINER instruction is deprecated, use a label instead to define an image author",
  ),
  undefinedArgInFrom: createRule("UndefinedArgInFrom", "FROM command must use declared ARGs"),
  workdirRelativePath: createRule(
    "WorkdirRelativePath",
    "Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes",
  ),
  undefinedVar: createRule("UndefinedVar", "Variables should be defined before their use"),
  multipleInstructionsDisallowed: createRule(
    "MultipleInstructionsDisallowed",
    "Multiple instructions of the same type should not be used in the same stage",
  ),
  legacyKeyValueFormat: createRule(
    "LegacyKeyValueFormat",
    "Legacy key/value format with whitespace separator should not be used",
  ),
  redundantTargetPlatform: createRule(
    "RedundantTargetPlatform",
    "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior",
  ),
  secretsUsedInArgOrEnv: createRule(
    "SecretsUsedInArgOrEnv",
    "Sensitive data should not be used in the ARG or ENV commands",
  ),
  invalidDefaultArgInFrom: createRule(
    "InvalidDefaultArgInFrom",
    "Default value for global ARG results in an empty or invalid base image name",
  ),
  fromPlatformFlagConstDisallowed: createRule(
    "FromPlatformFlagConstDisallowed",
    "FROM --platform flag should not use a constant value",
  ),
  copyIgnoredFile: createRule("CopyIgnoredFile", "Attempting to Copy file that is excluded by .dockerignore", true),
  exposeProtoCasing: createRule("ExposeProtoCasing", "Protocol in EXPOSE instruction should be lowercase"),
  exposeInvalidFormat: createRule(
    "ExposeInvalidFormat",
    "IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release",
  ),
};
