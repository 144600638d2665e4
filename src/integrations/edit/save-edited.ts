/** Puts an edited cassette and its sidecars on the disk: it is read, and only then replaces the old one. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { checkCassette } from "../../cassette/check.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import { type Cassette, openCassette } from "../../cassette/read.ts";
import { listSidecars } from "../../cassette/sidecars.ts";
import { withDiskErrors } from "../../io/disk/disk.ts";
import { followLinks } from "../../io/disk/follow-links.ts";
import { takeLock } from "../../io/disk/lock.ts";
import { digestFile } from "../../io/disk/sidecar-draft.ts";
import { openSidecar } from "../../io/disk/sidecar-file.ts";
import { moveSidecars } from "./map-exchange.ts";

/** The paths of the sidecars, relative to the cassette. */
export function listSidecarPaths({ entries }: Cassette): ReadonlySet<string> {
  return new Set(entries.flatMap((entry) => listSidecars(entry.readExchange()).map(({ path }) => path)));
}

/**
 * Writes `text` to `path`. Sidecars that only the old cassette had are removed.
 * @throws CassetteError if the text is no cassette; then nothing has changed
 */
export function saveCassette(path: string, text: string, old?: Cassette): void {
  const file = followLinks(path);
  const edited = openCassette(Buffer.from(text), path);
  for (const fault of checkCassette(edited)) throw fault;
  mkdirSync(dirname(file), { recursive: true });
  const unlock = takeLock(file);
  try {
    withDiskErrors("write", file, () => {
      writeFileSync(`${file}.edited`, text);
      renameSync(`${file}.edited`, file);
    });
    if (old !== undefined) removeOrphans(file, old, listSidecarPaths(edited));
  } finally {
    rmSync(`${file}.edited`, { force: true });
    unlock();
  }
}

/** Only in the cassette's own folder: others may belong to other cassettes. */
function removeOrphans(file: string, old: Cassette, kept: ReadonlySet<string>): void {
  const own = toStem(file);
  const orphans = [...listSidecarPaths(old)].filter((path) => !kept.has(path) && path.startsWith(`${own}/`));
  for (const path of orphans) rmSync(join(dirname(file), path), { force: true });
  const folder = join(dirname(file), own);
  if (orphans.length > 0 && existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/**
 * The documents of `cassette` for a cassette at `path`: its sidecars are copied into the folder of that name.
 * @param documents the text of the documents that refer to them, without a header
 * @throws CassetteError if a sidecar is not intact
 */
export async function carrySidecars(
  cassette: Cassette,
  header: string,
  documents: string,
  path: string,
): Promise<string> {
  const moved = openCassette(Buffer.from(header + documents), cassette.file);
  const places = new Map<string, string>();
  for (const entry of moved.entries) {
    for (const ref of listSidecars(entry.readExchange())) {
      const from = openSidecar(cassette.file, ref);
      await from.verify();
      const place = choosePlace(ref, path);
      places.set(ref.path, place);
      copyNew(from.path, join(dirname(path), place));
    }
  }
  return moved.entries.map((entry) => moveSidecars(entry, (from) => places.get(from) ?? from)).join("");
}

/** In the folder of the cassette at `path`, under its old name, unless another file has that. */
function choosePlace({ path: from, sha256 }: SidecarRef, path: string): string {
  const stem = toStem(path);
  const name = from.replace(/^[^/]*\//, "");
  const plain = join(dirname(path), stem, name);
  return !existsSync(plain) || digestFile(plain) === sha256
    ? `${stem}/${name}`
    : `${stem}/${sha256.slice(0, 8)}-${name}`;
}

/** The name of a cassette's folder of sidecars. */
function toStem(path: string): string {
  return basename(path).replace(/\.ya?ml$/, "");
}

function copyNew(from: string, to: string): void {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  withDiskErrors("copy to", to, () => copyFileSync(from, to));
}

/** Removes the cassette, and the sidecars in its own folder. */
export function removeCassette(cassette: Cassette): void {
  rmSync(cassette.file);
  removeOrphans(cassette.file, cassette, new Set());
}

export function createExistsError(path: string): UsageError {
  const message = `\`${path}\` exists already; remove it, or name another file`;
  return new UsageError("WHALESONG_CASSETTE_EXISTS", message, { fields: { path } });
}
