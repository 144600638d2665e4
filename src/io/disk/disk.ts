/** The file system calls of a recording. Their errors name the path and the remedy. */
import { closeSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { toErrorMessage } from "../../base/error-message.ts";
import { EnvironmentError } from "../../base/errors.ts";
import { getErrno } from "../errno.ts";

/** Pieces of 64 KiB would cost half the speed at which a sidecar is sent. */
export const PIECE_SIZE: number = 256 * 1024;

/** Runs `work` and explains its errors. `action` continues "cannot": `write`, `create the folder`. */
export function withDiskErrors<T>(action: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw createDiskError(action, path, cause);
  }
}

export function createDiskError(action: string, path: string, cause: unknown): EnvironmentError {
  const errno = getErrno(cause);
  const message = `cannot ${action} \`${path}\`: ${toErrorMessage(cause)}; ${suggestRemedy(errno)}`;
  return new EnvironmentError("WHALESONG_DISK", message, { cause, fields: { path, errno } });
}

function suggestRemedy(errno: string | undefined): string {
  if (errno === "ENOSPC" || errno === "EDQUOT") return "the disk is full: make room, and do it again";
  if (errno === "EACCES" || errno === "EPERM") return "check the permissions of the file and of its folder";
  if (errno === "EROFS") return "the file system is read-only: choose another place";
  if (errno === "EISDIR") return "that is a folder: name a file";
  if (errno === "ENOTREG") return "name a regular file";
  if (errno === "ENOTDIR" || errno === "EEXIST") return "a file stands where a folder should be: choose another place";
  if (errno === "EMFILE" || errno === "ENFILE") return "too many files are open: raise `ulimit -n`";
  return "check the path and the disk";
}

/** Writes all of `bytes` at `position`: one call may take fewer. */
export function writeAll(fd: number, bytes: Buffer, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}

/** `size` bytes of an open file from `offset` on, in new buffers; fewer if the file is shorter. */
export function* readPieces(fd: number, offset: number, size: number): Generator<Buffer> {
  const end = offset + size;
  for (let at = offset; at < end; ) {
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_SIZE, end - at));
    const count = readSync(fd, buffer, 0, buffer.length, at);
    if (count === 0) return;
    at += count;
    yield buffer.subarray(0, count);
  }
}

/** Flushes a file to the disk. */
export function syncFile(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Flushes the names in a folder to the disk, if the file system supports it (some network disks do not). */
export function syncFolder(path: string): void {
  try {
    syncFile(path);
  } catch (error) {
    if (!["EINVAL", "EPERM", "EACCES", "EISDIR", "ENOTSUP"].includes(getErrno(error) ?? "")) throw error;
  }
}

/** A whole file. @throws EnvironmentError where it cannot be read */
export function readBytes(path: string): Buffer {
  return withDiskErrors("read", path, () => readFileSync(path));
}
