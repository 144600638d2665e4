/** Gives a build's result to its client: `--output type=local` as files, `type=tar` as one tar. */
import type { GrpcClient, GrpcClientCall } from "../../../../session/grpc/grpc-client.ts";
import { type DirectoryNode, sizeOf, type TreeNode } from "../../../../userland/files/node.ts";
import { walk } from "../../../../userland/files/tree.ts";
import { writeTar } from "../../../../userland/files/write-tar.ts";
import { encodeBytesMessage } from "../../../../wire/buildkit/files/bytes-message.ts";
import { decodeFilePacket, encodeFilePacket, type FilePacket } from "../../../../wire/buildkit/files/file-packet.ts";
import { FileSender, toFilePackets } from "../../../../wire/buildkit/files/file-sender.ts";
import { type FileStat, type FileType, toGoMode } from "../../../../wire/buildkit/files/file-stat.ts";
import type { HeaderField } from "../../../../wire/http/fields.ts";
import { SolveError } from "../solve-error.ts";
import { checkStatus } from "./receive-files.ts";

const SEND = "/moby.filesync.v1.FileSend/DiffCopy";
/** Below the 4 MiB that a gRPC client takes at most. */
const PIECE_SIZE = 1024 * 1024;
const FAILURE = "cannot give the result to the client";

/**
 * @returns the bytes of the messages, as BuildKit counts them
 * @throws SolveError if the client gives up
 */
export async function sendFiles(
  client: GrpcClient,
  root: DirectoryNode,
  metadata: readonly HeaderField[],
): Promise<number> {
  const entries = [...walk(root)].map(({ path, node }) => ({ stat: toFileStat(path.slice(1), node), node }));
  const sender = new FileSender(entries.map(({ stat }) => stat));
  const call = client.call(SEND, metadata);
  let size = 0;
  const send = async (packet: FilePacket): Promise<void> => {
    const message = encodeFilePacket(packet);
    if (packet.kind === "stat" || (packet.kind === "data" && packet.bytes.length > 0)) size += message.length;
    await call.send(message);
  };
  for (const packet of sender.list()) await send(packet);
  for await (const message of call.messages) {
    const { events, replies } = sender.push(decodeFilePacket(message));
    for (const event of events) {
      if (event.kind === "failed") throw new SolveError(event.message);
      if (event.kind === "request") await sendContent(event.id, entries[event.id]?.node, send);
    }
    for (const reply of replies) await send(reply);
    if (events.some(({ kind }) => kind === "done")) call.halfClose();
  }
  await checkStatus(call, FAILURE);
  return size;
}

async function sendContent(
  id: number,
  node: TreeNode | undefined,
  send: (packet: FilePacket) => Promise<void>,
): Promise<void> {
  const content = node?.kind === "file" ? node.content : Buffer.alloc(0);
  for (const packet of toFilePackets(id, content)) await send(packet);
}

/** @throws SolveError if the client gives up */
export async function sendTar(
  client: GrpcClient,
  root: DirectoryNode,
  metadata: readonly HeaderField[],
): Promise<void> {
  const members = [...walk(root)].map(({ path, node }) => ({
    name: node.kind === "directory" ? `${path.slice(1)}/` : path.slice(1),
    node,
  }));
  const call = client.call(SEND, metadata);
  await sendPieces(call, writeTar(members));
  call.halfClose();
  for await (const _ of call.messages);
  await checkStatus(call, FAILURE);
}

async function sendPieces(call: GrpcClientCall, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE_SIZE) {
    await call.send(encodeBytesMessage(bytes.subarray(at, at + PIECE_SIZE)));
  }
}

function toFileStat(path: string, node: TreeNode): FileStat {
  return {
    path,
    mode: toGoMode(toFileType(node), node.mode),
    uid: node.uid,
    gid: node.gid,
    size: node.kind === "directory" ? 0 : sizeOf(node),
    modTime: BigInt(Math.round(node.mtimeMs)) * 1_000_000n,
    linkname: node.kind === "link" ? node.target : "",
    devmajor: node.kind === "device" ? node.major : 0,
    devminor: node.kind === "device" ? node.minor : 0,
    xattrs: {},
  };
}

function toFileType(node: TreeNode): FileType {
  if (node.kind === "link") return "symlink";
  if (node.kind !== "device") return node.kind;
  if (node.type === "fifo") return "fifo";
  return node.type === "character" ? "character-device" : "device";
}
