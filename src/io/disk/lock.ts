/**
 * One recording per cassette at a time. The lock is a file that names its process: a lock whose process is dead
 * is taken over. A pid alone is not enough, it may have been given to another process since (in a container it is
 * the same in every run), so the process's start is told, too, where the system tells it.
 */
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { EnvironmentError, WhalesongError } from "../../base/errors.ts";
import { getErrno } from "../errno.ts";
import { createDiskError } from "./disk.ts";

const NO_LINKS: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Takes the lock of a cassette, or throws if a live process has it. Returns what gives it back.
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

/** A link is made whole or not at all: nobody ever reads a lock that is still empty. */
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

/** Removes a dead process's lock. It is moved aside first, so that of two who do this only one gets it. */
function clearStale(path: string, cassette: string): void {
  const owner = readOwner(path);
  if (owner === undefined) return;
  if (isAlive(owner)) throw createLockedError(path, cassette, owner);
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (getErrno(error) === "ENOENT") return;
    throw error;
  }
  const moved = readOwner(aside) ?? owner;
  // Someone else was quicker, and what was moved is a lock of today.
  if (moved !== owner && isAlive(moved)) isLinked(aside, path);
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

/** `pid start`, start being what the system counts for that process and no later one of the same pid. */
function formatOwner(pid: number): string {
  return `${pid} ${readStartTime(pid) ?? "?"}\n`;
}

function isAlive(owner: string): boolean {
  const pid = Number.parseInt(owner, 10);
  if (!(pid > 0)) return false;
  return isRunning(pid) && (owner.includes("?") || formatOwner(pid) === owner);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return getErrno(error) === "EPERM";
  }
}

/** The 22nd field of /proc/<pid>/stat; the second is a name in parentheses that may hold anything (proc(5)). */
function readStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // Dead, but its parent has not asked: in a container without an init it stays so.
    return "ZX".includes(state) ? "dead" : fields[18];
  } catch {
    return undefined;
  }
}

function createLockedError(path: string, cassette: string, owner: string): EnvironmentError {
  const pid = Number.parseInt(owner, 10);
  return new EnvironmentError(
    "WHALESONG_CASSETTE_LOCKED",
    `\`${cassette}\` is being recorded by process ${pid}; wait for it to end, or, if that is no recorder, remove \`${path}\``,
    { fields: { path, pid } },
  );
}
