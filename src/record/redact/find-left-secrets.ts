/** The last look at a recording, before it replaces the cassette: whatever the rules have done, no secret may be left in it. */

import type { SpellOption } from "../../base/spell-option.ts";
import { batchDocuments, countNewlines } from "../../cassette/read/cut.ts";
import type { ByteRanges } from "../../cassette/read.ts";
import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import { DELICATE_COMMENT } from "../../secrets/delicate-files.ts";
import { isAllowed, listTextHits, type SecretHit, toSidecarHits } from "../../secrets/secret-hit.ts";
import { createSecretsError } from "../../secrets/secret-remedies.ts";
import { MOST_HITS, type ScannedSecret, type SecretScanner } from "../../secrets/secret-scanner.ts";
import { type InspectCassette, toRefusedPath } from "../store.ts";
import { findMemberSecrets, findSplitSecrets, findUnpackedSecrets, type SearchedFile } from "./find-packed-secrets.ts";
import type { SidecarSource } from "./sidecar-digester.ts";

/** What is read at once of a sidecar. */
const PIECE_SIZE = 256 * 1024;

/** Of a comment by delicate-files.ts, and of a secret that BuildKit fetched. */
const OWN_LINE = new RegExp(`^ *(?:# ${DELICATE_COMMENT}: |- secret: )$`);

export interface ScanOptions {
  readonly scanner: SecretScanner;
  /** Places that may have what looks like a secret. */
  readonly allowed: readonly string[];
  /** Whether members of tars are unpacked, too, such as the layers of an image. @default false */
  readonly unpacksMembers?: boolean;
}

/**
 * Nothing is put in place that has a secret, in its text or beside it.
 * @param beside the secrets in its sidecars
 * @param spellOption how the ways out are named; default: as in code
 */
export function createInspection(
  beside: readonly SecretHit[],
  scan: ScanOptions,
  spellOption?: SpellOption,
): InspectCassette {
  return (text, file) => {
    const all = [...findTextSecrets(text, file, scan), ...beside];
    if (all.length === 0) return undefined;
    return {
      problem: createSecretsError(all, { cassette: file, kept: toRefusedPath(file), spellOption }),
      shown: maskBatches(text, scan),
    };
  };
}

/**
 * The secrets in a cassette's text, the first hundred. It is searched some documents at a time: no secret goes from one
 * into the next.
 */
export function findTextSecrets(
  text: ByteRanges,
  file: string,
  { scanner, allowed }: ScanOptions,
): readonly SecretHit[] {
  const hits: SecretHit[] = [];
  let line = 1;
  for (const batch of batchDocuments(text)) {
    const batchText = batch.toString("latin1");
    const all = scanner.findEncoded(batchText).filter(({ start }) => !isOwnLine(batchText, start));
    const found = all.slice(0, MOST_HITS - hits.length);
    // The request that is named may have the secret itself.
    if (found.length > 0) hits.push(...listTextHits(maskAll(batch, found).toString("latin1"), { file, line }, found));
    if (hits.length >= MOST_HITS) break;
    line += countNewlines(batch);
  }
  return hits.filter((hit) => !isAllowed(hit, allowed));
}

/** Whether it stands in a line that names secrets and has none: the recorder's comment, the secrets of a build. */
function isOwnLine(text: string, at: number): boolean {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  return OWN_LINE.test(text.slice(start, at));
}

/** The text with masks in the places of its secrets. */
function* maskBatches(text: ByteRanges, { scanner }: ScanOptions): Generator<Buffer> {
  for (const batch of batchDocuments(text)) yield maskAll(batch, scanner.findEncoded(batch.toString("latin1")));
}

function maskAll(bytes: Buffer, found: readonly ScannedSecret[]): Buffer {
  const masked = Buffer.from(bytes);
  for (const { start, end } of found) masked.fill("*", start, end);
  return masked;
}

/** Secrets are told of the sidecar as the cassette refers to it. */
export async function findSidecarSecrets(
  sidecars: readonly SidecarRef[],
  source: SidecarSource,
  scan: ScanOptions,
): Promise<readonly SecretHit[]> {
  const hits: SecretHit[] = [];
  const byPath = new Map(sidecars.map((sidecar) => [sidecar.path, sidecar]));
  // A gigabyte in pieces of their own is garbage faster than it is collected.
  const into = Buffer.allocUnsafeSlow(PIECE_SIZE);
  for (const sidecar of byPath.values()) {
    const found = await scan.scanner.findInPieces(source.read(sidecar, into));
    const settled = (await source.settle?.(sidecar)) ?? sidecar;
    const shown = toSidecarHits(settled.path, found).filter((hit) => !isAllowed(hit, scan.allowed));
    hits.push(...shown, ...(await findHidden({ path: settled.path, read: () => source.read(settled) }, shown, scan)));
  }
  return hits.filter((hit) => !isAllowed(hit, scan.allowed));
}

/** Those that the bytes of a sidecar do not show. */
async function findHidden(
  file: SearchedFile,
  shown: readonly SecretHit[],
  { scanner, unpacksMembers = false }: ScanOptions,
): Promise<readonly SecretHit[]> {
  if (!/\.(?:gz|tgz|tar|bin)$/.test(file.path)) return [];
  const unpacked = await findUnpackedSecrets(file, scanner);
  const members = unpacksMembers ? await findMemberSecrets(file, scanner) : [];
  // What the bytes show is in a frame, too.
  const split = shown.length > 0 || !file.path.endsWith(".bin") ? [] : await findSplitSecrets(file, scanner);
  return [...unpacked, ...members, ...split];
}
