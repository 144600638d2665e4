/**
 * A unix socket's name in the file system. The socket is bound in a private folder beside its final path, gets its
 * mode there, and is then linked to its name. So other users can never connect to it, not even for an instant, and a
 * name that another process has taken meanwhile is not overwritten. (umask is no alternative: all threads of the
 * process share it, and a worker cannot set it.)
 */
import { chmodSync, linkSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmdirSync, unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { EnvironmentError } from "../../base/errors.ts";
import { callInNextTurn } from "../../base/turns.ts";
import { getErrno } from "../errno.ts";
import { runAtExit } from "../exit-hook.ts";
import { assertSocketPathFits, getSocketPathLimit } from "../socket-path.ts";
import { removeFreshFolder, sweepDeadFolders } from "./fresh-folder.ts";
import { probeListener } from "./probe-socket.ts";

/**
 * Calls `bind` with a private path, then gives the socket the name `path`, mode 0600. Returns the function that
 * removes the name; it also runs when the process exits.
 */
export async function bindSocketFile(path: string, bind: (path: string) => Promise<void>): Promise<() => void> {
  assertSocketPathFits(path, getSocketPathLimit() - measureDetour(path));
  await removeStaleSocket(path);
  const folder = mkdtempSync(`${dirname(path)}/.`);
  try {
    const hidden = join(folder, "s");
    await bind(hidden);
    chmodSync(hidden, 0o600);
    publish(hidden, path);
  } finally {
    removeFolder(folder);
  }
  sweepOnce(path);
  return prepareRemoval(path);
}

/** With `rmSync`, whose first use takes a millisecond, each start would be as much later. */
function removeFolder(folder: string): void {
  for (const name of readdirSync(folder)) unlinkSync(join(folder, name));
  rmdirSync(folder);
}

let isSwept = false;

/** Once in a process, and behind the start, which is quick. */
function sweepOnce(path: string): void {
  if (isSwept) return;
  isSwept = true;
  callInNextTurn(() => void sweepDeadFolders(path)).unref();
}

/** By how many bytes the private path is longer. */
function measureDetour(path: string): number {
  return Math.max(0, ".XXXXXX/s".length - Buffer.byteLength(basename(path)));
}

/** Removes a socket file without a listener; any other file at the path is an error. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw createNotASocketError(path);
  const answer = await probeListener(path);
  if (answer === "ENOENT") return;
  if (answer !== "ECONNREFUSED") throw createInUseError(path);
  // Another whalesong may have removed the socket during the probe, and listen there by now.
  if (lstatSync(path, { throwIfNoEntry: false })?.ino === found.ino) unlinkSync(path);
}

function publish(hidden: string, path: string): void {
  try {
    linkSync(hidden, path);
  } catch (error) {
    const errno = getErrno(error);
    if (errno === "EEXIST") throw createInUseError(path);
    // A file system without hard links.
    if (errno !== "EPERM" && errno !== "ENOTSUP" && errno !== "EOPNOTSUPP" && errno !== "ENOSYS") throw error;
    renameSync(hidden, path);
  }
}

/** Removes the name once, and only while it is still this socket. */
function prepareRemoval(path: string): () => void {
  const { dev, ino } = lstatSync(path);
  const remove = (): void => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.dev === dev && found.ino === ino) unlinkSync(path);
    removeFreshFolder(path);
  };
  const forget = runAtExit(remove);
  return () => {
    forget();
    remove();
  };
}

function createNotASocketError(path: string): EnvironmentError {
  const message = `cannot listen at \`${path}\`: a file that is not a socket is there; move it away or choose another path`;
  return new EnvironmentError("WHALESONG_NOT_A_SOCKET", message, { fields: { path } });
}

function createInUseError(path: string): EnvironmentError {
  const message = `cannot listen at \`${path}\`: another process listens there; stop that process or choose another path`;
  return new EnvironmentError("WHALESONG_SOCKET_IN_USE", message, { fields: { path } });
}
