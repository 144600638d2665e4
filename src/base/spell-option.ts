/** How messages name an option that is a way out: each caller spells the options of a recording its own way. */

/** The options that messages name, as in code. */
export type NamedOption = "redact" | "allowSecrets" | "contexts" | "empty";

/**
 * Spells an option with its values, or its name alone. Returns undefined where the caller has no such option.
 * @example
 * spellInCode("redact", "tars"); // redact: ["tars"]
 */
export type SpellOption = (option: NamedOption, ...values: readonly string[]) => string | undefined;

const LISTS: ReadonlySet<NamedOption> = new Set(["redact", "allowSecrets"]);
const FLAGS: Readonly<Record<NamedOption, string>> = {
  redact: "--redact",
  allowSecrets: "--allow-secret",
  contexts: "--contexts",
  empty: "--keep-empty",
};

/** An option in code: `redact: ["tars"]`. */
export const spellInCode: SpellOption = (option, ...values) => joinOption(option, values, { colon: ": " });

/** Flags: `--redact tars --redact '/PATTERN/'`. */
export const spellAsFlags: SpellOption = (option, ...values) => {
  const flag = FLAGS[option];
  if (values.length === 0 || option === "empty") return flag;
  return values.map((value) => `${flag} ${/^\w+$/.test(value) ? value : `'${value}'`}`).join(" ");
};

/** How a language writes options and lists of texts. */
export interface OptionSyntax {
  /** @default the name in code */
  readonly spell?: (option: NamedOption) => string;
  /** What stands between a name and its value. */
  readonly colon: string;
  /** @default "[" */
  readonly open?: string;
  /** @default "]" */
  readonly close?: string;
}

/** An option in the syntax of another language; the name alone without values. */
export function joinOption(option: NamedOption, values: readonly string[], syntax: OptionSyntax): string {
  const { spell = (name): string => name, colon, open = "[", close = "]" } = syntax;
  if (values.length === 0) return spell(option);
  const texts = values.map((value) => JSON.stringify(value)).join(", ");
  return `${spell(option)}${colon}${LISTS.has(option) ? `${open}${texts}${close}` : texts}`;
}
