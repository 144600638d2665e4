/** The sending side of fsutil's protocol, as the daemon plays it for `--output type=local` (fsutil send.go). */

import type { FilePacket } from "./file-packet.ts";
import { type FileStat, hasContent } from "./file-stat.ts";
import { createTransferError } from "./transfer-error.ts";

/** How large fsutil makes its pieces. */
export const FILE_PIECE_SIZE: number = 32 * 1024;

export type FileSenderEvent =
  /** The receiver wants content: answer with `cutIntoPackets` and, at its end, `createEndOfFile`. */
  | { readonly kind: "request"; readonly id: number; readonly stat: FileStat }
  /** The receiver has all that it asked for; FIN is among the replies, and then the stream may end. */
  | { readonly kind: "done" }
  /** The receiver gave up. */
  | { readonly kind: "failed"; readonly message: string };

export interface SenderStep {
  readonly events: readonly FileSenderEvent[];
  /** To be sent, in this order. */
  readonly replies: readonly FilePacket[];
}

/**
 * Lists a tree and takes what the receiver says. Where content comes from is up to the caller, so that it can be read
 * from disk in its own time; contents of several files may be sent in turns.
 * @example
 * const sender = new FileSender(stats);
 * for (const packet of sender.list()) write(encodeFilePacket(packet));
 * for (const event of sender.push(decodeFilePacket(message)).events) {
 *   if (event.kind === "request") for (const packet of toFilePackets(event.id, contentOf(event.stat))) write(...);
 * }
 */
export class FileSender {
  readonly #stats: readonly FileStat[];
  readonly #requested = new Set<number>();

  /** `stats`: sorted by path, parents first, as the receiver's checks want (fsutil validator.go). */
  constructor(stats: readonly FileStat[]) {
    this.#stats = stats;
  }

  *list(): Generator<FilePacket> {
    for (const stat of this.#stats) yield { kind: "stat", stat };
    yield { kind: "list-end" };
  }

  /** @throws WireError `WHALESONG_BAD_FILE_TRANSFER` for a packet that no receiver may send now */
  push(packet: FilePacket): SenderStep {
    switch (packet.kind) {
      case "request":
        return { events: [this.#takeRequest(packet.id)], replies: [] };
      case "fin":
        return { events: [{ kind: "done" }], replies: [{ kind: "fin" }] };
      case "error":
        return { events: [{ kind: "failed", message: packet.message }], replies: [] };
      default:
        throw createTransferError(`${packet.kind === "data" ? "DATA" : "STAT"} from a receiver`, "REQ, FIN or ERR");
    }
  }

  /** Each file once, and only what has content. */
  #takeRequest(id: number): FileSenderEvent {
    const stat = this.#stats[id];
    if (stat === undefined || !hasContent(stat) || this.#requested.has(id)) {
      throw createTransferError(
        `REQ of the file ${id}`,
        `a regular file below ${this.#stats.length} that was not asked for yet`,
      );
    }
    this.#requested.add(id);
    return { kind: "request", id, stat };
  }
}

/** A part of a file's content, in pieces of 32 KiB. */
export function* cutIntoPackets(id: number, bytes: Buffer): Generator<FilePacket> {
  for (let at = 0; at < bytes.length; at += FILE_PIECE_SIZE) {
    yield { kind: "data", id, bytes: bytes.subarray(at, at + FILE_PIECE_SIZE) };
  }
}

export function createEndOfFile(id: number): FilePacket {
  return { kind: "data", id, bytes: Buffer.alloc(0) };
}

/** The whole content of a file, and its end. */
export function* toFilePackets(id: number, content: Buffer): Generator<FilePacket> {
  yield* cutIntoPackets(id, content);
  yield createEndOfFile(id);
}
