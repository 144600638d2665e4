/**
 * Encodes a whole tar at once: the digest of a layer is that of its tar, and it is needed where no caller can wait for a
 * stream. The same entries make the same bytes (POSIX ustar; longer names in a pax header).
 */
import { sizeOf, type TreeNode } from "./node.ts";
import type { TarMember } from "./read-tar.ts";

const BLOCK = 512;
const LONGEST_NAME = 100;
const MOST_OCTAL = 0o77777777777;
// A tar has no sockets. One is a pipe there.
const TYPES = { file: "0", link: "2", directory: "5", character: "3", block: "4", fifo: "6", socket: "6" };
const END = Buffer.alloc(2 * BLOCK);

export function writeTar(things: Iterable<TarMember>): Buffer {
  const blocks: Buffer[] = [];
  for (const thing of things) blocks.push(...encodeEntry(thing));
  return Buffer.concat([...blocks, END]);
}

function encodeEntry({ name, node }: TarMember): Buffer[] {
  const target = node.kind === "link" ? node.target : "";
  const extended = [...extendLong("path", name), ...extendLong("linkpath", target)];
  const content = node.kind === "file" ? node.content : Buffer.alloc(0);
  return [
    ...(extended.length === 0 ? [] : encodePaxHeader(extended)),
    encodeHeader(name, target, node),
    ...padToBlock(content),
  ];
}

function extendLong(key: string, value: string): string[] {
  return Buffer.byteLength(value) > LONGEST_NAME ? [encodeRecord(key, value)] : [];
}

/** `30 path=...`: the number counts its own digits, too. */
function encodeRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const plain = Buffer.byteLength(rest);
  const length = plain + String(plain).length;
  return `${plain + String(length).length}${rest}`;
}

function encodePaxHeader(records: readonly string[]): Buffer[] {
  const content = Buffer.from(records.join(""));
  const attributes = { mode: 0o644, uid: 0, gid: 0, mtimeMs: 0, size: content.length, target: "" };
  return [encodeHeaderBlock("PaxHeader", "x", attributes), ...padToBlock(content)];
}

function padToBlock(content: Buffer): Buffer[] {
  return [content, Buffer.alloc(-content.length & (BLOCK - 1))];
}

function encodeHeader(name: string, target: string, node: TreeNode): Buffer {
  const type = node.kind === "device" ? TYPES[node.type] : TYPES[node.kind];
  const size = node.kind === "file" ? sizeOf(node) : 0;
  return encodeHeaderBlock(name, type, { ...node, size, target }, node.kind === "device" ? node : undefined);
}

interface HeaderFields {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
  readonly size: number;
  readonly target: string;
}

function encodeHeaderBlock(
  name: string,
  type: string,
  { mode, uid, gid, mtimeMs, size, target }: HeaderFields,
  device?: { readonly major: number; readonly minor: number },
): Buffer {
  const block = Buffer.alloc(BLOCK);
  const writeOctal = (value: number, digits: number, at: number): void => {
    block.write(`${Math.min(value, MOST_OCTAL).toString(8).padStart(digits, "0")}\0`, at, "latin1");
  };
  block.write(name, 0, LONGEST_NAME, "utf8");
  writeOctal(mode & 0o7777, 7, 100);
  writeOctal(uid, 7, 108);
  writeOctal(gid, 7, 116);
  writeOctal(size, 11, 124);
  writeOctal(Math.max(0, Math.floor(mtimeMs / 1000)), 11, 136);
  block.write("        ", 148, "latin1");
  block.write(type, 156, "latin1");
  block.write(target, 157, LONGEST_NAME, "utf8");
  block.write("ustar\x0000", 257, "latin1");
  writeOctal(device?.major ?? 0, 7, 329);
  writeOctal(device?.minor ?? 0, 7, 337);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}
