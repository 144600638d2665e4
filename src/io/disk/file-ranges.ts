/** Reads a file by ranges, through one window that moves along. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import type { ByteRanges } from "../../cassette/read.ts";
import { collectHeap } from "../buffer-collector.ts";
import { assertRegular } from "./regular-file.ts";

const WINDOW = 2 * 1024 * 1024;
/** The window keeps what was read last: what looks back a few exchanges need not move it. */
const LOOK_BACK = 512 * 1024;
/** So much is read between two collections, each of which takes some 10 ms. */
const COLLECTED_SIZE = 12 * 1024 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export class FileRanges implements ByteRanges {
  readonly length: number;
  readonly #fd: number;
  /** The length of a byte order mark, which is no part of the text. */
  #lead = 0;
  readonly #buffer: Buffer;
  #window: Buffer;
  #from = 0;
  #readSize = 0;

  /**
   * @throws NotRegularError for a folder, a FIFO, a socket or a device
   */
  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = this.#check();
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(WINDOW, Math.max(stats.size, BYTE_ORDER_MARK.length)));
    this.#window = this.#buffer.subarray(0, 0);
    this.#lead = this.#read(this.#buffer, 0, 3).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    this.length = stats.size - this.#lead;
  }

  /** @throws the system's error if the file cannot be read, and an error if it has become shorter */
  subarray(start: number, end: number): Buffer {
    if (start < this.#from || end > this.#from + this.#window.length) this.#move(start, end);
    return this.#window.subarray(start - this.#from, end - this.#from);
  }

  #check(): Stats {
    const stats = fstatSync(this.#fd);
    try {
      assertRegular(stats);
      return stats;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** A range that is longer than the window gets a buffer of its own. */
  #move(start: number, end: number): void {
    this.#from = end - start > WINDOW - LOOK_BACK ? start : Math.max(0, start - LOOK_BACK);
    const size = Math.min(Math.max(end - this.#from, WINDOW), this.length - this.#from);
    this.#window = this.#read(
      size > this.#buffer.length ? Buffer.allocUnsafeSlow(size) : this.#buffer,
      this.#from,
      size,
    );
    this.#collect(size);
    if (this.#window.length < end - this.#from) throw new Error("the file became shorter while it was read");
  }

  #collect(size: number): void {
    this.#readSize += size;
    if (this.#readSize < COLLECTED_SIZE) return;
    this.#readSize = 0;
    collectHeap();
  }

  /** Up to `size` bytes from `offset` of the text on. */
  #read(into: Buffer, offset: number, size: number): Buffer {
    let at = 0;
    while (at < size) {
      const count = readSync(this.#fd, into, at, size - at, offset + this.#lead + at);
      if (count === 0) break;
      at += count;
    }
    return into.subarray(0, at);
  }
}
