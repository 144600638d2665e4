/** Cassettes whose recorder was interrupted, or still records: they have only a part of what a test requests. */
import { CassetteError } from "../base/errors.ts";
import { formatCount } from "../base/format-count.ts";
import type { Cassette } from "../cassette/read.ts";
import { formatRecordTemplate } from "../cassette/recorded-from.ts";
import { findRecorder } from "../io/disk/lock.ts";
import { readCassette } from "../io/disk/read-cassette.ts";
import { readFileStart } from "../io/disk/read-file-start.ts";

/** A recorder writes the mark into the second line; only a preamble or a hand can put it further down. */
const SEARCHED_SIZE = 64 * 1024;

/**
 * Whether the recording of the cassette at `path` is unfinished. A finished one is not parsed for that.
 * @throws CassetteError if it has the mark and cannot be understood
 */
export function isUnfinishedFile(path: string): boolean {
  return /^["']?unfinished\b/m.test(readFileStart(path, SEARCHED_SIZE)) && readCassette(path).header.isUnfinished;
}

/**
 * How a replay tells that its cassette is unfinished.
 * @param path of the cassette
 */
export function explainUnfinished(path: string): string {
  const recorder = findRecorder(path);
  const reason = recorder === undefined ? "" : `: process ${recorder} is recording to it`;
  return `${path}: its recording is unfinished${reason}; only its finished exchanges are played`;
}

/**
 * The error of a test that would be green on half a recording.
 * @param recordCommand how to record it again, from the daemon that the cassette names by default
 */
export function createUnfinishedError(
  path: string,
  { entries, header }: Pick<Cassette, "entries" | "header">,
  recordCommand: string = formatRecordTemplate(path, header),
): CassetteError {
  const recorder = findRecorder(path);
  const count = formatCount(entries.length, "exchange");
  const message =
    recorder === undefined
      ? `cannot replay \`${path}\`: its recording was interrupted; it has the ${count} that had ended by then. Record it again: ${recordCommand}; or, if these are all that is needed, remove the line \`unfinished: true\` from it`
      : `cannot replay \`${path}\`: process ${recorder} is recording to it, and ${count} of it had ended by now. Wait for that process to end, and run this again`;
  return new CassetteError("WHALESONG_UNFINISHED_CASSETTE", message, { fields: { path, exchanges: entries.length } });
}
