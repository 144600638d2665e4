import { readlinkSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { getErrno } from "../errno.ts";

/** As many as Linux follows (path_resolution(7)). */
const LINK_LIMIT = 40;

/**
 * The file that `path` means, absolute: where a chain of symbolic links ends, whether a file is there or not. The
 * folders above it stay as they are named.
 */
export function followLinks(path: string): string {
  let place = resolve(path);
  for (let links = 0; links < LINK_LIMIT; links += 1) {
    const target = readLink(place);
    if (target === undefined) break;
    place = resolve(realpathSync(dirname(place)), target);
  }
  return place;
}

/** Undefined if `path` is no link. */
function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (["EINVAL", "ENOENT", "ENOTDIR", "UNKNOWN"].includes(getErrno(error) ?? "")) return undefined;
    throw error;
  }
}
