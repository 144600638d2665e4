import type { Readable } from "node:stream";
import { WireError } from "../../base/errors.ts";
import { GrpcMessageReader } from "../../wire/grpc/messages.ts";

/**
 * Yields each message of one direction of a call when it is complete. Ends when the sender has half-closed, or has
 * reset the stream: what was complete by then is yielded.
 * @throws WireError `WHALESONG_BAD_GRPC` for a compressed message, and for one beyond the limit
 */
export async function* readMessages(stream: Readable): AsyncGenerator<Buffer> {
  const reader = new GrpcMessageReader();
  try {
    for await (const bytes of stream) yield* reader.push(bytes as Buffer);
  } catch (error) {
    if (error instanceof WireError) throw error;
  }
}
