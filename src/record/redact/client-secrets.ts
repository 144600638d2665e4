/**
 * What a client sends into a stream, without its secrets. Of a line with a secret only the number of bytes is kept,
 * from the secret to the line's end: today's secret may be longer, and a line's end is what a replay can wait for.
 */
import type { RedactedBytes } from "../../cassette/model.ts";
import { type SecretSpan, sortSpans } from "../../secrets/secret-span.ts";

interface Range {
  readonly start: number;
  end: number;
  readonly isLine: boolean;
}

const LINE_END = /[\r\n]/g;

/** The pieces, each as the bytes that are kept and the secrets between them. A secret stands where it begins. */
export function cutClientSecrets(
  texts: readonly string[],
  spans: readonly SecretSpan[],
): readonly (readonly (Buffer | RedactedBytes)[])[] {
  const joined = texts.join("");
  const ranges = toRanges(joined, spans);
  let start = 0;
  return texts.map((text) => {
    const end = start + text.length;
    const cut = cutPiece(joined, start, end, ranges);
    start = end;
    return cut;
  });
}

function toRanges(text: string, spans: readonly SecretSpan[]): readonly Range[] {
  const ranges: Range[] = [];
  for (const { start, end } of sortSpans(spans)) {
    if (start < (ranges.at(-1)?.end ?? 0)) continue;
    LINE_END.lastIndex = end;
    const lineEnd = LINE_END.exec(text);
    ranges.push({
      start,
      end: lineEnd === null ? text.length : lineEnd.index + lineEnd[0].length,
      isLine: lineEnd !== null,
    });
  }
  return ranges;
}

function cutPiece(text: string, start: number, end: number, ranges: readonly Range[]): (Buffer | RedactedBytes)[] {
  const pieces: (Buffer | RedactedBytes)[] = [];
  let at = start;
  const keep = (to: number): void => {
    if (to > at) pieces.push(Buffer.from(text.slice(at, to), "latin1"));
  };
  for (const range of ranges) {
    if (range.end <= start || range.start >= end) continue;
    if (range.start >= start) {
      keep(range.start);
      pieces.push({ redactedSize: range.end - range.start, ...(range.isLine ? { isLine: true } : {}) });
    }
    at = Math.max(at, Math.min(range.end, end));
  }
  keep(end);
  return pieces;
}
