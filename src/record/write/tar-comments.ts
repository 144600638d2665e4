import type { SidecarRef } from "../../cassette/model.ts";
import { formatTarListing, readTar } from "../../wire/archive/tar.ts";
import type { RecordingStore } from "../store.ts";

/** Tars beyond this are not read again only to be listed. */
const LISTED_SIZE = 64 * 1024 * 1024;

/** What each tar holds, as comment lines a reviewer can read. */
export interface TarListings {
  /** Puts the listings above the `file:` lines that name their tars. */
  insertInto(text: string): string;
}

export async function listTars(tars: readonly SidecarRef[], store: RecordingStore): Promise<TarListings> {
  const lines = new Map<string, readonly string[]>();
  for (const tar of tars) {
    if (tar.size <= LISTED_SIZE && !lines.has(tar.path)) lines.set(tar.path, await listingOf(tar, store));
  }
  return { insertInto: (text) => (lines.size === 0 ? text : withComments(text, lines)) };
}

async function listingOf(tar: SidecarRef, store: RecordingStore): Promise<readonly string[]> {
  try {
    return formatTarListing(await readTar(store.read(tar)));
  } catch {
    return ["not a tar"];
  }
}

function withComments(text: string, listings: ReadonlyMap<string, readonly string[]>): string {
  return text.replace(
    /^( +)(?:- \w+: \{as: [^{]*)?file: \{path: "?([^",}]+)"?,/gm,
    (line, indent: string, path: string) => {
      const listing = listings.get(path) ?? [];
      return [...listing.map((entry) => `${indent}# ${entry}`), line].join("\n");
    },
  );
}
