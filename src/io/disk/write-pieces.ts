/** Files that are made of pieces: as a whole, or not at all. */
import { rmSync, statSync } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import { gatherText, type TextPieces } from "../../base/gather-text.ts";
import { createDiskError } from "./disk.ts";
import { followLinks } from "./follow-links.ts";

/**
 * Writes pieces of text to the file at `path`, and returns how many bytes there are. They are written beside it, and the
 * file is replaced when they are all there: a full disk leaves what was there before. A device or a FIFO gets them as
 * they come.
 * @param inspect called with the path of what was written, before it takes the place of the file; it may refuse it by an error
 * @throws EnvironmentError `WHALESONG_DISK`; the error of `pieces` or `inspect` as it is
 */
export async function writePieces(
  path: string,
  pieces: TextPieces,
  inspect: (draft: string) => Promise<void> = async () => undefined,
): Promise<number> {
  if (!isReplaceable(path)) return writeTo(path, path, pieces);
  const target = followLinks(path);
  const draft = `${target}.writing`;
  try {
    const size = await writeTo(draft, path, pieces);
    await inspect(draft);
    await rename(draft, target).catch((cause: unknown) => {
      throw createDiskError("write", path, cause);
    });
    return size;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether there is a regular file, or nothing. A folder is refused when it is opened. */
function isReplaceable(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
}

/** @param path names the file in errors */
async function writeTo(file: string, path: string, pieces: TextPieces): Promise<number> {
  const handle = await explain(path, () => open(file, "w"));
  let size = 0;
  try {
    for await (const piece of gatherText(pieces))
      size += await explain(path, () => writeAll(handle, Buffer.from(piece)));
    return size;
  } finally {
    await handle.close();
  }
}

/** A full disk takes a part before it refuses the rest. */
async function writeAll(handle: FileHandle, bytes: Buffer): Promise<number> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
  return bytes.length;
}

async function explain<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw createDiskError("write", path, cause);
  }
}
