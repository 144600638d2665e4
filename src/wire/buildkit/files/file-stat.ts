/** What fsutil says of a file, and Go's file modes (Go `io/fs` FileMode, not those of Unix). */

export interface FileStat {
  /** Relative, with slashes, without one at either end. */
  readonly path: string;
  /** Go's mode bits: permissions in the lowest nine, the type in the high ones. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly modTime: bigint;
  /** Of a symbolic link its target; of a regular file the path that it is a hard link of. Else empty. */
  readonly linkname: string;
  readonly devmajor: number;
  readonly devminor: number;
  readonly xattrs: Readonly<Record<string, Buffer>>;
}

export type FileType = "file" | "directory" | "symlink" | "device" | "fifo" | "socket" | "character-device" | "other";

const TYPE_BITS: readonly (readonly [bits: number, type: FileType])[] = [
  [2 ** 31, "directory"],
  [2 ** 27, "symlink"],
  [2 ** 26 + 2 ** 21, "character-device"],
  [2 ** 26, "device"],
  [2 ** 25, "fifo"],
  [2 ** 24, "socket"],
  [2 ** 19, "other"],
];
const PERMISSIONS = 0o777;
const SETUID = 2 ** 23;
const SETGID = 2 ** 22;
const STICKY = 2 ** 20;

export function readFileType(mode: number): FileType {
  return TYPE_BITS.find(([bits]) => hasBits(mode, bits))?.[1] ?? "file";
}

/** The twelve bits that `chmod` knows. */
export function toUnixMode(mode: number): number {
  const special = [SETUID, SETGID, STICKY].map((bit, at) => (hasBits(mode, bit) ? 0o4000 >> at : 0));
  return (mode & PERMISSIONS) + special.reduce((sum, bit) => sum + bit);
}

/** Go's mode of a file of this type, with the twelve bits that `chmod` knows. */
export function toGoMode(type: FileType, unixMode: number): number {
  const typeBits = TYPE_BITS.find(([, one]) => one === type)?.[0] ?? 0;
  const special = [SETUID, SETGID, STICKY].map((bit, at) => ((unixMode & (0o4000 >> at)) === 0 ? 0 : bit));
  return typeBits + special.reduce((sum, bit) => sum + bit) + (unixMode & PERMISSIONS);
}

/** Whether a receiver may ask for content: not of directories and the like, and not of a hard link, which has its first path's. */
export function hasContent({ mode, linkname }: FileStat): boolean {
  return readFileType(mode) === "file" && linkname === "";
}

/** JavaScript's bit operators are signed; a directory's bit is the sign. */
function hasBits(mode: number, bits: number): boolean {
  return (mode & bits) >>> 0 === bits;
}
