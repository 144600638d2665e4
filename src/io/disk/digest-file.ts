import { createHash } from "node:crypto";
import { closeSync, openSync, statSync } from "node:fs";
import { readPieces } from "./disk.ts";

/** The sha256 of a file's bytes, in hexadecimal digits. */
export function digestFile(path: string): string {
  const hash = createHash("sha256");
  const fd = openSync(path, "r");
  try {
    for (const piece of readPieces(fd, 0, statSync(path).size)) hash.update(piece);
  } finally {
    closeSync(fd);
  }
  return hash.digest("hex");
}
