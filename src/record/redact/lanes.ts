/**
 * A stream as its reader sees it: what comes in one direction, of one output, joined. A secret may be split over frames,
 * chunks and keystrokes; joined, it is whole. Text is latin1.
 */
import type { Redactor } from "../../secrets/redactor.ts";
import { type SecretSpan, sortSpans } from "../../secrets/secret-span.ts";

/** A piece of a lane, such as the payload of a frame. */
export interface LanePiece {
  /** `stdout`, `tty`, `client`, and so on. */
  readonly lane: string;
  readonly text: string;
}

/** The spans of each lane's joined text. */
export type LaneSpans = ReadonlyMap<string, readonly SecretSpan[]>;

export function groupByLane<T extends LanePiece>(pieces: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const lanes = new Map<string, T[]>();
  for (const piece of pieces) {
    const known = lanes.get(piece.lane);
    if (known === undefined) lanes.set(piece.lane, [piece]);
    else known.push(piece);
  }
  return lanes;
}

/** The pieces' new texts, in their order; undefined where none has a secret. */
export function redactLane(
  texts: readonly string[],
  redactor: Redactor,
  more: readonly SecretSpan[] = [],
): string[] | undefined {
  const joined = texts.length === 1 ? (texts[0] as string) : texts.join("");
  const spans = sortSpans([...redactor.findInText(joined), ...more]);
  if (spans.length === 0) return undefined;
  return replaceInPieces(texts, spans, (span, secret) => redactor.replace(span, secret));
}

/** Puts a replacement where its span begins; the pieces that the span goes on in lose their part of it. */
export function replaceInPieces(
  texts: readonly string[],
  spans: readonly SecretSpan[],
  replace: (span: SecretSpan, secret: string) => string,
): string[] {
  const joined = texts.join("");
  let start = 0;
  return texts.map((text) => {
    const end = start + text.length;
    const redacted = replaceWithin(joined, { start, end }, spans, replace);
    start = end;
    return redacted;
  });
}

function replaceWithin(
  joined: string,
  { start, end }: { readonly start: number; readonly end: number },
  spans: readonly SecretSpan[],
  replace: (span: SecretSpan, secret: string) => string,
): string {
  let [text, at] = ["", start];
  for (const span of spans) {
    if (span.end <= start || span.start >= end) continue;
    if (span.start >= start) text += joined.slice(at, span.start) + replace(span, joined.slice(span.start, span.end));
    at = Math.min(Math.max(span.end, start), end);
  }
  return text + joined.slice(at, end);
}
