/** Changes of an exchange's document that leave the rest of its text, comments included, as it is. */
import { isDeepStrictEqual } from "node:util";
import type { Exchange, SidecarRef } from "../../cassette/model.ts";
import { readExchange } from "../../cassette/read/exchange.ts";
import type { CassetteEntry } from "../../cassette/read.ts";
import { formatExchange } from "../../cassette/write.ts";

const MARKER = "---\n";

/** A document, and what it says. */
export type DocumentText = Pick<CassetteEntry, "readText" | "readExchange">;

/** The document of an entry, as it is. */
export function toDocument(entry: DocumentText): string {
  return MARKER + entry.readText();
}

/** A document that stands in no cassette yet. @param file the name in errors */
export function openDocument(document: string, file: string): DocumentText {
  const text = document.slice(MARKER.length);
  return { readText: () => text, readExchange: () => readExchange({ file, text, firstLine: 1 }) };
}

/**
 * The document of `changed`. `edit` changes the text of `entry`; where that does not come to the same, the document is
 * spelled anew, without its comments.
 */
export function editDocument(entry: DocumentText, changed: Exchange, edit: (text: string) => string): string {
  if (isDeepStrictEqual(entry.readExchange(), changed)) return toDocument(entry);
  const text = edit(entry.readText());
  return hasMeaning(text, changed) ? MARKER + text : formatExchange(changed);
}

function hasMeaning(text: string, changed: Exchange): boolean {
  try {
    return isDeepStrictEqual(readExchange({ file: "the edited cassette", text, firstLine: 1 }), changed);
  } catch {
    return false;
  }
}

/** The exchange with every part replaced for which `change` returns something. */
export function mapParts(exchange: Exchange, change: (part: object) => unknown): Exchange {
  return mapValue(exchange, change) as Exchange;
}

function mapValue(value: unknown, change: (part: object) => unknown): unknown {
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return value;
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((item) => mapValue(item, change));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapValue(item, change)]));
}

export function isSidecarRef(part: object): part is SidecarRef {
  return "path" in part && "sha256" in part && "size" in part;
}

/** With the sidecars at other paths. */
export function moveSidecars(entry: DocumentText, toPath: (path: string) => string): string {
  const paths = new Set<string>();
  const changed = mapParts(entry.readExchange(), (part) => {
    if (!isSidecarRef(part)) return undefined;
    paths.add(part.path);
    return { ...part, path: toPath(part.path) };
  });
  const edit = (text: string): string =>
    [...paths].reduce((edited, path) => edited.replaceAll(path, toPath(path)), text);
  return editDocument(entry, changed, edit);
}
