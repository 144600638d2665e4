/** Writes a gzipped tar of files of this machine. */
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Pack } from "tar-stream";
import { loadTar } from "../../base/load-tar.ts";
import { createDiskError } from "../disk/disk.ts";

/** An entry of the archive: a file of this machine, or a text. */
export type ArchiveSource = { readonly name: string } & ({ readonly path: string } | { readonly text: string });

/** Two archives of the same files are equal: times and owners of the machine stay out. */
const COMMON = { mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) };

/**
 * Writes `sources`, in their order, to a new file at `path`.
 * @throws EnvironmentError `WHALESONG_DISK` if a file cannot be read or written; also if there is a file at `path`
 */
export async function writeArchive(path: string, sources: readonly ArchiveSource[]): Promise<void> {
  const archive = loadTar().pack();
  const written = pipeline(
    archive as unknown as AsyncIterable<Buffer>,
    createGzip(),
    createWriteStream(path, { flags: "wx" }),
  );
  try {
    await Promise.all([written, packAll(archive, sources)]);
  } catch (cause) {
    throw createDiskError("write the archive", path, cause);
  }
}

async function packAll(archive: Pack, sources: readonly ArchiveSource[]): Promise<void> {
  try {
    for (const source of sources) await packOne(archive, source);
    archive.finalize();
  } catch (error) {
    archive.destroy(error as Error);
    throw error;
  }
}

async function packOne(archive: Pack, source: ArchiveSource): Promise<void> {
  if ("text" in source) {
    archive.entry({ ...COMMON, name: source.name }, source.text);
    return;
  }
  const { size, mode } = statSync(source.path);
  // Docker sends the permissions of files, and a replay compares them.
  const header = { ...COMMON, name: source.name, size, mode: mode & 0o777 };
  const entry = archive.entry(header);
  await pipeline(createReadStream(source.path), entry as unknown as NodeJS.WritableStream);
}
