import { createHash } from "node:crypto";
import { WireError } from "../../../base/errors.ts";
import { keepOpen } from "../../../base/pieces.ts";
import { digestUnlessMasked } from "../../../match/normalize/masked-files.ts";
import type { GrpcClientCall } from "../../../session/grpc/grpc-client.ts";
import { readTar } from "../../../wire/archive/tar.ts";
import { decodeBytesMessage } from "../../../wire/buildkit/files/bytes-message.ts";
import type { RecordedContent } from "../build-script.ts";
import { compareTrees, type FileTree, type TreeDifference, toFileTree } from "./compare-trees.ts";
import type { TransferProgress } from "./transfer-progress.ts";

/**
 * Takes a tar from the client and compares it with the recorded one by its entries; by its bytes where either is no tar
 * that can be read.
 * @returns the differences
 */
export async function takeTar(
  call: GrpcClientCall,
  recorded: RecordedContent,
  progress: TransferProgress,
): Promise<readonly TreeDifference[]> {
  const hash = createHash("sha256");
  const got = await readTree(watchBytes(call, hash.update.bind(hash), progress));
  if (hash.digest("hex") === (await progress.during(recorded.digest()))) return [];
  const before = await progress.during(readTree(recorded.read()));
  if (before === undefined || got === undefined) return [{ path: "", sentence: "its bytes differ" }];
  return compareTrees(before, got);
}

async function* watchBytes(
  call: GrpcClientCall,
  onBytes: (bytes: Buffer) => void,
  progress: TransferProgress,
): AsyncGenerator<Buffer> {
  for await (const message of call.messages) {
    progress.note();
    const bytes = decodeBytesMessage(message);
    onBytes(bytes);
    yield bytes;
  }
  call.halfClose();
}

/** Undefined where it is no tar. Reads the source to its end in any case. */
async function readTree(source: AsyncIterable<Buffer>): Promise<FileTree | undefined> {
  const bytes = source[Symbol.asyncIterator]();
  try {
    // The reader of a tar stops where the tar ends; bytes behind that are still to be read.
    return toFileTree(await readTar(keepOpen(bytes), digestUnlessMasked));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return undefined;
  } finally {
    while ((await bytes.next()).done !== true);
  }
}
