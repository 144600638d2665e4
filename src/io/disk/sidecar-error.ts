/** Errors of sidecars, located at the line of the cassette that names the sidecar. */
import { CassetteError } from "../../base/errors.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import { createErrorAt, type SourceText } from "../../yaml/error-at.ts";
import { FileRanges } from "./file-ranges.ts";

/** A cassette is searched in pieces of this size. */
const PIECE = 256 * 1024;

export function createSidecarError(
  { cassette, ref }: { readonly cassette: string; readonly ref: SidecarRef },
  code: string,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): CassetteError {
  const place = findReference(cassette, ref);
  if (place === undefined) return new CassetteError(code, `${cassette}  ${message}`, { fields });
  const located = createErrorAt(place.source, place.offset, code, message);
  return new CassetteError(code, located.message, { fields: { ...located.fields, ...fields } });
}

interface ReferencePlace {
  readonly source: SourceText;
  readonly offset: number;
}

/** Read only for an error: the cassette may have been rewritten since, or be gone. */
function findReference(cassette: string, ref: SidecarRef): ReferencePlace | undefined {
  try {
    const file = new FileRanges(cassette);
    try {
      return searchReference(file, cassette, ref);
    } finally {
      file.close();
    }
  } catch {
    return undefined;
  }
}

/** Where the reference stands. Its digest is unique and has one spelling; a large one of an unfinished recording has none. */
function searchReference(file: FileRanges, cassette: string, { path, sha256 }: SidecarRef): ReferencePlace | undefined {
  for (let from = 0, firstLine = 1; from < file.length; ) {
    const end = findLineEnd(file.subarray(from, Math.min(from + PIECE, file.length)));
    const text = file.subarray(from, from + end).toString();
    const digest = text.indexOf(sha256 ?? path);
    const named = text.lastIndexOf(path, digest);
    if (digest !== -1) return { source: { file: cassette, text, firstLine }, offset: named === -1 ? digest : named };
    firstLine += text.split("\n").length - 1;
    from += end;
  }
  return undefined;
}

/** Behind the last line that is whole; all of it where there is none. */
function findLineEnd(piece: Buffer): number {
  return piece.lastIndexOf("\n") + 1 || piece.length;
}
