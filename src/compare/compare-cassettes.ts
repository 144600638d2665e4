/** What is different between two recordings of a session, without what their daemons and clients made for one run. */
import type { CassetteEntry } from "../cassette/read.ts";
import type { FieldDifference } from "../match/compare-requests.ts";
import { type ComparedRecording, findEntry } from "../match/suggest/compared-request.ts";
import { comparePair } from "../match/suggest/pairing.ts";
import type { ContentDifference } from "./compare-content.ts";
import { compareSettings, type SettingDifference } from "./compare-settings.ts";
import { type PairedRecordings, pairRecordings } from "./pair-recordings.ts";

/** An exchange of both recordings that is not the same in both. */
export interface ChangedExchange {
  readonly recorded: CassetteEntry;
  readonly got: CassetteEntry;
  readonly request: readonly FieldDifference[];
  readonly answer: readonly ContentDifference[];
}

export interface CassetteComparison {
  /** What the headers of the two set otherwise for answers. */
  readonly settings: readonly SettingDifference[];
  readonly changed: readonly ChangedExchange[];
  /** Exchanges of the first recording only. */
  readonly gone: readonly CassetteEntry[];
  /** Exchanges of the second recording only. */
  readonly came: readonly CassetteEntry[];
  /** How many are the same. */
  readonly sameCount: number;
}

/** @throws CassetteError if an exchange or a sidecar is wrong */
export async function compareCassettes(
  first: ComparedRecording,
  second: ComparedRecording,
): Promise<CassetteComparison> {
  const paired = await pairRecordings(first, second);
  const changed = await listChanged(paired, first, second);
  return {
    settings: compareSettings(first.cassette, second.cassette),
    changed,
    gone: paired.gone.map((index) => findEntry(first, index)),
    came: paired.came.map((index) => findEntry(second, index)),
    sameCount: paired.pairs.length - changed.length,
  };
}

async function listChanged(
  paired: PairedRecordings,
  first: ComparedRecording,
  second: ComparedRecording,
): Promise<readonly ChangedExchange[]> {
  const changed: ChangedExchange[] = [];
  for (const pair of paired.pairs) {
    if (paired.isTwin(pair)) continue;
    const [recorded, got] = [await paired.describeRecorded(pair.recorded), await paired.describe(pair.got)];
    const request = got.key === recorded.key ? [] : comparePair(recorded, got);
    const answer = (await paired.compareAnswers(pair)).filter(
      (difference) => !difference.isMade && !isSentWithEvery(difference, first, second),
    );
    if (request.length + answer.length > 0) {
      changed.push({ recorded: findEntry(first, pair.recorded), got: findEntry(second, pair.got), request, answer });
    }
  }
  return changed;
}

/** Whether the header only stands elsewhere in the other cassette: where those stand that all responses have. */
function isSentWithEvery(
  { field, recorded, got }: ContentDifference,
  first: ComparedRecording,
  second: ComparedRecording,
): boolean {
  const [, name] = /^headers\.([^.]+)$/.exec(field) ?? [];
  if (name === undefined) return false;
  const valueIn = ({ cassette }: ComparedRecording): string | undefined =>
    cassette.header.everyResponse.find(([each]) => each.toLowerCase() === name)?.[1];
  return (recorded ?? valueIn(first)) === (got ?? valueIn(second));
}
