/** A recorded text with placeholders stands for every text that has something else, or nothing, in their places. */
import { escapePattern } from "../../base/escape-pattern.ts";
import { hasPlaceholder, listPlaceholders, splitAtPlaceholders } from "../../secrets/placeholders.ts";

/** What may stand for a secret: within one line, and within one string of a JSON text. */
const ANYTHING = { line: "[^\\n]*", json: '(?:[^"\\\\\\n]|\\\\.)*' };
const CACHED = 1000;
const cache = new Map<string, RegExp>();

/** @param within what a secret does not reach beyond */
export function matchesRedacted(recorded: string, got: string, within: keyof typeof ANYTHING = "line"): boolean {
  return hasPlaceholder(recorded) && createExpression(recorded, within).test(got);
}

/** A placeholder of a recorded text, and what today's text has in its place. */
export type RedactedPair = readonly [placeholder: string, today: string];

/** Empty where today's text is another one. */
export function pairRedacted(recorded: string, got: string, within: keyof typeof ANYTHING): readonly RedactedPair[] {
  if (!hasPlaceholder(recorded)) return [];
  const [, ...values] = createExpression(recorded, within).exec(got) ?? [];
  const placeholders = listPlaceholders(recorded);
  return values.map((value, at): RedactedPair => [placeholders[at] as string, value]);
}

function createExpression(recorded: string, within: keyof typeof ANYTHING): RegExp {
  const key = `${within} ${recorded}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const literals = splitAtPlaceholders(recorded).map(escapePattern);
  const expression = new RegExp(`^${literals.join(`(${ANYTHING[within]})`)}$`);
  if (cache.size >= CACHED) cache.clear();
  cache.set(key, expression);
  return expression;
}
