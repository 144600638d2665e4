/**
 * Files that a flag names for what a verb makes: a page, a report. They replace what the verb made before, and nothing
 * else. That they can be written is known before the work is done: what it made would be lost otherwise.
 */
import { closeSync, openSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { startsCassette } from "../../yaml/place.ts";
import { createFolder } from "./create-folder.ts";
import { withDiskErrors } from "./disk.ts";
import { readHead } from "./read-head.ts";

/** What a verb writes: a file of this kind is replaced. */
export interface OutputKind {
  /** For the message: `an HTML page`. */
  readonly name: string;
  readonly endings: RegExp;
  /** How its text begins, where the ending does not tell. */
  readonly beginning: RegExp;
}

export const PAGE: OutputKind = {
  name: "an HTML page",
  endings: /\.html?$/i,
  beginning: /^\s*<!doctype html>/i,
};
export const REPORT: OutputKind = {
  name: "a report in JSON or XML",
  endings: /\.(?:json|xml)$/i,
  beginning: /^(?:\{"|<\?xml )/,
};

/**
 * Makes the folder of an output file, and refuses a path that is taken or cannot be written.
 * @throws UsageError `WHALESONG_CASSETTE_EXISTS` if a cassette is there, or a file of another kind
 * @throws EnvironmentError `WHALESONG_DISK` if a folder is there, or the file or the folder around it cannot be made
 * @example
 * prepareOutputFile("reports/replay.json", REPORT);
 */
export function prepareOutputFile(path: string, kind: OutputKind): void {
  const stats = withDiskErrors("write", path, () => statSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) prepareNewFile(path);
  // `/dev/stdout` is the file that a shell has opened.
  else if (stats.isDirectory() || (stats.isFile() && !path.startsWith("/dev/"))) checkReplaceable(path, kind);
}

function checkReplaceable(path: string, kind: OutputKind): void {
  withDiskErrors("write", path, () => closeSync(openSync(path, "r+")));
  const head = readHead(path);
  if (startsCassette(head)) throw createCassetteError(path);
  if (head !== "" && !kind.endings.test(path) && !kind.beginning.test(head)) throw createOtherError(path, kind);
}

/**
 * Makes the folder of a file that is not there, and tries whether the file can be made.
 * @throws EnvironmentError `WHALESONG_DISK` if it cannot
 * @example
 * prepareNewFile("bundles/bug.whale.tgz");
 */
export function prepareNewFile(path: string): void {
  createFolder(dirname(path));
  withDiskErrors("write", path, () => {
    closeSync(openSync(path, "wx"));
    rmSync(path);
  });
}

/**
 * Writes a whole output file.
 * @throws as `prepareOutputFile`; `WHALESONG_DISK` also for a full disk and the like
 */
export function writeOutputFile(path: string, text: string, kind: OutputKind): void {
  prepareOutputFile(path, kind);
  withDiskErrors("write", path, () => writeFileSync(path, text));
}

function createCassetteError(path: string): UsageError {
  const message = `\`${path}\` is a cassette, and what is to be written there would replace it; name another file`;
  return new UsageError("WHALESONG_CASSETTE_EXISTS", message, { fields: { path } });
}

function createOtherError(path: string, { name }: OutputKind): UsageError {
  const message = `\`${path}\` exists and is not ${name}, which is all that is replaced; name another file, or remove it`;
  return new UsageError("WHALESONG_CASSETTE_EXISTS", message, { fields: { path } });
}
