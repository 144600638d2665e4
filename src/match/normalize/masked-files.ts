/** A file of a recorded tar in which a secret was masked stands for the same file with any content. */
import { createHash } from "node:crypto";
import { REDACTED } from "../../secrets/placeholders.ts";
import type { DigestContent, TarEntry } from "../../wire/archive/tar.ts";

const MASK = Buffer.from("<redacted:");

/** The digest of a file; of one with a mask in it, the placeholder. */
export const digestUnlessMasked: DigestContent = async (_name, content) => {
  const hash = createHash("sha256");
  let [isMasked, last] = [false, Buffer.alloc(0)];
  for await (const piece of content) {
    hash.update(piece);
    isMasked ||= piece.includes(MASK) || Buffer.concat([last, piece.subarray(0, MASK.length)]).includes(MASK);
    last = Buffer.from(piece.subarray(-MASK.length));
  }
  return isMasked ? REDACTED : hash.digest("hex");
};

export function isMaskedDigest(digest: string | undefined): boolean {
  return digest === REDACTED;
}

/** Today's tar with masks where the recorded one has them. */
export function maskLikeRecorded(recorded: readonly TarEntry[], got: readonly TarEntry[]): readonly TarEntry[] {
  const masked = new Set(recorded.filter(({ sha256 }) => isMaskedDigest(sha256)).map(({ name }) => name));
  return masked.size === 0
    ? got
    : got.map((entry) => (masked.has(entry.name) ? { ...entry, sha256: REDACTED } : entry));
}
