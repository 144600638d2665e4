import { errorAt } from "../../yaml/error-at.ts";
import { fieldsOf, type Place, shapeError, wrong } from "../../yaml/place.ts";
import { countOf, wordOf } from "../../yaml/values.ts";
import type { SidecarRef } from "../model.ts";

const KEYS = ["path", "size", "sha256"] as const;

/** A `file: {path, size, sha256}`. */
export function sidecarOf(place: Place): SidecarRef {
  const fields = fieldsOf(place, KEYS, "`file`");
  const [path, size, sha256] = KEYS.map((key) => fields.get(key));
  if (path === undefined || size === undefined || sha256 === undefined) {
    throw shapeError(place, "`file` must have a `path`, a `size` and a `sha256`");
  }
  return { path: sidecarPath(path), size: countOf(size), sha256: digestOf(sha256) };
}

function digestOf(place: Place): string {
  const expected = "64 hexadecimal digits";
  const text = wordOf(place, expected);
  if (!/^[0-9a-f]{64}$/.test(text)) throw wrong(place, expected);
  return text;
}

/** A cassette may come from a stranger: what it names must lie beside it, on every system. */
function sidecarPath(place: Place): string {
  const path = wordOf(place, "a path");
  const fault = pathFault(path);
  if (fault === undefined) return path;
  const message = `a sidecar lies in the cassette's folder, \`${path}\` ${fault}`;
  throw errorAt(place.source, place.offset, "WHALESONG_SIDECAR_PATH", message);
}

function pathFault(path: string): string | undefined {
  if (path.startsWith("/")) return "is absolute";
  if (/^[A-Za-z]:/.test(path)) return "names a drive";
  if (path.includes("\\")) return "has a backslash; use `/`";
  if (/\p{Cc}/u.test(path)) return "has a control character";
  const segments = path.split("/");
  if (segments.includes("..")) return "leaves it";
  return segments.includes(".") || segments.includes("") ? "has an empty step (`.` or `//`)" : undefined;
}
