/** The permissions of files (path_resolution(7), "Permissions"). */
import type { FileAttributes } from "./node.ts";

/** What a process shows the kernel when it asks for a file. */
export interface FileCredentials {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  /** The permissions that new files do not get (umask(2)). */
  readonly umask: number;
}

export const READ = 4;
export const WRITE = 2;
export const EXECUTE = 1;

const DEFAULT_UMASK = 0o022;
const STICKY = 0o1000;
const ANY_EXECUTE = 0o111;

export const ROOT_CREDENTIALS: FileCredentials = { uid: 0, gid: 0, groups: [], umask: DEFAULT_UMASK };

/** @param bits one of READ, WRITE and EXECUTE, or their sum */
export function isAllowed(
  { kind, mode, uid, gid }: FileAttributes & { readonly kind: string },
  credentials: FileCredentials,
  bits: number,
): boolean {
  if (kind === "link") return true;
  if (credentials.uid === 0) return kind !== "file" || (bits & EXECUTE) === 0 || (mode & ANY_EXECUTE) !== 0;
  const shift = uid === credentials.uid ? 6 : isInGroup(gid, credentials) ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}

export function isInGroup(gid: number, credentials: FileCredentials): boolean {
  return gid === credentials.gid || credentials.groups.includes(gid);
}

export function isOwner({ uid }: FileAttributes, credentials: FileCredentials): boolean {
  return credentials.uid === 0 || uid === credentials.uid;
}

/** In a sticky folder only the owners of a file, and of the folder, may remove the file. */
export function mayRemove(folder: FileAttributes, node: FileAttributes, credentials: FileCredentials): boolean {
  return (folder.mode & STICKY) === 0 || isOwner(folder, credentials) || isOwner(node, credentials);
}
