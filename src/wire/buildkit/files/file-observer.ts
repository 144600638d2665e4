/** Watches a transfer by fsutil's protocol: what was listed, what was sent, whether it came to its end. */

import type { FilePacket } from "./file-packet.ts";
import type { FileStat } from "./file-stat.ts";
import { createTransferError } from "./transfer-error.ts";

export type FileObserverEvent =
  | { readonly kind: "stat"; readonly id: number; readonly stat: FileStat }
  | { readonly kind: "listed" }
  | { readonly kind: "data"; readonly id: number; readonly bytes: Buffer }
  | { readonly kind: "file"; readonly id: number; readonly stat: FileStat };

export interface ObservedFile {
  readonly id: number;
  readonly stat: FileStat;
  /** How many bytes of its content have passed. */
  readonly size: number;
  /** Whether its end has passed. */
  readonly isComplete: boolean;
}

export interface ObservedTransfer {
  /** An entry's index is its id. */
  readonly stats: readonly FileStat[];
  /** Whether the list was complete. */
  readonly isListed: boolean;
  /** The files that the receiver asked for, in that order. */
  readonly files: readonly ObservedFile[];
  /** Whether the receiver had all that it wanted: it has said FIN. */
  readonly isComplete: boolean;
  /** What a side said when it gave up. */
  readonly error: string | undefined;
}

/** Keeps the list and counts; content passes on in pieces and is not kept. */
export class FileObserver {
  readonly #stats: FileStat[] = [];
  readonly #files = new Map<number, { size: number; isComplete: boolean }>();
  #isListed = false;
  #isComplete = false;
  #error: string | undefined;

  get transfer(): ObservedTransfer {
    const files = [...this.#files].flatMap(([id, file]) => {
      const stat = this.#stats[id];
      return stat === undefined ? [] : [{ id, stat, ...file }];
    });
    return {
      stats: this.#stats,
      isListed: this.#isListed,
      files,
      isComplete: this.#isComplete,
      error: this.#error,
    };
  }

  /** @throws WireError `WHALESONG_BAD_FILE_TRANSFER` for a packet of the wrong side, or of no known file */
  push(side: "sender" | "receiver", packet: FilePacket): FileObserverEvent[] {
    if (packet.kind === "error") this.#error = packet.message;
    else if (side === "sender") return this.#takeSent(packet);
    else this.#takeReceiver(packet);
    return [];
  }

  #takeSent(packet: FilePacket): FileObserverEvent[] {
    switch (packet.kind) {
      case "stat":
        return [{ kind: "stat", id: this.#stats.push(packet.stat) - 1, stat: packet.stat }];
      case "list-end":
        this.#isListed = true;
        return [{ kind: "listed" }];
      case "data":
        return [this.#takeData(packet.id, packet.bytes)];
      case "request":
        throw createTransferError("REQ from a sender", "STAT, DATA, FIN or ERR");
      default:
        return [];
    }
  }

  #takeData(id: number, bytes: Buffer): FileObserverEvent {
    const stat = this.#stats[id];
    if (stat === undefined) throw createTransferError(`DATA of the file ${id}`, `one below ${this.#stats.length}`);
    const file = this.#findFile(id);
    file.size += bytes.length;
    if (bytes.length > 0) return { kind: "data", id, bytes };
    file.isComplete = true;
    return { kind: "file", id, stat };
  }

  #takeReceiver(packet: FilePacket): void {
    if (packet.kind === "fin") this.#isComplete = true;
    else if (packet.kind === "request") this.#findFile(packet.id);
    else throw createTransferError(`${packet.kind} from a receiver`, "REQ, FIN or ERR");
  }

  /** What the sides say may be seen in another order than they said it: DATA before the REQ that it answers. */
  #findFile(id: number): { size: number; isComplete: boolean } {
    const file = this.#files.get(id) ?? { size: 0, isComplete: false };
    this.#files.set(id, file);
    return file;
  }
}
