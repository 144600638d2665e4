/** Imports recordings of other tools: nock's fixtures and HTTP archives. */
import { existsSync, readFileSync } from "node:fs";
import { EnvironmentError, UsageError } from "../base/errors.ts";
import { formatCount } from "../base/format-count.ts";
import type { SkippedExchange } from "../import/foreign-exchange.ts";
import { readForeignFile } from "../import/read-foreign-file.ts";
import { replayForeignFile } from "../import/replay-foreign-file.ts";
import { createDiskStore } from "../io/disk/disk-store.ts";
import { RecordingPipeline } from "../record/recording-pipeline.ts";
import type { RecordingReport } from "../record/write/tape.ts";
import { version } from "../version.ts";

/** What an import came to. */
export interface ImportReport extends RecordingReport {
  /** The exchanges that are left out, and why. */
  readonly skipped: readonly SkippedExchange[];
}

/**
 * Converts a nock fixture or a HAR into a cassette. Secrets are blanked as in any recording. Where no exchange is
 * imported, no cassette is written, and the report's `problem` is a UsageError `WHALESONG_NOTHING_IMPORTED`, unless
 * something else went wrong before.
 * @param file a JSON list of nock's definitions, or a HAR
 * @throws CassetteError `WHALESONG_IMPORT_SYNTAX` or `WHALESONG_IMPORT_SHAPE`, with file, line and column
 * @throws UsageError `WHALESONG_CASSETTE_EXISTS` if the cassette's path exists
 * @example
 * const { exchanges, skipped } = await importFile("fixture.json", "imported.yaml");
 */
export async function importFile(file: string, cassette: string): Promise<ImportReport> {
  const foreign = readForeignFile(readImportedFile(file), file);
  if (existsSync(cassette)) throw createCassetteExistsError(cassette);
  const at = findRecordingDay(foreign.exchanges.flatMap(({ times }) => times?.requestedAt ?? []));
  const pipeline = new RecordingPipeline({
    store: createDiskStore(cassette),
    recorded: { at, by: `whalesong ${version}, from ${file.split("/").at(-1)}` },
    redaction: { env: process.env },
    refuse: ({ exchanges }) => (exchanges > 0 ? undefined : createNothingImportedError(file, cassette, skipped.length)),
    warn: () => undefined,
  });
  const skipped = replayForeignFile(foreign, pipeline);
  return { ...(await pipeline.finish()), skipped: skipped };
}

/** The day of the first exchange; today if the file has no times. */
function findRecordingDay(times: readonly number[]): string {
  const first = times.length === 0 ? Date.now() : times.reduce((least, time) => Math.min(least, time));
  return new Date(first).toISOString().slice(0, 10);
}

function readImportedFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = `cannot read the file \`${file}\`: ${(cause as Error).message}`;
    throw new EnvironmentError("WHALESONG_IMPORT_FILE", message, { cause, fields: { file } });
  }
}

/** An empty cassette makes every request of a test a miss, far from the import that is the cause. */
function createNothingImportedError(file: string, cassette: string, skipped: number): UsageError {
  const found = skipped === 0 ? "has no exchange" : `has ${formatCount(skipped, "exchange")}, and none can be imported`;
  const message = `nothing was imported: \`${file}\` ${found}; \`${cassette}\` is not written`;
  return new UsageError("WHALESONG_NOTHING_IMPORTED", message, { fields: { file, cassette, skipped } });
}

function createCassetteExistsError(cassette: string): UsageError {
  const message = `cannot import into \`${cassette}\`: it exists already; remove it, or name another file`;
  return new UsageError("WHALESONG_CASSETTE_EXISTS", message, { fields: { cassette } });
}
