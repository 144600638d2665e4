/**
 * Reads files that a cassette, a flag or a client names. Only regular files are read: opening a FIFO waits until
 * something writes to it, and a device such as `/dev/zero` has no end.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Without O_NONBLOCK even the opening of a FIFO waits. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** The path names something that is not a regular file. `code` stands where the system's errors have theirs. */
export class NotRegularError extends Error {
  readonly code = "ENOTREG";
}

/**
 * All bytes of the regular file at `path`.
 * @throws NotRegularError for a folder, a FIFO, a socket or a device
 */
export function readRegularFile(path: string): Buffer {
  const fd = openSync(path, FLAGS);
  try {
    assertRegular(fstatSync(fd));
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Opens the regular file at `path` for reading.
 * @throws NotRegularError for a folder, a FIFO, a socket or a device
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const file = await open(path, FLAGS);
  try {
    assertRegular(await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** @throws NotRegularError */
export function assertRegular(stats: Stats): void {
  if (!stats.isFile()) throw new NotRegularError(`it is ${nameKind(stats)}, only regular files are read`);
}

function nameKind(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a FIFO";
  return stats.isSocket() ? "a socket" : "a device";
}
