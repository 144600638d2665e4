/**
 * A cassette has no times of day: it has pauses, and what waited for what. From these an order is made that keeps both,
 * to be drawn; it is no measurement.
 */
import type { PageRow } from "../view/page/page-record.ts";

/** From 0 to 1: where an exchange begins and ends among all that begins and ends. */
export interface RowTime {
  readonly start: number;
  readonly end: number;
}

/** Each request comes a little after the one before; a stream ends behind all that it waited for. */
export function layOutTime(rows: readonly PageRow[]): readonly RowTime[] {
  const starts = listStarts(rows);
  const startByName = new Map<string, number>();
  rows.forEach(({ name }, at) => {
    if (name !== undefined) startByName.set(name, starts[at] as number);
  });
  const marks = new Map<string, number>();
  let ends: readonly number[] = [];
  // A mark may be set by a stream that stands further down: the second walk knows it.
  for (const _ of [1, 2]) ends = rows.map((row, at) => walkTrack(row, starts[at] as number, startByName, marks));
  return toRanks(starts, ends);
}

/** The next request waits for the answer, unless that may take for ever. */
function listStarts(rows: readonly PageRow[]): readonly number[] {
  let clock = 0;
  return rows.map(({ role, track }) => {
    const start = clock;
    const [wait] = track;
    clock += 1 + (role === "long" || typeof wait !== "number" ? 0 : wait);
    return start;
  });
}

/** Where a row ends, in ms; its marks are set there. */
function walkTrack(
  row: PageRow,
  start: number,
  starts: ReadonlyMap<string, number>,
  marks: Map<string, number>,
): number {
  let time = start;
  for (const part of row.track) {
    if (typeof part === "number") time += part;
    else time = Math.max(time, (part.startsWith("@") ? marks.get(part.slice(1)) : starts.get(part)) ?? 0);
  }
  const end = Math.max(time, start + 1);
  for (const mark of row.marks) marks.set(mark, end);
  return end;
}

/** Times become places in their order, so that a pause of a minute does not press all else together. */
function toRanks(starts: readonly number[], ends: readonly number[]): readonly RowTime[] {
  const moments = [...new Set([...starts, ...ends])].sort((one, other) => one - other);
  const places = new Map(moments.map((moment, at) => [moment, at / Math.max(moments.length - 1, 1)]));
  return starts.map((start, at) => ({ start: places.get(start) ?? 0, end: places.get(ends[at] as number) ?? 1 }));
}
