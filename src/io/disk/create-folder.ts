/** Makes folders. Their errors name the path and the remedy. */
import { mkdirSync, mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { toErrorMessage } from "../../base/error-message.ts";
import { EnvironmentError } from "../../base/errors.ts";
import { getErrno } from "../errno.ts";
import { withDiskErrors } from "./disk.ts";

/**
 * Makes `path` and the folders above it that are not there. Node's own `recursive` never ends where the file system
 * answers ENOENT to a new name, as /proc does.
 * @param mode the permission of those that are made (default: what the umask leaves)
 * @returns the first folder that was made; undefined if all are there
 * @throws EnvironmentError `WHALESONG_DISK`
 */
export function createFolder(path: string, mode?: number): string | undefined {
  return withDiskErrors("create the folder", path, () => createEach(resolve(path), mode));
}

function createEach(path: string, mode: number | undefined): string | undefined {
  const refusal = tryToCreate(path, mode);
  if (refusal === undefined) return path;
  if (isFolder(path)) return undefined;
  if (getErrno(refusal) !== "ENOENT") throw refusal;
  if (isFolder(dirname(path))) return createAgain(path, mode);
  const above = createEach(dirname(path), mode);
  const own = createEach(path, mode);
  return above ?? own;
}

/** The folder above is there by now: of another process that makes the same one, as the workers of a test runner do. */
function createAgain(path: string, mode: number | undefined): string | undefined {
  const refusal = tryToCreate(path, mode);
  if (refusal === undefined) return path;
  if (isFolder(path)) return undefined;
  throw refusal;
}

/** Returns why the folder cannot be made. */
function tryToCreate(path: string, mode: number | undefined): unknown {
  try {
    mkdirSync(path, mode);
    return undefined;
  } catch (error) {
    return error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Makes a private folder among the temporary files, as `whalesong-PURPOSE-` and six letters.
 * @throws EnvironmentError `WHALESONG_DISK` if there is no folder for temporary files
 */
export function createTemporaryFolder(purpose: string): string {
  const parent = tmpdir();
  try {
    return mkdtempSync(join(parent, `whalesong-${purpose}-`));
  } catch (cause) {
    const message = `cannot make a temporary folder in \`${parent}\`: ${toErrorMessage(cause)}; let TMPDIR name a folder that exists and can be written to`;
    throw new EnvironmentError("WHALESONG_DISK", message, { cause, fields: { path: parent, errno: getErrno(cause) } });
  }
}
