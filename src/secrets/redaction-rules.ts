/** Which rules are on, and the user's own. */
import { UsageError } from "../base/errors.ts";
import { OPTIONAL_RULES, REDACTION_RULES, type RedactionRule } from "./rule-names.ts";

/** A value that a function of one's own decides about. */
export interface RedactedCandidate {
  /** The names around it, outermost first: `["HostConfig", "Binds"]`, `["name"]` of a query, `["Location"]` of a header. */
  readonly path: readonly string[];
  readonly value: string;
  /** The operation, such as `ContainerCreate`. */
  readonly operation: string;
}

/**
 * A rule of one's own, or a switch: the name of a setting, member, parameter, label or header whose value is secret
 * (`ACME_ID`, `HostConfig.Binds`); `/PATTERN/` for text that is secret wherever it stands; `no-RULE` and `RULE` to
 * switch one of `REDACTION_RULES` off and on; or, in code, a regular expression, or a function that returns true for
 * a value that is secret.
 */
export type RedactionInput = string | RegExp | ((candidate: RedactedCandidate) => boolean);

export interface RedactionRules {
  /** In small letters: as they are written, and as latin1, which most searched text is. */
  readonly keys: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
  readonly functions: readonly ((candidate: RedactedCandidate) => boolean)[];
  isOn(rule: RedactionRule): boolean;
}

const PATTERN = /^\/(.+)\/([imsu]*)$/s;
/** Longer patterns are no patterns of people. */
const LONGEST_PATTERN = 1000;

/**
 * @throws UsageError `WHALESONG_BAD_REDACT` for a pattern that is none, or a switch of a rule that does not exist
 */
export function resolveRedaction(inputs: readonly RedactionInput[]): RedactionRules {
  const on = new Set(REDACTION_RULES.filter((rule) => !OPTIONAL_RULES.includes(rule)));
  const keys = new Set<string>();
  const patterns: RegExp[] = [];
  for (const input of inputs) {
    if (input instanceof RegExp) patterns.push(new RegExp(input.source, withFlag(input.flags)));
    else if (typeof input === "string") addWord(input, { on, keys, patterns });
  }
  const functions = inputs.filter((input) => typeof input === "function");
  return { keys, patterns, functions, isOn: (rule) => on.has(rule) };
}

/** A rule as a header has it; functions are in code only. */
export function spellRedaction(input: RedactionInput): readonly string[] {
  if (typeof input === "string") return [input];
  return input instanceof RegExp ? [`/${input.source}/${input.flags.replace(/[gyd]/g, "")}`] : [];
}

function addWord(word: string, rules: { on: Set<RedactionRule>; keys: Set<string>; patterns: RegExp[] }): void {
  const [, source, flags = ""] = PATTERN.exec(word) ?? [];
  if (source !== undefined) rules.patterns.push(compilePattern(word, source, flags));
  else if (isRule(word)) rules.on.add(word);
  else if (word.startsWith("no-")) rules.on.delete(requireRule(word.slice(3)));
  else for (const spelling of [word, Buffer.from(word).toString("latin1")]) rules.keys.add(spelling.toLowerCase());
}

function isRule(word: string): word is RedactionRule {
  return (REDACTION_RULES as readonly string[]).includes(word);
}

function requireRule(word: string): RedactionRule {
  if (isRule(word)) return word;
  const message = `cannot switch off \`${word}\`: there is no such rule of redaction; the rules are ${REDACTION_RULES.join(", ")}`;
  throw new UsageError("WHALESONG_BAD_REDACT", message, { fields: { found: word, expected: REDACTION_RULES } });
}

function compilePattern(word: string, source: string, flags: string): RegExp {
  try {
    if (source.length > LONGEST_PATTERN) throw new Error(`it is longer than ${LONGEST_PATTERN} characters`);
    const pattern = new RegExp(source, withFlag(flags));
    if (pattern.test("")) throw new Error("it matches the empty text");
    pattern.lastIndex = 0;
    return pattern;
  } catch (cause) {
    const message = `cannot redact \`${word}\`: ${(cause as Error).message}; a pattern is a regular expression like \`/acme-\\d+/\``;
    throw new UsageError("WHALESONG_BAD_REDACT", message, { cause, fields: { found: word } });
  }
}

function withFlag(flags: string): string {
  return `${flags.replace(/[gy]/g, "")}g`;
}
