/** Folders that this process made for recordings, and removes again if nothing came to lie in them. */
import { rmdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { CASSETTE_FOLDER } from "../../base/cassette-folder.ts";
import { createFolder } from "./create-folder.ts";

const made = new Set<string>();

/** Makes `folder` and those above it that are not there. */
export function makeFolder(folder: string): void {
  const first = createFolder(folder);
  if (first === undefined) return;
  const last = resolve(first);
  for (let path = resolve(folder); path.length >= last.length; path = dirname(path)) made.add(path);
}

/**
 * Removes `folder` and those above it, as long as they are empty and were made here: recordings side by side share
 * theirs, and the last one to be discarded removes it. Another process may have made `__cassettes__`.
 */
export function removeMadeFolders(folder: string): void {
  try {
    for (let path = resolve(folder); made.has(path) || basename(path) === CASSETTE_FOLDER; path = dirname(path)) {
      rmdirSync(path);
      made.delete(path);
    }
  } catch {
    // Something else lies in it by now.
  }
}
