/**
 * File trees of builds as tars: POSIX ustar, and pax records for what that has no room for. An entry keeps all that
 * fsutil tells of a file, so a tree comes back as it was sent.
 */
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Extract, Header } from "tar-stream";
import { createTarExtractor } from "../wire/archive/tar-extractor.ts";
import { type FileStat, type FileType, readFileType, toGoMode, toUnixMode } from "../wire/buildkit/files/file-stat.ts";

const BLOCK = 512;
const LONGEST_NAME = 100;
const MOST_OCTAL = 0o77777777777;
/** Uids and gids have seven octal digits. */
const MOST_ID = 0o7777777;
const BILLION = 1_000_000_000n;
/** As libarchive writes them: base64. */
const XATTR = "LIBARCHIVE.xattr.";
/** The size that the client sent, where it is not that of the content: of a hard link. */
const SENT_SIZE = "WHALESONG.size";
const TYPE_FLAGS: Readonly<Partial<Record<FileType, string>>> = {
  file: "0",
  symlink: "2",
  "character-device": "3",
  device: "4",
  directory: "5",
  fifo: "6",
};

/** The end of a tar. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);

/** Whether a tar can hold it. */
export function hasTarType({ mode }: FileStat): boolean {
  return TYPE_FLAGS[readFileType(mode)] !== undefined;
}

/** The blocks before an entry's content. */
export function encodeTreeHeader(stat: FileStat, size: number): Buffer {
  const records = listPaxRecords(stat, size);
  const header = encodeHeader(stat, size);
  if (records.length === 0) return header;
  const content = Buffer.from(records.map(encodeRecord).join(""));
  const pax = { ...stat, path: "PaxHeader", mode: 0o644, linkname: "", modTime: 0n, uid: 0, gid: 0 };
  return Buffer.concat([encodeHeader(pax, content.length, "x"), content, encodeTarPadding(content.length), header]);
}

/** What fills the last block of a content of `size` bytes. */
export function encodeTarPadding(size: number): Buffer {
  return Buffer.alloc(-size & (BLOCK - 1));
}

function listPaxRecords(stat: FileStat, size: number): (readonly [key: string, value: string])[] {
  const { path, linkname, modTime, uid, gid, xattrs } = stat;
  const seconds = toSeconds(modTime);
  const isWhole = modTime % BILLION === 0n && seconds >= 0n && seconds <= BigInt(MOST_OCTAL);
  return [
    ...(isPlainName(toTarName(stat)) ? [] : [["path", path] as const]),
    ...(isPlainName(linkname) ? [] : [["linkpath", linkname] as const]),
    ...(size <= MOST_OCTAL ? [] : [["size", `${size}`] as const]),
    ...(isWhole ? [] : [["mtime", formatPaxTime(modTime)] as const]),
    ...(uid <= MOST_ID ? [] : [["uid", `${uid}`] as const]),
    ...(gid <= MOST_ID ? [] : [["gid", `${gid}`] as const]),
    ...(stat.size === getImpliedSize(stat, size) ? [] : [[SENT_SIZE, `${stat.size}`] as const]),
    ...Object.entries(xattrs).map(([name, value]) => [`${XATTR}${name}`, value.toString("base64")] as const),
  ];
}

/** A link's size is the length of its target. */
function getImpliedSize({ mode, linkname }: FileStat, size: number): number {
  return readFileType(mode) === "symlink" ? Buffer.byteLength(linkname) : size;
}

function isPlainName(name: string): boolean {
  return Buffer.byteLength(name) <= LONGEST_NAME && /^[ -~]*$/.test(name);
}

function toTarName({ path, mode }: FileStat): string {
  return readFileType(mode) === "directory" ? `${path}/` : path;
}

/** Rounded down, as tar has it. */
function toSeconds(modTime: bigint): bigint {
  return modTime >= 0n ? modTime / BILLION : (modTime - BILLION + 1n) / BILLION;
}

function formatPaxTime(modTime: bigint): string {
  const size = modTime < 0n ? -modTime : modTime;
  const fraction = `${size % BILLION}`.padStart(9, "0").replace(/0+$/, "");
  return `${modTime < 0n ? "-" : ""}${size / BILLION}${fraction === "" ? "" : `.${fraction}`}`;
}

/** `30 path=...`: the number counts its own digits, too. */
function encodeRecord([key, value]: readonly [key: string, value: string]): string {
  const rest = ` ${key}=${value}\n`;
  const plain = Buffer.byteLength(rest);
  const length = plain + `${plain}`.length;
  return `${plain + `${length}`.length}${rest}`;
}

function encodeHeader(stat: FileStat, size: number, flag: string = toTypeFlag(stat)): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(cutName(toTarName(stat)), 0, LONGEST_NAME, "latin1");
  writeOctal(block, 100, 8, toUnixMode(stat.mode));
  writeOctal(block, 108, 8, stat.uid <= MOST_ID ? stat.uid : 0);
  writeOctal(block, 116, 8, stat.gid <= MOST_ID ? stat.gid : 0);
  writeOctal(block, 124, 12, size <= MOST_OCTAL ? size : 0);
  const seconds = toSeconds(stat.modTime);
  writeOctal(block, 136, 12, seconds >= 0n && seconds <= BigInt(MOST_OCTAL) ? Number(seconds) : 0);
  block.write(flag, 156);
  block.write(cutName(stat.linkname), 157, LONGEST_NAME, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  writeOctal(block, 329, 8, stat.devmajor);
  writeOctal(block, 337, 8, stat.devminor);
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** A name that stands in a pax record is only hinted at. */
function cutName(name: string): string {
  return name.replace(/[^ -~]/g, "_").slice(0, LONGEST_NAME);
}

function toTypeFlag({ mode, linkname }: FileStat): string {
  const type = readFileType(mode);
  return type === "file" && linkname !== "" ? "1" : (TYPE_FLAGS[type] ?? "0");
}

function writeOctal(block: Buffer, at: number, width: number, value: number): void {
  block.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at, "latin1");
}

export interface TarredFile {
  readonly stat: FileStat;
  /** Where its content begins in the tar. */
  readonly offset: number;
  /** Of its content in the tar; `stat.size` is what the sender told, the length of a link's target, too. */
  readonly size: number;
}

/**
 * The entries of a tree's tar, sorted as fsutil lists them.
 * @throws Error where it is no tar
 */
export async function readTreeTar(tar: AsyncIterable<Buffer>): Promise<readonly TarredFile[]> {
  const unpacked = createTarExtractor();
  // tar-stream's streams are of another library; a pipeline can use them as Node's Writable.
  const filled = pipeline(Readable.from(tar), unpacked as unknown as Writable);
  const [files] = await Promise.all([readEntries(unpacked), filled]);
  return files.sort((one, other) => compareTreePaths(one.stat.path, other.stat.path));
}

async function readEntries(unpacked: Extract): Promise<TarredFile[]> {
  const files: TarredFile[] = [];
  for await (const entry of unpacked) {
    files.push(toTarredFile(entry.header as PaxHeader));
    entry.resume();
  }
  return files;
}

type PaxHeader = Header & { readonly byteOffset: number; readonly pax: Readonly<Record<string, string>> | null };

function toTarredFile(header: PaxHeader): TarredFile {
  const pax = header.pax ?? {};
  const type = toFileType(header);
  const size = type === "file" && header.type === "file" ? (header.size ?? 0) : 0;
  const linkname = pax.linkpath ?? header.linkname ?? "";
  return {
    stat: {
      path: (pax.path ?? header.name).replace(/\/$/, ""),
      mode: toGoMode(type, header.mode ?? 0),
      uid: Number(pax.uid ?? header.uid ?? 0),
      gid: Number(pax.gid ?? header.gid ?? 0),
      size: Number(pax[SENT_SIZE] ?? (type === "symlink" ? Buffer.byteLength(linkname) : size)),
      modTime: pax.mtime === undefined ? BigInt(header.mtime?.getTime() ?? 0) * 1_000_000n : parsePaxTime(pax.mtime),
      linkname,
      devmajor: header.devmajor ?? 0,
      devminor: header.devminor ?? 0,
      xattrs: readXattrs(pax),
    },
    offset: header.byteOffset,
    size,
  };
}

function toFileType({ type }: Header): FileType {
  if (type === "block-device") return "device";
  return type === "directory" || type === "symlink" || type === "character-device" || type === "fifo" ? type : "file";
}

function parsePaxTime(text: string): bigint {
  const [, sign, whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d{1,9}))?/.exec(text) ?? [];
  const nanos = BigInt(whole) * BILLION + BigInt(fraction.padEnd(9, "0"));
  return sign === "-" ? -nanos : nanos;
}

function readXattrs(pax: Readonly<Record<string, string>>): Readonly<Record<string, Buffer>> {
  const names = Object.keys(pax).filter((key) => key.startsWith(XATTR));
  return Object.fromEntries(names.map((key) => [key.slice(XATTR.length), Buffer.from(pax[key] as string, "base64")]));
}

/** fsutil's order: a folder stands before what is in it, and both before `folder-2`. */
export function compareTreePaths(one: string, other: string): number {
  const [a, b] = [one.replaceAll("/", "\0"), other.replaceAll("/", "\0")];
  return a < b ? -1 : a > b ? 1 : 0;
}
