import { createErrorAt } from "../../yaml/error-at.ts";
import { createShapeError, createValueError, readFields, type YamlPlace } from "../../yaml/place.ts";
import { readCount, readWord } from "../../yaml/values.ts";
import type { SidecarRef } from "../model.ts";

const KEYS = ["path", "size", "sha256"] as const;

/** A `file: {path, size, sha256}`; of a large one in an unfinished recording without its `sha256`. */
export function readSidecar(place: YamlPlace): SidecarRef {
  const fields = readFields(place, KEYS, "`file`");
  const [path, size, sha256] = KEYS.map((key) => fields.get(key));
  if (path === undefined || size === undefined) {
    throw createShapeError(place, "`file` must have a `path`, a `size` and a `sha256`");
  }
  const digest = sha256 === undefined ? {} : { sha256: readDigest(sha256) };
  return { path: readSidecarPath(path), size: readCount(size), ...digest };
}

export function readDigest(place: YamlPlace): string {
  const expected = "64 hexadecimal digits";
  const text = readWord(place, expected);
  if (!/^[0-9a-f]{64}$/.test(text)) throw createValueError(place, expected);
  return text;
}

/** A cassette is untrusted input: its sidecars must lie in its folder, on every system. */
function readSidecarPath(place: YamlPlace): string {
  const path = readWord(place, "a path");
  const fault = describePathFault(path);
  if (fault === undefined) return path;
  const message = `a sidecar lies in the cassette's folder, \`${path}\` ${fault}`;
  throw createErrorAt(place.source, place.offset, "WHALESONG_SIDECAR_PATH", message);
}

function describePathFault(path: string): string | undefined {
  if (path.startsWith("/")) return "is absolute";
  if (/^[A-Za-z]:/.test(path)) return "names a drive";
  if (path.includes("\\")) return "has a backslash; use `/`";
  if (/\p{Cc}/u.test(path)) return "has a control character";
  const segments = path.split("/");
  if (segments.includes("..")) return "leaves it";
  return segments.includes(".") || segments.includes("") ? "has an empty step (`.` or `//`)" : undefined;
}
