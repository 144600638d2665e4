import { createHpackError } from "./http2-error.ts";
import { decodeHuffman } from "./huffman.ts";

/** Five octets behind the prefix give 35 bits: more than any length or index that is believed in. */
const LONGEST_INTEGER = 5;

/** Integers and strings of a header block (RFC 7541, section 5), read from its front. */
export class BlockReader {
  readonly #block: Buffer;
  #at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#block.length;
  }

  /** The next octet, which stays. */
  peek(): number {
    const octet = this.#block[this.#at];
    if (octet === undefined) throw createHpackError("the end of the block", "the rest of a field");
    return octet;
  }

  /** An integer that begins in the lowest `prefix` bits of the next octet. */
  readInteger(prefix: number): number {
    const most = 2 ** prefix - 1;
    const start = this.#takeOctet() & most;
    return start < most ? start : most + this.#readContinuation();
  }

  readString(): string {
    const isHuffman = this.peek() >= 0x80;
    const length = this.readInteger(7);
    const left = this.#block.length - this.#at;
    if (length > left) throw createHpackError(`a string of ${length} bytes`, `at most the ${left} that are left`);
    const bytes = this.#block.subarray(this.#at, this.#at + length);
    this.#at += length;
    return (isHuffman ? decodeHuffman(bytes) : bytes).toString("latin1");
  }

  #readContinuation(): number {
    let value = 0;
    for (let count = 0; count < LONGEST_INTEGER; count += 1) {
      const octet = this.#takeOctet();
      value += (octet & 0x7f) * 2 ** (7 * count);
      if (octet < 0x80) return value;
    }
    throw createHpackError(`an integer of more than ${LONGEST_INTEGER} octets`, "a shorter one");
  }

  #takeOctet(): number {
    const octet = this.peek();
    this.#at += 1;
    return octet;
  }
}
