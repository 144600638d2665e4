import { closeSync, openSync } from "node:fs";
import { CHECKED_SIZE, checkCassette } from "../../cassette/check.ts";
import { type ByteRanges, walkDocuments } from "../../cassette/read.ts";
import { type InspectCassette, toRefusedPath } from "../../record/store.ts";
import { withDiskErrors, writeAll } from "./disk.ts";
import { FileRanges } from "./file-ranges.ts";

/**
 * Reads what was written, as a replay will do, before it takes the place of the cassette at `path`. One that is refused is
 * put beside it, with masks where its secrets are.
 * @throws CassetteError the first error in it; UsageError what `inspect` says
 */
export function inspectDraft(draft: string, path: string, inspect: InspectCassette | undefined): void {
  const text = withDiskErrors("read", draft, () => new FileRanges(draft));
  try {
    assertReadable(text, draft);
    const refusal = inspect?.(text, path);
    if (refusal === undefined) return;
    writeShown(toRefusedPath(path), refusal.shown);
    throw refusal.problem;
  } finally {
    text.close();
  }
}

/** A small cassette whole, of a large one the heads and their references. */
function assertReadable(text: ByteRanges, draft: string): void {
  const cassette = walkDocuments(text, draft);
  const [fault] = text.length <= CHECKED_SIZE ? checkCassette(cassette) : [];
  if (fault !== undefined) throw fault;
}

/** Only its owner can read it. */
function writeShown(path: string, pieces: Iterable<Buffer>): void {
  withDiskErrors("write", path, () => {
    const file = openSync(path, "w", 0o600);
    try {
      let at = 0;
      for (const piece of pieces) {
        writeAll(file, piece, at);
        at += piece.length;
      }
    } finally {
      closeSync(file);
    }
  });
}
