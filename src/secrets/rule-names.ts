/** The rules by which secrets are kept out of a cassette; docs/secrets.md has the table. */
export const REDACTION_RULES = [
  "credential-headers",
  "answer-headers",
  "credentials",
  "swarm-keys",
  "secret-data",
  "config-data",
  "env",
  "build-args",
  "labels",
  "options",
  "plugin-settings",
  "commands",
  "urls",
  "authorization",
  "typed",
  "tokens",
  "values",
  "recorder-env",
  "tars",
] as const;
/** They are on only where they are named. */
export const OPTIONAL_RULES: readonly (typeof REDACTION_RULES)[number][] = ["tars"];
export type RedactionRule = (typeof REDACTION_RULES)[number];

/** `own`: a key, a pattern or a function of the user. */
export type RuleName = RedactionRule | "own";
