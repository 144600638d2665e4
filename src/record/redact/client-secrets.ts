/**
 * What a client sends into a stream, without its secrets. Of a line with a secret only the number of bytes is kept,
 * from the secret to the line's end: today's secret may be longer, and a line's end is what a replay can wait for.
 */
import type { RedactedBytes } from "../../cassette/model.ts";
import { type SecretSpan, sortSpans } from "../../secrets/secret-span.ts";

/** What is kept, and what was cut out of it before. */
export type ClientPiece = Buffer | RedactedBytes;

interface Range {
  readonly start: number;
  end: number;
  readonly isLine: boolean;
}

const LINE_END = /[\r\n]/g;
/** In the place of a line that was cut out. No secret goes on behind a NUL, as it may behind a newline. */
const CUT_LINE = "\0\n";

/** What is left of a client's bytes to search. A line that was cut out is over: what follows it is another one. */
export function readClientText(pieces: readonly ClientPiece[]): string {
  return pieces.map(readPiece).join("");
}

function readPiece(piece: ClientPiece): string {
  if (Buffer.isBuffer(piece)) return piece.toString("latin1");
  return piece.isLine === true ? CUT_LINE : "";
}

/**
 * The inputs, each as the bytes that are kept and the secrets between them. A secret stands where it begins.
 * @param spans within the joined text of `readClientText`
 */
export function cutClientSecrets(
  inputs: readonly (readonly ClientPiece[])[],
  spans: readonly SecretSpan[],
): readonly (readonly ClientPiece[])[] {
  const ranges = toRanges(inputs.flat(), spans);
  let start = 0;
  return inputs.map((pieces) => {
    const cut = pieces.flatMap((piece) => {
      const text = readPiece(piece);
      start += text.length;
      return Buffer.isBuffer(piece) ? cutText(text, start - text.length, ranges) : [piece];
    });
    return joinRedacted(cut);
  });
}

function toRanges(pieces: readonly ClientPiece[], spans: readonly SecretSpan[]): readonly Range[] {
  const text = readClientText(pieces);
  const cutEnds = listCutEnds(pieces);
  const ranges: Range[] = [];
  for (const { start, end } of sortSpans(spans)) {
    if (start < (ranges.at(-1)?.end ?? 0)) continue;
    LINE_END.lastIndex = end;
    const at = LINE_END.exec(text)?.index ?? text.length;
    const cutEnd = cutEnds.get(at);
    const isLine = at < text.length && cutEnd === undefined;
    ranges.push({ start, end: isLine ? at + 1 : (cutEnd ?? at), isLine });
  }
  return ranges;
}

/** Where what is kept of lines ends that were cut out, by the places of their newlines. */
function listCutEnds(pieces: readonly ClientPiece[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  let at = 0;
  for (const piece of pieces) {
    if (!Buffer.isBuffer(piece) && piece.isLine === true) ends.set(at + CUT_LINE.length - 1, at);
    at += Buffer.isBuffer(piece) ? piece.length : readPiece(piece).length;
  }
  return ends;
}

/** @param start where the text begins in the joined one */
function cutText(text: string, start: number, ranges: readonly Range[]): ClientPiece[] {
  const pieces: ClientPiece[] = [];
  const end = start + text.length;
  let at = start;
  const keep = (to: number): void => {
    if (to > at) pieces.push(Buffer.from(text.slice(at - start, to - start), "latin1"));
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

/** A secret that is found before one of the same line goes to the end of the line, as that one does. */
function joinRedacted(pieces: readonly ClientPiece[]): readonly ClientPiece[] {
  const joined: ClientPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last === undefined || Buffer.isBuffer(piece) || Buffer.isBuffer(last) || last.isLine === true)
      joined.push(piece);
    else joined[joined.length - 1] = { ...piece, redactedSize: last.redactedSize + piece.redactedSize };
  }
  return joined;
}
