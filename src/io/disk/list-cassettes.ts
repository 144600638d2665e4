/** Cassettes as people name them: each by its path, or all that are below a folder. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { findFirstContent } from "../../cassette/read/first-content.ts";
import { HEAD_SIZE, readHead } from "./read-head.ts";
import { isSidecarName, toSidecarFolder } from "./sidecar-folder-name.ts";

const CASSETTE = /\.ya?ml$/;
/** What stands in the header of each cassette. */
const MARK = /^\ufeff?whalesong:/m;

/**
 * The cassettes that `paths` name, in order. A folder stands for all cassettes below it, by path; folders of
 * dependencies, hidden ones and sidecars are passed over, and so is YAML of another kind.
 * @throws UsageError `WHALESONG_NO_CASSETTE` for a folder without any
 */
export function listCassettes(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => (isFolder(path) ? listBelow(path) : [path]));
}

function listBelow(folder: string): readonly string[] {
  const found = [...walkFolder(folder)];
  if (found.length > 0) return found;
  throw new UsageError("WHALESONG_NO_CASSETTE", `there is no cassette below \`${folder}\``, {
    fields: { path: folder },
  });
}

/** @param isOfSidecars a cassette of this name stands beside it; others may be in it */
function* walkFolder(folder: string, isOfSidecars = false): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = entries.map(({ name }) => name).filter((name) => CASSETTE.test(name));
  const ofSidecars = new Set(names.map(toSidecarFolder));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!isPassedOver(entry.name)) yield* walkFolder(path, ofSidecars.has(entry.name));
    } else if (CASSETTE.test(entry.name) && !(isOfSidecars && isSidecarName(entry.name)) && isCassette(path))
      yield path;
  }
}

function isPassedOver(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

/**
 * Also of a link to one; a link to a folder may lead back, and is not followed. What may have been a cassette, or be one,
 * is not passed over in silence: an empty file, a link to nothing, one that begins with pages of comments.
 */
function isCassette(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return true;
  if (!found.isFile()) return false;
  const head = readHead(path);
  const isCut = found.size > HEAD_SIZE;
  return MARK.test(head) || head === "" || (isCut && findFirstContent(head) === head.length);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
