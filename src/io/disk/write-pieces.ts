import { open } from "node:fs/promises";
import { createDiskError } from "./disk.ts";

/**
 * Writes pieces of text to the file at `path`, and returns how many bytes there are.
 * @throws EnvironmentError `WHALESONG_DISK`; the error of `pieces` as it is
 */
export async function writePieces(path: string, pieces: AsyncIterable<string>): Promise<number> {
  const file = await open(path, "w").catch((cause: unknown) => {
    throw createDiskError("write the page", path, cause);
  });
  let size = 0;
  try {
    for await (const piece of pieces) size += (await file.write(piece)).bytesWritten;
    return size;
  } finally {
    await file.close();
  }
}
