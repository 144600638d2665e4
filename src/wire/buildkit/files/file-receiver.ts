/** The receiving side of fsutil's protocol, as the daemon plays it for a build's context (fsutil receive.go). */

import type { FilePacket } from "./file-packet.ts";
import { type FileStat, hasContent } from "./file-stat.ts";
import { createTransferError } from "./transfer-error.ts";

export type FileReceiverEvent =
  | { readonly kind: "stat"; readonly id: number; readonly stat: FileStat }
  /** The list is complete. */
  | { readonly kind: "listed" }
  /** A piece of content. */
  | { readonly kind: "data"; readonly id: number; readonly bytes: Buffer }
  /** A file's content is complete. */
  | { readonly kind: "file"; readonly id: number; readonly stat: FileStat }
  /** All that was asked for is here; FIN is among the replies. */
  | { readonly kind: "received" }
  /** The sender has said FIN, too. */
  | { readonly kind: "done" }
  /** The sender gave up. */
  | { readonly kind: "failed"; readonly message: string };

export interface ReceiverStep {
  readonly events: readonly FileReceiverEvent[];
  /** To be sent, in this order. */
  readonly replies: readonly FilePacket[];
}

/**
 * Takes the list, asks for the files that it chooses, passes their content on in pieces, and says FIN. It keeps the
 * list, and no content.
 * @example
 * const receiver = new FileReceiver((stat) => recorded.has(stat.path));
 * const { events, replies } = receiver.push(decodeFilePacket(message));
 */
export class FileReceiver {
  readonly #isChosen: (stat: FileStat, id: number) => boolean;
  readonly #stats: FileStat[] = [];
  readonly #due = new Set<number>();
  #isListed = false;
  #isReceived = false;

  /** `isChosen` says whether to ask for a file's content. */
  constructor(isChosen: (stat: FileStat, id: number) => boolean) {
    this.#isChosen = isChosen;
  }

  /** The list so far; an entry's index is its id. */
  get stats(): readonly FileStat[] {
    return this.#stats;
  }

  /** @throws WireError `WHALESONG_BAD_FILE_TRANSFER` for a packet that no sender may send now */
  push(packet: FilePacket): ReceiverStep {
    switch (packet.kind) {
      case "stat":
        return this.#takeStat(packet.stat);
      case "list-end":
        this.#isListed = true;
        return this.#withFin([{ kind: "listed" }]);
      case "data":
        return this.#takeData(packet.id, packet.bytes);
      case "fin":
        return { events: [{ kind: "done" }], replies: [] };
      case "error":
        return { events: [{ kind: "failed", message: packet.message }], replies: [] };
      case "request":
        throw createTransferError("REQ from a sender", "STAT, DATA, FIN or ERR");
    }
  }

  #takeStat(stat: FileStat): ReceiverStep {
    if (this.#isListed)
      throw createTransferError(`STAT of ${stat.path} behind the end of the list`, "DATA, FIN or ERR");
    const id = this.#stats.push(stat) - 1;
    const events = [{ kind: "stat", id, stat } as const];
    if (!hasContent(stat) || !this.#isChosen(stat, id)) return { events, replies: [] };
    this.#due.add(id);
    return { events, replies: [{ kind: "request", id }] };
  }

  #takeData(id: number, bytes: Buffer): ReceiverStep {
    if (!this.#due.has(id))
      throw createTransferError(`DATA of the file ${id}`, "one that was asked for and is not complete");
    if (bytes.length > 0) return { events: [{ kind: "data", id, bytes }], replies: [] };
    this.#due.delete(id);
    return this.#withFin([{ kind: "file", id, stat: this.#stats[id] as FileStat }]);
  }

  #withFin(events: readonly FileReceiverEvent[]): ReceiverStep {
    if (!this.#isListed || this.#due.size > 0 || this.#isReceived) return { events, replies: [] };
    this.#isReceived = true;
    return { events: [...events, { kind: "received" }], replies: [{ kind: "fin" }] };
  }
}
