/**
 * gRPC's framing (gRPC over HTTP/2, "Length-Prefixed-Message"): a byte that says whether the message is compressed,
 * its size as a big-endian uint32, and the message.
 */
import { ByteQueue } from "../../base/bytes.ts";
import { WireError } from "../../base/errors.ts";

export const GRPC_PREFIX_SIZE = 5;
/** The largest message that is read; BuildKit's own limit (buildkit `defaults.DefaultMaxRecvMsgSize`). */
export const GRPC_MESSAGE_LIMIT: number = 16 * 1024 * 1024;

/** Cuts one direction of a call into messages. */
export class GrpcMessageReader {
  readonly #queue = new ByteQueue();
  readonly #limit: number;

  constructor(limit: number = GRPC_MESSAGE_LIMIT) {
    this.#limit = limit;
  }

  /** How many bytes of an unfinished message, prefix included, have come. */
  get pendingSize(): number {
    return this.#queue.length;
  }

  /** @throws WireError `WHALESONG_BAD_GRPC` for a compressed message, and for one beyond the limit */
  push(bytes: Buffer): Buffer[] {
    this.#queue.push(bytes);
    const messages: Buffer[] = [];
    for (let message = this.#readNext(); message !== undefined; message = this.#readNext()) messages.push(message);
    return messages;
  }

  /**
   * The sender has ended its direction.
   * @throws WireError `WHALESONG_BAD_GRPC` inside a message
   */
  end(): void {
    if (this.pendingSize > 0)
      throw createGrpcError(`the end after ${this.pendingSize} bytes of a message`, "the rest of it");
  }

  #readNext(): Buffer | undefined {
    if (this.#queue.length === 0) return undefined;
    const prefix = this.#queue.peek(GRPC_PREFIX_SIZE);
    // No message of BuildKit was ever seen compressed, though its clients offer gzip.
    if (prefix[0] !== 0) throw createGrpcError(`a message with the compressed flag ${prefix[0]}`, "0, uncompressed");
    if (prefix.length < GRPC_PREFIX_SIZE) return undefined;
    const size = prefix.readUInt32BE(1);
    if (size > this.#limit) throw createGrpcError(`a message of ${size} bytes`, `at most ${this.#limit}`);
    if (this.#queue.length < GRPC_PREFIX_SIZE + size) return undefined;
    return this.#queue.take(GRPC_PREFIX_SIZE + size).subarray(GRPC_PREFIX_SIZE);
  }
}

/** The message behind its prefix, ready for a DATA frame. */
export function encodeGrpcMessage(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(GRPC_PREFIX_SIZE + message.length);
  framed.writeUInt8(0, 0);
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, GRPC_PREFIX_SIZE);
  return framed;
}

export function createGrpcError(found: string, expected: string): WireError {
  return new WireError("WHALESONG_BAD_GRPC", `cannot read gRPC: got ${found}, expected ${expected}`);
}
