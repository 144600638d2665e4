import { constants } from "node:buffer";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { FileError } from "./file-error.ts";

const unzip = promisify(gunzip);

/** So much may come of any archive, and so many times its size of a large one: gzip makes 1 GB of 1 MB of zeros. */
const [LEAST_ROOM, MOST_TIMES] = [256 * 1024 * 1024, 20];

/**
 * The bytes as they were before gzip; others are as they are.
 * @throws FileError ENOSPC if there are more of them than any honest archive of this size has
 */
export async function decompress(bytes: Buffer): Promise<Buffer> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  const room = Math.min(constants.MAX_LENGTH, Math.max(LEAST_ROOM, bytes.length * MOST_TIMES));
  try {
    return await unzip(bytes, { maxOutputLength: room });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? new FileError("ENOSPC") : error;
  }
}
