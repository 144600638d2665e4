/** Errors of sidecars, located at the line of the cassette that names the sidecar. */
import { CassetteError } from "../../base/errors.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import { createErrorAt } from "../../yaml/error-at.ts";
import { readRegularFile } from "./regular-file.ts";

export function createSidecarError(
  { cassette, ref }: { readonly cassette: string; readonly ref: SidecarRef },
  code: string,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): CassetteError {
  const text = tryReadText(cassette);
  const offset = text === undefined ? -1 : findReference(ref, text);
  if (text === undefined || offset === -1) return new CassetteError(code, `${cassette}  ${message}`, { fields });
  const located = createErrorAt({ file: cassette, text, firstLine: 1 }, offset, code, message);
  return new CassetteError(code, located.message, { fields: { ...located.fields, ...fields } });
}

/** The offset of the reference. Only its digest is unique and has one spelling. */
function findReference({ path, sha256 }: SidecarRef, text: string): number {
  const digest = text.indexOf(sha256);
  const named = text.lastIndexOf(path, digest);
  return digest === -1 || named === -1 ? digest : named;
}

/** Read only for an error: the cassette may have been rewritten since. */
function tryReadText(cassette: string): string | undefined {
  try {
    return readRegularFile(cassette).toString("utf8");
  } catch {
    return undefined;
  }
}
