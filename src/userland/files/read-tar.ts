/** Trees as tars, and tars as trees. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Header } from "tar-stream";
import { joinBytes } from "../../base/bytes.ts";
import { loadTar } from "../../base/load-tar.ts";
import { createTarExtractor } from "../../wire/archive/tar-extractor.ts";
import { decompress } from "./decompress.ts";
import { FileError } from "./file-error.ts";
import { createDirectoryNode, type DeviceNode, type TreeNode } from "./node.ts";
import { TarError } from "./tar-error.ts";

export interface TarMember {
  /** As in the tar: without a slash before it, with one behind it for a folder. */
  readonly name: string;
  readonly node: TreeNode;
}

/** moby's tars are read from its pipe in pieces of this size. */
const PIECE = 32 * 1024;

/** The tar's bytes, piece by piece. */
export async function* tarOf(things: Iterable<TarMember>): AsyncGenerator<Buffer> {
  const tar = loadTar().pack();
  for (const { name, node } of things) {
    if (node.kind === "file") tar.entry({ ...toHeader(name, node), size: node.content.length }, node.content);
    else tar.entry(toHeader(name, node));
  }
  tar.finalize();
  yield* cutIntoPieces(tar as unknown as AsyncIterable<Buffer>);
}

async function* cutIntoPieces(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const bytes of source) {
    held.push(bytes);
    size += bytes.length;
    if (size < PIECE) continue;
    let joined = Buffer.concat(held);
    for (; joined.length >= PIECE; joined = joined.subarray(PIECE)) yield joined.subarray(0, PIECE);
    held = [joined];
    size = joined.length;
  }
  if (size > 0) yield Buffer.concat(held);
}

function toHeader(name: string, node: TreeNode): Header {
  const { mode, uid, gid, mtimeMs } = node;
  const base = { name, mode, uid, gid, mtime: new Date(Math.floor(mtimeMs / 1000) * 1000) };
  if (node.kind === "directory") return { ...base, type: "directory" } as Header;
  if (node.kind === "link") return { ...base, type: "symlink", linkname: node.target } as Header;
  if (node.kind === "file") return { ...base, type: "file" } as Header;
  const type = { character: "character-device", block: "block-device", fifo: "fifo", socket: "fifo" }[node.type];
  return { ...base, type, devmajor: node.major, devminor: node.minor } as Header;
}

/**
 * All that is in a tar, gzip or not, in its order.
 * @throws Refusal if it is no tar
 */
export async function readTarThings(source: AsyncIterable<Buffer>): Promise<TarMember[]> {
  const packed = await joinBytes(source);
  const tar = createTarExtractor();
  try {
    const bytes = await decompress(packed);
    const filled = bytes === packed ? Buffer.concat([bytes, Buffer.alloc(-bytes.length & 511)]) : bytes;
    const sink = tar as unknown as NodeJS.WritableStream;
    const [things] = await Promise.all([collect(tar), pipeline(Readable.from([filled]), sink)]);
    return things;
  } catch (error) {
    if (error instanceof FileError) throw new TarError(error.message.toLowerCase());
    throw new TarError(toGoMessage((error as Error).message));
  }
}

/** What Go's archive/tar says of the same. */
function toGoMessage(message: string): string {
  return message.startsWith("Invalid tar header") ? "archive/tar: invalid tar header" : "unexpected EOF";
}

async function collect(tar: AsyncIterable<{ readonly header: Header } & AsyncIterable<unknown>>): Promise<TarMember[]> {
  const things: TarMember[] = [];
  const files = new Map<string, TreeNode>();
  for await (const entry of tar) {
    const content = await joinBytes(entry as AsyncIterable<Buffer>);
    const node = toNode(entry.header, content, files);
    if (node === undefined) continue;
    files.set(entry.header.name, node);
    things.push({ name: entry.header.name, node });
  }
  return things;
}

/** A hard link is a second file of the same bytes here. Undefined for what has no place in a tree. */
function toNode(header: Header, content: Buffer, files: ReadonlyMap<string, TreeNode>): TreeNode | undefined {
  const { mode = 0o644, uid = 0, gid = 0, mtime } = header;
  const attributes = { mode: mode & 0o7777, uid, gid, mtimeMs: (mtime ?? new Date(0)).getTime() };
  switch (header.type) {
    case "directory":
      return { ...createDirectoryNode(0), ...attributes };
    case "symlink":
      return { kind: "link", target: header.linkname ?? "", ...attributes };
    case "link":
      return files.get(header.linkname ?? "");
    case "character-device":
    case "block-device":
    case "fifo":
      return toDevice(header, attributes);
    default:
      return { kind: "file", content, ...attributes };
  }
}

function toDevice(header: Header, attributes: Omit<DeviceNode, "kind" | "type" | "major" | "minor">): DeviceNode {
  const type = header.type === "fifo" ? "fifo" : header.type === "block-device" ? "block" : "character";
  return { kind: "device", type, major: header.devmajor ?? 0, minor: header.devminor ?? 0, ...attributes };
}
