/** Takes files from a client's session: a folder by FileSync, the tar of `docker build -` by Upload. */
import type { GrpcClient, GrpcClientCall } from "../../../../session/grpc/grpc-client.ts";
import { createDirectoryNode, type DirectoryNode, type TreeNode } from "../../../../userland/files/node.ts";
import { buildTree, type PlacedNode } from "../../../../userland/files/tree.ts";
import { decodeBytesMessage } from "../../../../wire/buildkit/files/bytes-message.ts";
import { decodeFilePacket, encodeFilePacket } from "../../../../wire/buildkit/files/file-packet.ts";
import { FileReceiver, type FileReceiverEvent } from "../../../../wire/buildkit/files/file-receiver.ts";
import { type FileStat, readFileType, toUnixMode } from "../../../../wire/buildkit/files/file-stat.ts";
import type { HeaderField } from "../../../../wire/http/fields.ts";
import { SolveError } from "../solve-error.ts";

/** Which files of which folder. The client applies the patterns. */
export interface FileSelection {
  /** `context` or `dockerfile`. */
  readonly folder: string;
  /** Empty for all. */
  readonly paths: readonly string[];
  /** Patterns of .dockerignore. */
  readonly excluded: readonly string[];
}

export interface ReceivedTree {
  readonly root: DirectoryNode;
  /** The bytes of the messages that came, as BuildKit counts them. */
  readonly size: number;
}

/** @throws SolveError if the client refuses */
export async function receiveFiles(
  client: GrpcClient,
  { folder, paths, excluded }: FileSelection,
): Promise<ReceivedTree> {
  const metadata: HeaderField[] = [
    ...excluded.map((pattern): HeaderField => ["exclude-patterns", pattern]),
    ...paths.map((path): HeaderField => ["followpaths", path]),
    ["dir-name", folder],
  ];
  const call = client.call("/moby.filesync.v1.FileSync/DiffCopy", metadata);
  const files = new ReceivedFiles();
  for await (const message of call.messages) {
    const { replies, isDone } = files.take(message);
    for (const reply of replies) await call.send(reply);
    if (isDone) call.halfClose();
  }
  await checkStatus(call, `cannot read the folder ${folder} of the client`);
  return { root: files.toTree(), size: files.size };
}

/** @throws SolveError if the client refuses */
export async function receiveUpload(client: GrpcClient, url: URL): Promise<Buffer> {
  const call = client.call("/moby.upload.v1.Upload/Pull", [
    ["urlpath", url.pathname],
    ["urlhost", url.host],
  ]);
  const pieces: Buffer[] = [];
  for await (const message of call.messages) pieces.push(decodeBytesMessage(message));
  call.halfClose();
  await checkStatus(call, `cannot read the build context at ${url.href}`);
  return Buffer.concat(pieces);
}

export async function checkStatus({ status }: GrpcClientCall, failure: string): Promise<void> {
  const { code, message } = await status;
  if (code !== 0) throw new SolveError(`${failure}: ${message}`, { code });
}

class ReceivedFiles {
  readonly #receiver = new FileReceiver(() => true);
  readonly #contents = new Map<number, Buffer[]>();
  size = 0;

  take(message: Buffer): { readonly replies: readonly Buffer[]; readonly isDone: boolean } {
    this.size += message.length;
    const { events, replies } = this.#receiver.push(decodeFilePacket(message));
    for (const event of events) this.#note(event);
    return { replies: replies.map(encodeFilePacket), isDone: events.some(({ kind }) => kind === "done") };
  }

  toTree(): DirectoryNode {
    const nodes = new Map<string, TreeNode>();
    const placed = this.#receiver.stats.flatMap((stat, id): PlacedNode[] => {
      const node = this.#toNode(stat, id, nodes);
      if (node === undefined) return [];
      nodes.set(stat.path, node);
      return [{ path: `/${stat.path}`, node }];
    });
    return buildTree(placed, createDirectoryNode(0));
  }

  #note(event: FileReceiverEvent): void {
    if (event.kind === "failed") throw new SolveError(event.message);
    if (event.kind === "data") this.#contents.set(event.id, [...(this.#contents.get(event.id) ?? []), event.bytes]);
  }

  /** A hard link has the content of its first path. Sockets and the like are left out, as BuildKit does. */
  #toNode(stat: FileStat, id: number, earlier: ReadonlyMap<string, TreeNode>): TreeNode | undefined {
    const { uid, gid, linkname } = stat;
    const attributes = { mode: toUnixMode(stat.mode), uid, gid, mtimeMs: Number(stat.modTime / 1_000_000n) };
    switch (readFileType(stat.mode)) {
      case "directory":
        return { kind: "directory", children: new Map(), ...attributes };
      case "symlink":
        return { kind: "link", target: linkname, ...attributes, mode: 0o777 };
      case "file":
        if (linkname !== "") return earlier.get(linkname);
        return { kind: "file", content: Buffer.concat(this.#contents.get(id) ?? []), ...attributes };
      default:
        return undefined;
    }
  }
}
