/**
 * A file that is written behind what hands it bytes: blocks of it by a thread of libuv, while the next bytes pass. What was
 * handed over is in the file, and what failed is thrown, when `flush` has returned.
 */

import { close, closeSync, write } from "node:fs";
import { ignore } from "../../base/ignore.ts";
import { writeAll } from "./disk.ts";

/** A file up to this size is written at once: most are no longer, and take no memory so. */
const AT_ONCE = 1024 * 1024;
/** Two blocks take turns. Held pieces of what is received would outlive collections; these are memory that stays. */
const BLOCK_SIZE = 128 * 1024;

/** A part of the file in memory. */
class Block {
  readonly #memory: Buffer = Buffer.allocUnsafeSlow(BLOCK_SIZE);
  #at = 0;
  #used = 0;

  get isFull(): boolean {
    return this.#used === BLOCK_SIZE;
  }

  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#used);
  }

  /** Its place in the file. */
  get at(): number {
    return this.#at;
  }

  begin(at: number): void {
    [this.#at, this.#used] = [at, 0];
  }

  /** Returns how many bytes from `offset` on it takes. */
  take(bytes: Buffer, offset: number): number {
    const count = bytes.copy(this.#memory, this.#used, offset);
    this.#used += count;
    return count;
  }
}

export class WriteBehindFile {
  readonly fd: number;
  #size = 0;
  /** What is filled. Made for the first file that is large. */
  #block: Block | undefined;
  #spare: Block | undefined;
  /** What a thread writes, or has failed to write. */
  #unconfirmed: Block | undefined;
  #isBusy = false;
  #isClosed = false;

  /** @param fd a new file, which is closed with this one */
  constructor(fd: number) {
    this.fd = fd;
  }

  /** @throws the system's error, also of bytes before these */
  write(bytes: Buffer): void {
    const at = this.#size;
    if (at < AT_ONCE) writeAll(this.fd, bytes, at);
    else this.#fill(bytes);
    this.#size = at + bytes.length;
  }

  /** Has all in the file that was handed over. @throws the system's error */
  flush(): void {
    // What a thread still writes is written twice: the same bytes at the same place.
    this.#confirm();
    this.#writeBlock();
  }

  /** To be called once. What was not flushed may be lost. */
  close(): void {
    this.#isClosed = true;
    if (!this.#isBusy) closeSync(this.fd);
  }

  #fill(bytes: Buffer): void {
    for (let offset = 0; offset < bytes.length; ) {
      if (this.#block === undefined || this.#block.isFull) this.#nextBlock(this.#size + offset);
      offset += (this.#block as Block).take(bytes, offset);
    }
  }

  /** A disk that is slower than what comes is waited for. */
  #nextBlock(at: number): void {
    if (this.#isBusy) this.#writeBlock();
    else this.#writeBehind();
    this.#block ??= new Block();
    this.#block.begin(at);
  }

  #writeBlock(): void {
    if (this.#block === undefined) return;
    writeAll(this.fd, this.#block.bytes, this.#block.at);
    this.#block.begin(this.#size);
  }

  #writeBehind(): void {
    // One that failed fails again, where its error can be thrown.
    this.#confirm();
    const block = this.#block;
    if (block === undefined) return;
    const { bytes, at } = block;
    [this.#unconfirmed, this.#isBusy, this.#block, this.#spare] = [block, true, this.#spare, undefined];
    write(this.fd, bytes, 0, bytes.length, at, (error, count) =>
      this.#noteEnd(error === null && count === bytes.length),
    );
  }

  #confirm(): void {
    if (this.#unconfirmed === undefined) return;
    writeAll(this.fd, this.#unconfirmed.bytes, this.#unconfirmed.at);
    if (!this.#isBusy) this.#spare = this.#unconfirmed;
    this.#unconfirmed = undefined;
  }

  #noteEnd(isWritten: boolean): void {
    this.#isBusy = false;
    // No caller could catch an error here. What was flushed is synced, and read again, when the recording ends.
    if (this.#isClosed) close(this.fd, ignore);
    if (!isWritten) return;
    this.#spare = this.#unconfirmed;
    this.#unconfirmed = undefined;
  }
}
