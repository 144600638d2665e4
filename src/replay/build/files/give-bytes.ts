import type { GrpcClientCall } from "../../../session/grpc/grpc-client.ts";
import { encodeBytesMessage } from "../../../wire/buildkit/files/bytes-message.ts";
import type { RecordedContent } from "../build-script.ts";
import type { TransferProgress } from "./transfer-progress.ts";

/** Well below the 4 MiB that a gRPC client takes at most. */
const PIECE_SIZE = 1024 * 1024;

/** Gives the client the recorded bytes, as the daemon does for `--output type=tar`. */
export async function giveBytes(
  call: GrpcClientCall,
  content: RecordedContent,
  progress: TransferProgress,
): Promise<void> {
  for await (const bytes of progress.watch(content.read())) {
    for (let at = 0; at < bytes.length; at += PIECE_SIZE) {
      await call.send(encodeBytesMessage(bytes.subarray(at, at + PIECE_SIZE)));
      progress.note();
    }
  }
  call.halfClose();
  for await (const _ of call.messages) progress.note();
}
