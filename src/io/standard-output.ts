/** The standard output of this process, of which nothing is lost silently. */
import { fstatSync, writeSync } from "node:fs";
import { createDiskError, withDiskErrors } from "./disk/disk.ts";

const STDOUT = 1;
const NAME = "standard output";

let isFile: boolean | undefined;
let draining: Promise<void> | undefined;

/**
 * Writes to a file at once; to a pipe or a terminal when it is read. What prints much waits for the result: what a slow
 * reader has not taken yet is kept in memory. A reader that leaves early, such as a pager, ends the process with 0.
 * @throws EnvironmentError `WHALESONG_DISK` for a file that cannot be written
 */
export function writeToStdout(text: string): Promise<void> | undefined {
  isFile ??= isFileOrDevice();
  if (isFile) return writeToFile(Buffer.from(text));
  const { stdout } = process;
  if (stdout.listenerCount("error") === 0) stdout.on("error", exitOnError);
  if (stdout.write(text)) return undefined;
  draining ??= new Promise<void>((resolve) => {
    stdout.once("drain", () => {
      draining = undefined;
      resolve();
    });
  });
  return draining;
}

function isFileOrDevice(): boolean {
  const stat = fstatSync(STDOUT);
  return stat.isFile() || (stat.isCharacterDevice() && !process.stdout.isTTY);
}

/** Node takes a short write, which a full disk makes, for a whole one (lib/internal/fs/sync_write_stream.js). */
function writeToFile(bytes: Buffer): undefined {
  withDiskErrors("write to", NAME, () => {
    for (let at = 0; at < bytes.length; ) at += writeSync(STDOUT, bytes, at);
  });
}

function exitOnError(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`whalesong: ${createDiskError("write to", NAME, error).message}\n`);
  process.exit(1);
}
