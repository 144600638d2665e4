/**
 * A stream as its reader sees it: what comes in one direction, of one output, joined. A secret may be split over frames,
 * chunks and keystrokes; joined, it is whole. Text is latin1.
 */
import type { Redactor } from "../../secrets/redactor.ts";
import { type SecretSpan, sortSpans } from "../../secrets/secret-span.ts";

/** A piece of a lane, such as the payload of a frame. */
interface LanePiece {
  /** `stdout`, `output`, `websocket-client`, and so on. */
  readonly lane: string;
  readonly bytes: Buffer;
}

export function groupByLane<T extends LanePiece>(pieces: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const lanes = new Map<string, T[]>();
  for (const piece of pieces) {
    const known = lanes.get(piece.lane);
    if (known === undefined) lanes.set(piece.lane, [piece]);
    else known.push(piece);
  }
  return lanes;
}

/** The new bytes of the pieces, in their order; undefined where none has a secret. */
export function redactPieces(pieces: readonly LanePiece[], redactor: Redactor): readonly Buffer[] | undefined {
  const joined = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString("latin1");
  const spans = sortSpans(redactor.findInText(joined));
  if (spans.length === 0) return undefined;
  const texts = cutText(
    joined,
    pieces.map(({ bytes }) => bytes.length),
  );
  const redacted = replaceInPieces(texts, spans, (span, secret) => redactor.replace(span, secret));
  return pieces.map(({ bytes }, at) =>
    redacted[at] === texts[at] ? bytes : Buffer.from(redacted[at] ?? "", "latin1"),
  );
}

/** The new bytes of the pieces with masks of the same length, in their order; undefined where none has a secret. */
export function maskPieces(pieces: readonly LanePiece[], redactor: Redactor): readonly Buffer[] | undefined {
  const joined = Buffer.concat(pieces.map(({ bytes }) => bytes));
  const masked = redactor.maskBytes(joined);
  if (masked === joined) return undefined;
  let at = 0;
  return pieces.map(({ bytes }) => {
    at += bytes.length;
    return masked.subarray(at - bytes.length, at);
  });
}

function cutText(text: string, sizes: readonly number[]): readonly string[] {
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return text.slice(at - size, at);
  });
}

/** Puts a replacement where its span begins; the pieces that the span goes on in lose their part of it. */
function replaceInPieces(
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
