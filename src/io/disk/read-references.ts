import { existsSync } from "node:fs";
import { toAsidePath } from "../../record/store.ts";
import { PIECE_SIZE } from "./disk.ts";
import { openRanges } from "./read-cassette.ts";
import { SidecarReferences } from "./sidecar-references.ts";

/** What a cassette refers to, and what was recorded beside it and did not replace it: as far as they are there. */
export function readReferences(cassette: string): SidecarReferences {
  const references = new SidecarReferences();
  for (const path of [cassette, toAsidePath(cassette)]) if (existsSync(path)) pushText(path, references);
  return references;
}

function pushText(path: string, references: SidecarReferences): void {
  const file = openRanges(path);
  try {
    for (let at = 0; at < file.length; at += PIECE_SIZE)
      references.push(file.subarray(at, Math.min(at + PIECE_SIZE, file.length)));
  } finally {
    file.close();
  }
}
