/** Looks into parsed JSON of unknown shape: what a cassette holds is a stranger's. */

import { parseBoundedJson } from "../../base/parse-json.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON of a body; undefined if it is none. */
export function parseJsonBytes(bytes: Buffer | undefined): unknown {
  return bytes === undefined || bytes.length === 0 ? undefined : parseJsonText(bytes.toString("utf8"));
}

/** The value of a text; undefined if it is no JSON. */
export function parseJsonText(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at `path`; undefined where there is none. */
export function getMember(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = isJsonObject(found) ? found[key] : undefined;
  return found;
}

/** The text at `path`; empty where there is none. A number is spelled out. */
export function getText(value: unknown, ...path: readonly string[]): string {
  const found = getMember(value, ...path);
  return typeof found === "string" || typeof found === "number" ? String(found) : "";
}

export function getFlag(value: unknown, ...path: readonly string[]): boolean {
  return getMember(value, ...path) === true;
}

/** The list at `path`; empty where there is none. */
export function getList(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = path.length === 0 ? value : getMember(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The members at `path`; empty where there are none. */
export function getEntries(value: unknown, ...path: readonly string[]): readonly (readonly [string, unknown])[] {
  const found = path.length === 0 ? value : getMember(value, ...path);
  return isJsonObject(found) ? Object.entries(found) : [];
}

/** The texts of the list at `path`. A text alone is a list of one. */
export function getTexts(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = getMember(value, ...path);
  if (typeof found === "string") return [found];
  return getList(value, ...path).filter((item): item is string => typeof item === "string");
}

/**
 * `value` without Go's zero values, which say "not set": `""`, 0, false, null, and lists and maps of nothing else.
 * Undefined if nothing is left.
 */
export function foldZeroValues(value: unknown): unknown {
  if (value === null || value === "" || value === 0 || value === false || value === undefined) return undefined;
  if (Array.isArray(value)) return foldList(value);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value)
    .map(([key, member]) => [key, foldZeroValues(member)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** The places in a list mean something, so that it keeps them all or goes as a whole. */
function foldList(items: readonly unknown[]): unknown {
  const folded = items.map((item) => foldZeroValues(item));
  return folded.every((item) => item === undefined) ? undefined : folded.map((item, at) => item ?? items[at]);
}
