/**
 * Private folders for sockets without a path of their own. Each names its process, so that a later whalesong removes
 * those of the dead: nothing tidies up behind a kill -9.
 */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { toErrorMessage } from "../../base/error-message.ts";
import { EnvironmentError } from "../../base/errors.ts";
import { formatOwner, isOwnerAlive } from "../process-owner.ts";
import { getSocketPathLimit } from "../socket-path.ts";
import { probeSocket } from "./probe-socket.ts";

const PREFIX = "whalesong-";
const FORM = /^whalesong-\w{6}$/;
const SOCKET = "docker.sock";
const OWNER = "owner";
/** A sandbox may have a long one for itself; that of macOS alone has 49 bytes of 103. */
const SHORT_FOLDER = "/tmp";
/** Between its folder and its socket a process that starts takes far less. */
const START_MS = 60_000;
/** What a folder of a dead process holds: also the private folder of a socket that was not published yet. */
const OUR_FILES = /^(?:docker\.sock|owner|\.\w{6})$/;

/**
 * The url of a unix socket in a new private folder, which is removed together with the socket. It is in /tmp where a path
 * in the folder for temporary files would be too long for a socket.
 * @throws EnvironmentError `WHALESONG_CANNOT_LISTEN` if there is no folder for temporary files
 * @example
 * const url = createSocketUrl();
 */
export function createSocketUrl(): string {
  return `unix://${join(createFreshFolder(chooseParent(tmpdir())), SOCKET)}`;
}

function chooseParent(usual: string): string {
  const path = join(usual, `${PREFIX}XXXXXX`, SOCKET);
  return Buffer.byteLength(path) > getSocketPathLimit() ? SHORT_FOLDER : usual;
}

function createFreshFolder(parent: string): string {
  try {
    const folder = mkdtempSync(join(parent, PREFIX));
    writeFileSync(join(folder, OWNER), formatOwner(process.pid));
    return folder;
  } catch (cause) {
    const why = `cannot make a folder for the socket in \`${parent}\`: ${toErrorMessage(cause)}`;
    const message = `${why}; let TMPDIR name a folder that exists and can be written to, or choose an address to listen on`;
    throw new EnvironmentError("WHALESONG_CANNOT_LISTEN", message, { cause, fields: { folder: parent } });
  }
}

/** Removes the folder of a socket that is gone, if it was made for it and holds nothing else. */
export function removeFreshFolder(socket: string): void {
  if (!isInFreshFolder(socket)) return;
  const folder = dirname(socket);
  try {
    if (readdirSync(folder).every((name) => name === OWNER)) rmSync(join(folder, OWNER), { force: true });
    rmdirSync(folder);
  } catch {
    // It holds other files, or is gone already.
  }
}

/**
 * Removes the folders beside that of `socket` whose processes are gone: nothing runs that their owner names, and nothing
 * listens at their socket (a process of another container is not seen, but it listens, or is about to). What cannot be
 * removed stays.
 */
export async function sweepDeadFolders(socket: string): Promise<void> {
  if (!isInFreshFolder(socket)) return;
  const parent = dirname(dirname(socket));
  try {
    for (const name of readdirSync(parent).filter((entry) => FORM.test(entry))) await removeIfDead(join(parent, name));
  } catch {
    // The next start tries again.
  }
}

export function isInFreshFolder(socket: string): boolean {
  return basename(socket) === SOCKET && FORM.test(basename(dirname(socket)));
}

async function removeIfDead(folder: string): Promise<void> {
  if (!isOurFolder(folder) || isOwnerAlive(readFileSync(join(folder, OWNER), "utf8"))) return;
  const answer = await probeSocket(join(folder, SOCKET));
  if (answer === "ECONNREFUSED" || (answer === "ENOENT" && !isYoung(folder)))
    rmSync(folder, { recursive: true, force: true });
}

function isYoung(folder: string): boolean {
  return Date.now() - lstatSync(folder).mtimeMs < START_MS;
}

/** Other users' folders, links, and folders that hold anything else, are left alone. */
function isOurFolder(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true || stats.uid !== process.getuid?.()) return false;
  const names = readdirSync(folder);
  return names.includes(OWNER) && names.every((name) => OUR_FILES.test(name));
}
