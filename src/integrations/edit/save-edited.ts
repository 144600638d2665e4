/** Puts an edited cassette and its sidecars on the disk: it is read, and only then replaces the old one. */
import { copyFileSync, existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import type { TextPieces } from "../../base/gather-text.ts";
import { checkCassette } from "../../cassette/check.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import type { CassetteWalk } from "../../cassette/read.ts";
import { listSidecars, walkSidecars } from "../../cassette/sidecars.ts";
import { createFolder } from "../../io/disk/create-folder.ts";
import { withDiskErrors } from "../../io/disk/disk.ts";
import { followLinks } from "../../io/disk/follow-links.ts";
import { takeLock } from "../../io/disk/lock.ts";
import { openSidecar, type SidecarFile, walkCassette } from "../../io/disk/read-cassette.ts";
import { digestFile } from "../../io/disk/sidecar-draft.ts";
import { nameSidecarFolder, sharesSidecarFolder } from "../../io/disk/sidecar-folder-name.ts";
import { writePieces } from "../../io/disk/write-pieces.ts";
import { moveSidecars, openDocument } from "./map-exchange.ts";

/** Without one of them, a document names no sidecar. */
const SIDECAR_KEYS = ["path", "size"];

/** The paths of the sidecars, relative to the cassette. */
export function listSidecarPaths({ entries }: CassetteWalk): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { path } of walkSidecars(entries)) paths.add(path);
  return paths;
}

/**
 * Writes `pieces` to `path`. Sidecars that only the old cassette had are removed.
 * @throws CassetteError if the text is no cassette; then nothing has changed
 */
export async function saveCassette(path: string, pieces: TextPieces, old?: CassetteWalk): Promise<void> {
  const file = followLinks(path);
  createFolder(dirname(file));
  const unlock = takeLock(file);
  try {
    let kept: ReadonlySet<string> = new Set();
    await writePieces(path, pieces, async (draft) => {
      kept = await walkCassette(draft, listGoodSidecarPaths, path);
    });
    if (old !== undefined) removeOrphans(file, old, kept);
  } finally {
    unlock();
  }
}

async function listGoodSidecarPaths(edited: CassetteWalk): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  const [fault] = checkCassette(edited, (exchange) => {
    for (const { path } of listSidecars(exchange)) paths.add(path);
  });
  if (fault !== undefined) throw fault;
  return paths;
}

/** Only in the cassette's own folder, and if no other cassette has the same one: others may belong to other cassettes. */
function removeOrphans(file: string, old: CassetteWalk, kept: ReadonlySet<string>): void {
  if (sharesSidecarFolder(file)) return;
  const own = nameSidecarFolder(file);
  const orphans = [...listSidecarPaths(old)].filter((path) => !kept.has(path) && path.startsWith(`${own}/`));
  for (const path of orphans) rmSync(join(dirname(file), path), { force: true });
  const folder = join(dirname(file), own);
  if (orphans.length > 0 && existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/**
 * The documents of the cassette `from` for a cassette at `path`: their sidecars are copied into the folder of that name.
 * @throws CassetteError if a sidecar is not intact
 */
export async function* carrySidecars(documents: TextPieces, from: string, path: string): AsyncGenerator<string> {
  const places = new Map<string, string>();
  for await (const document of documents) {
    if (!SIDECAR_KEYS.every((key) => document.includes(key))) {
      yield document;
      continue;
    }
    const opened = openDocument(document, from);
    for (const ref of listSidecars(opened.readExchange()))
      if (!places.has(ref.path)) places.set(ref.path, await carrySidecar(openSidecar(from, ref), ref, path));
    yield moveSidecars(opened, (old) => places.get(old) ?? old);
  }
}

/** Returns its new place, relative to the cassette at `path`. */
async function carrySidecar(file: SidecarFile, ref: SidecarRef, path: string): Promise<string> {
  await file.verify();
  const place = choosePlace(ref, file.path, path);
  copyNew(file.path, join(dirname(path), place));
  return place;
}

/** In the folder of the cassette at `path`, under its old name, unless another file has that. */
function choosePlace({ path: from, sha256 }: SidecarRef, source: string, path: string): string {
  const stem = nameSidecarFolder(path);
  const name = from.replace(/^[^/]*\//, "");
  const plain = join(dirname(path), stem, name);
  if (!existsSync(plain)) return `${stem}/${name}`;
  const digest = sha256 ?? digestFile(source);
  return digestFile(plain) === digest ? `${stem}/${name}` : `${stem}/${digest.slice(0, 8)}-${name}`;
}

function copyNew(from: string, to: string): void {
  if (existsSync(to)) return;
  createFolder(dirname(to));
  withDiskErrors("copy to", to, () => copyFileSync(from, to));
}

/** Removes the cassette, and the sidecars in its own folder. */
export function removeCassette(cassette: CassetteWalk): void {
  rmSync(cassette.file);
  removeOrphans(cassette.file, cassette, new Set());
}

export function createExistsError(path: string): UsageError {
  const message = `\`${path}\` exists already, and nothing replaces it; name another file, or move it away`;
  return new UsageError("WHALESONG_CASSETTE_EXISTS", message, { fields: { path } });
}
