import type { GrpcClientCall } from "../../../session/grpc/grpc-client.ts";
import { decodeFilePacket, encodeFilePacket, type FilePacket } from "../../../wire/buildkit/files/file-packet.ts";
import { createEndOfFile, cutIntoPackets, FileSender } from "../../../wire/buildkit/files/file-sender.ts";
import type { RecordedFile } from "../build-script.ts";
import { TransferFailure } from "./transfer-failure.ts";

/**
 * Gives the client the recorded tree, as the daemon does for `--output type=local`. A client asks for the content of
 * the files that it does not have yet.
 * @throws TransferFailure if the client gives up, or wants content that is not recorded
 */
export async function giveFiles(
  call: GrpcClientCall,
  files: readonly RecordedFile[],
  onProgress: () => void,
): Promise<void> {
  const sender = new FileSender(files.map(({ stat }) => stat));
  const send = async (packet: FilePacket): Promise<void> => {
    await call.send(encodeFilePacket(packet));
    onProgress();
  };
  for (const packet of sender.list()) await send(packet);
  for await (const message of call.messages) {
    const { events, replies } = sender.push(decodeFilePacket(message));
    for (const event of events) {
      if (event.kind === "failed") throw new TransferFailure(event.message);
      if (event.kind === "request") await sendContent(event.id, files[event.id] as RecordedFile, send);
    }
    for (const reply of replies) await send(reply);
    if (events.some(({ kind }) => kind === "done")) call.halfClose();
  }
}

async function sendContent(
  id: number,
  { stat, content }: RecordedFile,
  send: (packet: FilePacket) => Promise<void>,
): Promise<void> {
  if (content === undefined) {
    throw new TransferFailure(`the recording has no content of ${stat.path}: its client had the file already`);
  }
  for await (const bytes of content.read()) for (const packet of cutIntoPackets(id, bytes)) await send(packet);
  await send(createEndOfFile(id));
}
