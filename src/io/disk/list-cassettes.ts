/** Cassettes as people name them: each by its path, or all that are below a folder. */
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { toSidecarFolder } from "./sidecar-folder-name.ts";

const CASSETTE = /\.ya?ml$/;
/** What stands in the header of each cassette. */
const MARK = /^whalesong\s*:/m;
const HEAD_BYTES = 4096;

/**
 * The cassettes that `paths` name, in order. A folder stands for all cassettes below it, by path; folders of
 * dependencies, hidden ones and those of sidecars are passed over, and so is YAML of another kind.
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

function* walkFolder(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = entries.map(({ name }) => name).filter((name) => CASSETTE.test(name));
  const sidecars = new Set(names.map(toSidecarFolder));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !isPassedOver(entry.name) && !sidecars.has(entry.name)) yield* walkFolder(path);
    else if (entry.isFile() && CASSETTE.test(entry.name) && isCassette(path)) yield path;
  }
}

function isPassedOver(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

/** An empty file may have been one: it is not passed over in silence. */
function isCassette(path: string): boolean {
  const head = readHead(path);
  return head === "" || MARK.test(head);
}

function readHead(path: string): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.toString("utf8", 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
