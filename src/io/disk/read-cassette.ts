import { existsSync } from "node:fs";
import { UsageError, type WhalesongError } from "../../base/errors.ts";
import { type Cassette, type CassetteWalk, openCassette, walkDocuments } from "../../cassette/read.ts";
import { getErrno } from "../errno.ts";
import { describeOtherSpelling } from "../fold-path.ts";
import { createDiskError } from "./disk.ts";
import { FileRanges } from "./file-ranges.ts";
import { readRegularFile } from "./regular-file.ts";

export { openSidecar, readSidecarIfThere, type SidecarFile } from "./sidecar-file.ts";

/**
 * The cassette at `path`, opened read-only.
 * @throws UsageError `WHALESONG_NO_CASSETTE` if there is none; CassetteError if it cannot be understood
 * @example
 * const { entries } = readCassette("web.yaml");
 */
export function readCassette(path: string): Cassette {
  return openCassette(readBytes(path), path);
}

/**
 * Looks at the cassette at `path`, of any size: `look` gets its exchanges one after the other, and the file is closed
 * when it is done. What it needs later of an exchange it has to keep itself.
 * @param name the file's name in errors
 * @throws UsageError `WHALESONG_NO_CASSETTE` if there is none; CassetteError if it cannot be understood
 */
export async function walkCassette<T>(
  path: string,
  look: (cassette: CassetteWalk) => Promise<T>,
  name: string = path,
): Promise<T> {
  const file = openRanges(path);
  try {
    return await look(walkDocuments(file, name));
  } finally {
    file.close();
  }
}

/** The same where what is made of the exchanges comes in pieces: the file is closed behind the last one. */
export async function* walkPieces<T>(
  path: string,
  look: (cassette: CassetteWalk) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const file = openRanges(path);
  try {
    yield* look(walkDocuments(file, path));
  } finally {
    file.close();
  }
}

/** A cassette's file, to be read by ranges; the caller closes it. */
export function openRanges(path: string): FileRanges {
  try {
    return new FileRanges(path);
  } catch (cause) {
    throw createReadError(path, cause);
  }
}

/** The bytes of a cassette's file. */
export function readBytes(path: string): Buffer {
  try {
    return readRegularFile(path);
  } catch (cause) {
    throw createReadError(path, cause);
  }
}

function createReadError(path: string, cause: unknown): WhalesongError {
  if (getErrno(cause) !== "ENOENT") return createDiskError("read the cassette", path, cause);
  if (path === "") {
    const message = "the name of the cassette is empty, or `-`: standard input is no cassette; name a file";
    return new UsageError("WHALESONG_NO_CASSETTE", message, { cause, fields: { path } });
  }
  const unfinished = existsSync(`${path}.recording`)
    ? ` (there is an unfinished recording, \`${path}.recording\`)`
    : "";
  const message = `there is no cassette at \`${path}\`${unfinished}${describeOtherSpelling(path)}; record one first, or check the path`;
  return new UsageError("WHALESONG_NO_CASSETTE", message, { cause, fields: { path } });
}
