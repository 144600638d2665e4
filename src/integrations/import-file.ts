/** Takes over what other tools have recorded: nock's fixtures and HTTP archives. */
import { existsSync, readFileSync } from "node:fs";
import { EnvironmentError, UsageError } from "../base/errors.ts";
import { readForeign } from "../import/read.ts";
import type { LeftOut } from "../import/told.ts";
import { ToldClock, transcribe } from "../import/transcribe.ts";
import { diskStore } from "../io/disk/disk-store.ts";
import { type RecordingReport, Tape } from "../record/tape.ts";
import { version } from "../version.ts";

export interface ImportReport extends RecordingReport {
  /** What is not in the cassette, and why. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Writes the cassette that a nock fixture or a HAR amounts to. Secrets are blanked as in any recording.
 * @param file a JSON list of nock's definitions, or a HAR
 * @throws CassetteError `WHALESONG_IMPORT_SYNTAX` or `WHALESONG_IMPORT_SHAPE`, with file, line and column
 * @throws UsageError `WHALESONG_CASSETTE_EXISTS` if there is something in its place
 */
export async function importFile(file: string, cassette: string): Promise<ImportReport> {
  const foreign = readForeign(textOf(file), file);
  if (existsSync(cassette)) throw exists(cassette);
  const clock = new ToldClock();
  const at = recordedAt(foreign.told.flatMap(({ times }) => times?.asked ?? []));
  const tape = new Tape({
    store: diskStore(cassette),
    clock,
    recorded: { at, by: `whalesong ${version}, from ${file.split("/").at(-1)}` },
    warn: () => undefined,
  });
  const leftOut = transcribe(foreign, tape, clock);
  return { ...(await tape.finish()), leftOut };
}

/** The day of the first exchange; today where the file has no times. */
function recordedAt(times: readonly number[]): string {
  const first = times.length === 0 ? Date.now() : times.reduce((least, time) => Math.min(least, time));
  return new Date(first).toISOString().slice(0, 10);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = `cannot read the file \`${file}\`: ${(cause as Error).message}`;
    throw new EnvironmentError("WHALESONG_IMPORT_FILE", message, { cause, fields: { file } });
  }
}

function exists(cassette: string): UsageError {
  const message = `cannot import into \`${cassette}\`: there is something already; remove it, or name another file`;
  return new UsageError("WHALESONG_CASSETTE_EXISTS", message, { fields: { cassette } });
}
