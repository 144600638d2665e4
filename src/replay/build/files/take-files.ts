import { createHash, type Hash } from "node:crypto";
import type { GrpcClientCall } from "../../../session/grpc/grpc-client.ts";
import { decodeFilePacket, encodeFilePacket, type FilePacket } from "../../../wire/buildkit/files/file-packet.ts";
import { FileReceiver, type FileReceiverEvent } from "../../../wire/buildkit/files/file-receiver.ts";
import { type FileStat, hasContent } from "../../../wire/buildkit/files/file-stat.ts";
import type { RecordedFile } from "../build-script.ts";
import { compareTrees, type FileTree, type TreeDifference, toTreeEntry } from "./compare-trees.ts";
import { TransferFailure } from "./transfer-failure.ts";
import type { TransferProgress } from "./transfer-progress.ts";

/**
 * Takes a tree from the client, as the daemon does, and compares it with the recorded one. It asks for the content of
 * the files whose content is recorded and whose size is the recorded one; it keeps digests, and no content.
 * @returns the differences
 * @throws TransferFailure if the client gives up
 */
export async function takeFiles(
  call: GrpcClientCall,
  recorded: readonly RecordedFile[],
  progress: TransferProgress,
): Promise<readonly TreeDifference[]> {
  const taking = new FileTaking(recorded);
  for await (const message of call.messages) {
    progress.note();
    const { replies, isDone } = taking.take(decodeFilePacket(message));
    for (const reply of replies) await call.send(encodeFilePacket(reply));
    if (isDone) call.halfClose();
  }
  return compareTrees(await progress.during(createRecordedTree(recorded)), taking.tree);
}

class FileTaking {
  readonly #receiver: FileReceiver;
  readonly #hashes = new Map<number, Hash>();
  readonly #tree = new Map<string, ReturnType<typeof toTreeEntry>>();

  constructor(recorded: readonly RecordedFile[]) {
    const sizes = new Map(
      recorded.flatMap(({ stat, content }): [string, number][] => (content ? [[stat.path, stat.size]] : [])),
    );
    this.#receiver = new FileReceiver((stat) => sizes.get(stat.path) === stat.size);
  }

  get tree(): FileTree {
    return this.#tree;
  }

  take(packet: FilePacket): { readonly replies: readonly FilePacket[]; readonly isDone: boolean } {
    const { events, replies } = this.#receiver.push(packet);
    for (const event of events) this.#note(event);
    return { replies, isDone: events.some(({ kind }) => kind === "done") };
  }

  #note(event: FileReceiverEvent): void {
    if (event.kind === "failed") throw new TransferFailure(event.message);
    if (event.kind === "stat") this.#tree.set(event.stat.path, toTreeEntry(event.stat));
    if (event.kind === "data") this.#findHash(event.id).update(event.bytes);
    if (event.kind === "file") this.#addDigest(event.id, event.stat);
  }

  #addDigest(id: number, stat: FileStat): void {
    this.#tree.set(stat.path, toTreeEntry(stat, this.#findHash(id).digest("hex")));
    this.#hashes.delete(id);
  }

  #findHash(id: number): Hash {
    const hash = this.#hashes.get(id) ?? createHash("sha256");
    this.#hashes.set(id, hash);
    return hash;
  }
}

async function createRecordedTree(recorded: readonly RecordedFile[]): Promise<FileTree> {
  const tree = new Map<string, ReturnType<typeof toTreeEntry>>();
  for (const { stat, content } of recorded) {
    tree.set(stat.path, toTreeEntry(stat, hasContent(stat) ? await content?.digest() : undefined));
  }
  return tree;
}
