import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const unzipped = promisify(gunzip);

/** The bytes as they were before gzip; others are as they are. */
export async function decompress(bytes: Buffer): Promise<Buffer> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? unzipped(bytes) : bytes;
}
