import type { GrpcClientCall } from "../../../session/grpc/grpc-client.ts";
import { decodeFilePacket, encodeFilePacket, type FilePacket } from "../../../wire/buildkit/files/file-packet.ts";
import { createEndOfFile, cutIntoPackets, FileSender } from "../../../wire/buildkit/files/file-sender.ts";
import type { RecordedFile } from "../build-script.ts";
import { TransferFailure } from "./transfer-failure.ts";
import type { TransferProgress } from "./transfer-progress.ts";

/**
 * Gives the client the recorded tree, as the daemon does for `--output type=local`. A client asks for the content of
 * the files that it does not have yet.
 * @throws TransferFailure if the client gives up, or wants content that is not recorded
 */
export async function giveFiles(
  call: GrpcClientCall,
  files: readonly RecordedFile[],
  progress: TransferProgress,
): Promise<void> {
  const sender = new FileSender(files.map(({ stat }) => stat));
  const send = async (packet: FilePacket): Promise<void> => {
    await call.send(encodeFilePacket(packet));
    progress.note();
  };
  for (const packet of sender.list()) await send(packet);
  for await (const message of call.messages) {
    const { events, replies } = sender.push(decodeFilePacket(message));
    for (const event of events) {
      if (event.kind === "failed") throw new TransferFailure(event.message);
      if (event.kind === "request") await sendPieces(event.id, progress.watch(readContent(files[event.id])), send);
    }
    for (const reply of replies) await send(reply);
    if (events.some(({ kind }) => kind === "done")) call.halfClose();
  }
}

function readContent(file: RecordedFile | undefined): AsyncIterable<Buffer> {
  if (file?.content !== undefined) return file.content.read();
  throw new TransferFailure(`the recording has no content of ${file?.stat.path}: its client had the file already`);
}

async function sendPieces(
  id: number,
  pieces: AsyncIterable<Buffer>,
  send: (packet: FilePacket) => Promise<void>,
): Promise<void> {
  for await (const bytes of pieces) for (const packet of cutIntoPackets(id, bytes)) await send(packet);
  await send(createEndOfFile(id));
}
