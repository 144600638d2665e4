/** All bytes that a client has received of one exchange, and the payload among them. */

const END_OF_HEAD = "\r\n\r\n";

export class ClientOutput {
  #raw: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    this.#raw = Buffer.concat([this.#raw, bytes]);
  }

  get raw(): Buffer {
    return this.#raw;
  }

  get hasHead(): boolean {
    return this.#raw.includes(END_OF_HEAD);
  }

  get head(): string {
    return this.#raw.toString("latin1", 0, this.#raw.indexOf(END_OF_HEAD) + 2);
  }

  get statusLine(): string {
    return this.head.slice(0, this.head.indexOf("\r\n"));
  }

  /** The bytes behind the head, without chunk framing, as far as they have arrived. */
  get payload(): Buffer {
    if (!this.hasHead) return Buffer.alloc(0);
    const behind = this.#raw.subarray(this.#raw.indexOf(END_OF_HEAD) + END_OF_HEAD.length);
    return this.#isChunked ? Buffer.concat(chunksOf(behind)) : behind;
  }

  /** The last chunk of a chunked response has arrived. Other responses have no such mark. */
  get isWhole(): boolean {
    return this.#isChunked && this.#raw.subarray(-5).equals(Buffer.from("0\r\n\r\n"));
  }

  get #isChunked(): boolean {
    return /^transfer-encoding: chunked\r$/im.test(this.head);
  }
}

function chunksOf(bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = bytes.indexOf("\r\n", at) + 2;
    const size = Number.parseInt(bytes.toString("latin1", at, start), 16);
    if (start === 1 || size === 0) break;
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
  return chunks;
}
