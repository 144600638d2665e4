import type { Writable } from "node:stream";
import { encodeGrpcMessage } from "../../wire/grpc/messages.ts";

/** Writes one message. A promise of the moment when the peer has kept up, or is gone, where it does not keep up. */
export function writeMessage(stream: Writable, message: Buffer): Promise<void> | undefined {
  if (stream.write(encodeGrpcMessage(message))) return undefined;
  return new Promise((resolve) => {
    const goOn = (): void => {
      stream.off("drain", goOn).off("close", goOn);
      resolve();
    };
    stream.on("drain", goOn).on("close", goOn);
  });
}
