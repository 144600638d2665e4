/** Dates as `touch -d` and `date -d` read them (busybox libbb/time.c). */

const PATTERNS: readonly (readonly [RegExp, (now: Date, parts: readonly number[]) => number])[] = [
  [/^@(-?\d+)$/, (_, [seconds = 0]) => seconds * 1000],
  [/^(\d{1,2}):(\d{2})(?::(\d{2}))?$/, (now, [hour = 0, minute = 0, second = 0]) => onDay(now, hour, minute, second)],
  [
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/,
    (now, [year = 0, month = 0, day = 0, ...clock]) =>
      toMs(year, month, day, clock.length > 0 ? clock : readClock(now)),
  ],
  [
    /^(?:(\d{4})\.)?(\d{1,2})\.(\d{1,2})-(\d{1,2}):(\d{2})(?::(\d{2}))?$/,
    (now, [year = Number.NaN, month = 0, day = 0, ...clock]) =>
      toMs(Number.isNaN(year) ? now.getUTCFullYear() : year, month, day, clock),
  ],
];

/** Milliseconds since 1970 in UTC; undefined for what is no date. */
export function parseDate(text: string, nowMs: number): number | undefined {
  for (const [pattern, convert] of PATTERNS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const numbers = match.slice(1).map((part) => (part === undefined ? Number.NaN : Number(part)));
    const parts = pattern.source.includes("\\.)?") ? numbers : numbers.filter((part) => !Number.isNaN(part));
    return checkMs(convert(new Date(nowMs), parts));
  }
  return parseDigits(text, nowMs);
}

/** `[[[[[YY]YY]MM]DD]hh]mm[.ss]`. */
export function parseDigits(text: string, nowMs: number): number | undefined {
  const [, digits = "", second = "0"] = /^(\d{2,12})(?:\.(\d{2}))?$/.exec(text) ?? [];
  if (digits === "" || digits.length % 2 !== 0) return undefined;
  const now = new Date(nowMs);
  const pairs = (digits.match(/\d\d/g) ?? []).map(Number);
  const [minute = 0, hour = now.getUTCHours(), day = now.getUTCDate(), month = now.getUTCMonth() + 1, low, high] =
    pairs.reverse();
  const year =
    low === undefined ? now.getUTCFullYear() : high === undefined ? (low < 69 ? 2000 : 1900) + low : high * 100 + low;
  return checkMs(toMs(year, month, day, [hour, minute, Number(second)]));
}

function onDay(now: Date, hour: number, minute: number, second: number): number {
  return toMs(now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate(), [hour, minute, second]);
}

function readClock(now: Date): number[] {
  return [now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()];
}

/** NaN where a part is out of its range. */
function toMs(year: number, month: number, day: number, [hour = 0, minute = 0, second = 0]: readonly number[]): number {
  const isInRange = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && !(second >= 61);
  return isInRange ? Date.UTC(year, month - 1, day, hour, minute, Number.isNaN(second) ? 0 : second) : Number.NaN;
}

function checkMs(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}
