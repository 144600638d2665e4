/** Reads a file by ranges, through a window that moves along, and a small one for what lies before it. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import type { ByteRanges } from "../../cassette/read.ts";
import { collectHeap } from "../buffer-collector.ts";
import { assertRegular } from "./regular-file.ts";

const WINDOW = 2 * 1024 * 1024;
/** The window keeps what was read last: what looks back a few exchanges need not move it. */
const LOOK_BACK = 512 * 1024;
/** What looks back further reads only so much, and the window stays where it is. */
const GLANCE = 64 * 1024;
/** So much is read between two collections, each of which takes some 10 ms. */
const COLLECTED_SIZE = 24 * 1024 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const NOTHING = Buffer.alloc(0);

/** A part of the file that is in memory. */
class FileWindow {
  readonly #buffer: Buffer;
  readonly #lookBack: number;
  #bytes: Buffer = NOTHING;
  from = 0;

  /** @param lookBack so much of what was read before is read again with what comes */
  constructor(size: number, lookBack: number) {
    this.#buffer = Buffer.allocUnsafeSlow(size);
    this.#lookBack = lookBack;
  }

  has(start: number, end: number): boolean {
    return start >= this.from && end <= this.from + this.#bytes.length;
  }

  subarray(start: number, end: number): Buffer {
    return this.#bytes.subarray(start - this.from, end - this.from);
  }

  /**
   * Moves to where it has the range. One that is longer than the window gets a buffer of its own.
   * @param read reads the file from an offset on into a buffer, as far as it goes
   * @returns how much was read
   */
  move(start: number, end: number, read: (into: Buffer, offset: number) => Buffer): number {
    const from = Math.max(0, start - this.#lookBack);
    this.from = end - from > this.#buffer.length ? start : from;
    const size = end - this.from;
    this.#bytes = read(size > this.#buffer.length ? Buffer.allocUnsafeSlow(size) : this.#buffer, this.from);
    return this.#bytes.length;
  }
}

export class FileRanges implements ByteRanges {
  readonly length: number;
  readonly #fd: number;
  /** The length of a byte order mark, which is no part of the text. */
  #lead = 0;
  readonly #window: FileWindow;
  readonly #glance: FileWindow;
  #readSize = 0;

  /**
   * @throws NotRegularError for a folder, a FIFO, a socket or a device
   */
  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = this.#check();
    this.#window = new FileWindow(Math.min(WINDOW, size), LOOK_BACK);
    this.#glance = new FileWindow(Math.min(GLANCE, size), 0);
    const start = this.#read(Buffer.alloc(BYTE_ORDER_MARK.length), 0);
    this.#lead = start.equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    this.length = size - this.#lead;
  }

  /** @throws the system's error if the file cannot be read, and an error if it has become shorter */
  subarray(start: number, end: number): Buffer {
    const window = start < this.#window.from ? this.#glance : this.#window;
    if (!window.has(start, end)) this.#move(window, start, end);
    return window.subarray(start, end);
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

  #move(window: FileWindow, start: number, end: number): void {
    const size = window.move(start, end, (into, offset) => this.#read(into, offset));
    this.#collect(size);
    if (!window.has(start, end)) throw new Error("the file became shorter while it was read");
  }

  #collect(size: number): void {
    this.#readSize += size;
    if (this.#readSize < COLLECTED_SIZE) return;
    this.#readSize = 0;
    collectHeap();
  }

  /** The bytes from `offset` of the text on, up to the room that `into` has. */
  #read(into: Buffer, offset: number): Buffer {
    let at = 0;
    while (at < into.length) {
      const count = readSync(this.#fd, into, at, into.length - at, offset + this.#lead + at);
      if (count === 0) break;
      at += count;
    }
    return into.subarray(0, at);
  }
}
