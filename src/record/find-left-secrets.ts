/** The last look at a recording, before it replaces the cassette: whatever the rules have done, no secret may be left in it. */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { SidecarRef } from "../cassette/sidecar-ref.ts";
import { createSecretsError, isAllowed, listSidecarHits, listTextHits, type SecretHit } from "../secrets/secret-hit.ts";
import { MOST_HITS, type SecretScanner } from "../secrets/secret-scanner.ts";
import { type InspectCassette, toRefusedPath } from "./store.ts";

/** What is unpacked of a gzip. */
const UNPACKED_LIMIT = 256 * 1024 * 1024;
/** What is read at once of a sidecar. */
const PIECE_SIZE = 256 * 1024;

export interface ScanOptions {
  readonly scanner: SecretScanner;
  /** Places that may have what looks like a secret. */
  readonly allowed: readonly string[];
}

/**
 * Nothing is put in place that has a secret, in its text or beside it.
 * @param beside the secrets in its sidecars
 */
export function createInspection(beside: readonly SecretHit[], scan: ScanOptions): InspectCassette {
  return (text, file) => {
    const { hits, masked } = findTextSecrets(text, file, scan);
    const all = [...hits, ...beside];
    if (all.length === 0) return undefined;
    return { problem: createSecretsError(all, file, toRefusedPath(file)), shown: masked };
  };
}

/** The secrets in a cassette's text, and the text with masks in their places. */
export function findTextSecrets(
  bytes: Buffer,
  file: string,
  { scanner, allowed }: ScanOptions,
): { readonly hits: readonly SecretHit[]; readonly masked: Buffer } {
  const text = bytes.toString("latin1");
  const found = scanner.findEncoded(text).slice(0, MOST_HITS);
  const masked = Buffer.from(bytes);
  for (const { start, end } of found) masked.fill("*", start, end);
  // The request that is named may have the secret itself.
  const hits = found.length === 0 ? [] : listTextHits(masked.toString("latin1"), file, found);
  return { hits: hits.filter((hit) => !isAllowed(hit, allowed)), masked };
}

/** @param read the bytes of a sidecar; one that is not there any more has none */
export async function findSidecarSecrets(
  sidecars: readonly SidecarRef[],
  read: (sidecar: SidecarRef, into?: Buffer) => AsyncIterable<Buffer>,
  { scanner, allowed }: ScanOptions,
): Promise<readonly SecretHit[]> {
  const hits: SecretHit[] = [];
  const byPath = new Map(sidecars.map((sidecar) => [sidecar.path, sidecar]));
  // A gigabyte in pieces of their own is garbage faster than it is collected.
  const into = Buffer.allocUnsafeSlow(PIECE_SIZE);
  for (const [path, sidecar] of byPath) {
    hits.push(...(await listSidecarHits(scanner, path, read(sidecar, into))));
    if (/\.(?:gz|tgz|tar|bin)$/.test(path)) hits.push(...(await listSidecarHits(scanner, path, unpack(read(sidecar)))));
  }
  return hits.filter((hit) => !isAllowed(hit, allowed));
}

/** Nothing where it is no gzip, and as much as can be read of one that is broken. */
async function* unpack(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const packed = startWithGzip(pieces);
  const unpacked = Readable.from(packed).pipe(createGunzip());
  let size = 0;
  try {
    for await (const piece of unpacked) {
      yield piece as Buffer;
      size += (piece as Buffer).length;
      if (size > UNPACKED_LIMIT) return;
    }
  } catch {
    // A gzip that is cut, or bytes that only begin like one.
  }
}

async function* startWithGzip(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const piece of pieces) {
    if (isFirst && !(piece[0] === 0x1f && piece[1] === 0x8b)) return;
    isFirst = false;
    yield piece;
  }
}
