import type { PlaceholderFormat } from "./placeholders.ts";
import type { RuleName } from "./rule-names.ts";

/** A secret within a text. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly rule: RuleName;
  /** The form of its placeholder. @default text */
  readonly format?: PlaceholderFormat;
  /** What is put in its place instead of a placeholder, where the text is an encoding of the secret. */
  readonly replacement?: string;
}

/** The span of a whole text; none where it is empty. */
export function coverAll(text: string, rule: RuleName, format?: PlaceholderFormat): SecretSpan[] {
  if (text === "") return [];
  return [{ start: 0, end: text.length, rule, ...(format === undefined ? {} : { format }) }];
}

/** The spans in order; of two that overlap, the one that begins first, then the longer one. */
export function sortSpans(spans: readonly SecretSpan[]): readonly SecretSpan[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: SecretSpan[] = [];
  for (const span of sorted) if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span);
  return kept;
}
