/**
 * One recording per cassette at a time. The lock is a file that names its process; a lock of a dead process is taken
 * over.
 */
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { EnvironmentError, WhalesongError } from "../../base/errors.ts";
import { getErrno } from "../errno.ts";
import { formatOwner, isOwnerAlive } from "../process-owner.ts";
import { toTypedPath } from "../typed-path.ts";
import { createDiskError } from "./disk.ts";
import { followLinks } from "./follow-links.ts";

const NO_LINKS: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Takes the lock of a cassette. Returns the function that releases it.
 * @throws EnvironmentError `WHALESONG_CASSETTE_LOCKED`
 */
export function takeLock(cassette: string): () => void {
  const path = `${cassette}.lock`;
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, formatOwner(process.pid));
    while (!isLinked(draft, path)) clearStale(path, cassette);
  } catch (error) {
    throw error instanceof WhalesongError ? error : createDiskError("write the lock", path, error);
  } finally {
    rmSync(draft, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** The process that is recording to a cassette now; undefined if none is. */
export function findRecorder(cassette: string): number | undefined {
  const owner = readOwner(`${followLinks(cassette)}.lock`);
  return owner !== undefined && isOwnerAlive(owner) ? Number.parseInt(owner, 10) : undefined;
}

/** A link appears with its content at once, so that no process reads an empty lock. */
function isLinked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (getErrno(error) === "EEXIST") return false;
    if (!NO_LINKS.has(getErrno(error))) throw error;
    return isCopied(draft, path);
  }
}

/** For file systems without hard links. */
function isCopied(draft: string, path: string): boolean {
  try {
    copyFileSync(draft, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (getErrno(error) === "EEXIST") return false;
    throw error;
  }
}

/** Removes the lock of a dead process. It is renamed first, so that only one of two competing processes gets it. */
function clearStale(path: string, cassette: string): void {
  const owner = readOwner(path);
  if (owner === undefined) return;
  if (isOwnerAlive(owner)) throw createLockedError(path, cassette, owner);
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (getErrno(error) === "ENOENT") return;
    throw error;
  }
  const moved = readOwner(aside) ?? owner;
  // Another process was quicker: the renamed file is its live lock.
  if (moved !== owner && isOwnerAlive(moved)) isLinked(aside, path);
  rmSync(aside, { force: true });
}

function readOwner(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (getErrno(error) === "ENOENT") return undefined;
    throw error;
  }
}

function createLockedError(path: string, cassette: string, owner: string): EnvironmentError {
  const pid = Number.parseInt(owner, 10);
  return new EnvironmentError(
    "WHALESONG_CASSETTE_LOCKED",
    `cannot record to \`${toTypedPath(cassette)}\`: another recorder, process ${pid}, is recording to it; wait for it to end, or, if that process is no recorder, remove \`${toTypedPath(path)}\``,
    { fields: { path, pid } },
  );
}
