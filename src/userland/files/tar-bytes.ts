/**
 * A tar as a whole, at once: layers are known by the digests of their tars, also where nobody can wait for a stream.
 * The same things make the same bytes (POSIX ustar; names that are too long for it in a pax header).
 */
import { sizeOf, type TreeNode } from "./node.ts";
import type { TarThing } from "./tar.ts";

const BLOCK = 512;
const LONGEST_NAME = 100;
const MOST_OCTAL = 0o77777777777;
const TYPES = { file: "0", link: "2", directory: "5", character: "3", block: "4", fifo: "6" };
const END = Buffer.alloc(2 * BLOCK);

export function tarBytes(things: Iterable<TarThing>): Buffer {
  const blocks: Buffer[] = [];
  for (const thing of things) blocks.push(...entry(thing));
  return Buffer.concat([...blocks, END]);
}

function entry({ name, node }: TarThing): Buffer[] {
  const target = node.kind === "link" ? node.target : "";
  const extended = [...tooLong("path", name), ...tooLong("linkpath", target)];
  const content = node.kind === "file" ? node.content : Buffer.alloc(0);
  return [...(extended.length === 0 ? [] : paxHeader(extended)), header(name, target, node), ...padded(content)];
}

function tooLong(key: string, value: string): string[] {
  return Buffer.byteLength(value) > LONGEST_NAME ? [record(key, value)] : [];
}

/** `30 path=...`: the number counts its own digits, too. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const plain = Buffer.byteLength(rest);
  const length = plain + String(plain).length;
  return `${plain + String(length).length}${rest}`;
}

function paxHeader(records: readonly string[]): Buffer[] {
  const content = Buffer.from(records.join(""));
  const attributes = { mode: 0o644, uid: 0, gid: 0, mtimeMs: 0, size: content.length, target: "" };
  return [headerBlock("PaxHeader", "x", attributes), ...padded(content)];
}

function padded(content: Buffer): Buffer[] {
  return [content, Buffer.alloc(-content.length & (BLOCK - 1))];
}

function header(name: string, target: string, node: TreeNode): Buffer {
  const type = node.kind === "device" ? TYPES[node.type] : TYPES[node.kind];
  const size = node.kind === "file" ? sizeOf(node) : 0;
  return headerBlock(name, type, { ...node, size, target }, node.kind === "device" ? node : undefined);
}

interface HeaderFields {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
  readonly size: number;
  readonly target: string;
}

function headerBlock(
  name: string,
  type: string,
  { mode, uid, gid, mtimeMs, size, target }: HeaderFields,
  device?: { readonly major: number; readonly minor: number },
): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number, at: number): void => {
    block.write(`${Math.min(value, MOST_OCTAL).toString(8).padStart(digits, "0")}\0`, at, "latin1");
  };
  block.write(name, 0, LONGEST_NAME, "utf8");
  octal(mode & 0o7777, 7, 100);
  octal(uid, 7, 108);
  octal(gid, 7, 116);
  octal(size, 11, 124);
  octal(Math.max(0, Math.floor(mtimeMs / 1000)), 11, 136);
  block.write("        ", 148, "latin1");
  block.write(type, 156, "latin1");
  block.write(target, 157, LONGEST_NAME, "utf8");
  block.write("ustar\x0000", 257, "latin1");
  octal(device?.major ?? 0, 7, 329);
  octal(device?.minor ?? 0, 7, 337);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}
