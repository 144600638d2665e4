/** Files that a flag names for what a verb makes: a page, a report. They replace what is there, but never a recording. */
import { closeSync, openSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { startsCassette } from "../../yaml/place.ts";
import { createFolder } from "./create-folder.ts";
import { withDiskErrors } from "./disk.ts";
import { readHead } from "./read-head.ts";

/**
 * Makes the folder of an output file, and refuses a path that is taken. Called before the work is done: what it made
 * would be lost otherwise.
 * @throws UsageError `WHALESONG_CASSETTE_EXISTS` if a cassette is there
 * @throws EnvironmentError `WHALESONG_DISK` if a folder is there, or the folder around it cannot be made
 * @example
 * prepareOutputFile("reports/replay.json");
 */
export function prepareOutputFile(path: string): void {
  const stats = withDiskErrors("write", path, () => statSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) createFolder(dirname(path));
  else if (stats.isDirectory()) withDiskErrors("write", path, () => closeSync(openSync(path, "r+")));
  else if (stats.isFile() && startsCassette(readHead(path))) throw createCassetteError(path);
}

/**
 * Writes a whole output file.
 * @throws as `prepareOutputFile`; `WHALESONG_DISK` also for a full disk and the like
 */
export function writeOutputFile(path: string, text: string): void {
  prepareOutputFile(path);
  withDiskErrors("write", path, () => writeFileSync(path, text));
}

function createCassetteError(path: string): UsageError {
  const message = `\`${path}\` is a cassette, and what is to be written there would replace it; name another file`;
  return new UsageError("WHALESONG_CASSETTE_EXISTS", message, { fields: { path } });
}
