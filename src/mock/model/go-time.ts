/** Formats and parses times and durations like Go. Times are nanoseconds since 1970. */
const NS_PER_SECOND = 1_000_000_000n;
/** Go accepts both the micro sign and the Greek letter. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "\u00b5s": 1e-3,
  "\u03bcs": 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 36e5,
};
const TERM = "(\\d+\\.?\\d*|\\.\\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)";
const DURATION = new RegExp(`^([+-]?)((?:${TERM})+|0)$`);

/** Go's zero time, with which moby means "never". */
export const NEVER = "0001-01-01T00:00:00Z";

/** time.RFC3339Nano in UTC, without trailing zeros of the fraction. */
export function formatRfc3339Nano(ns: bigint): string {
  const fraction = String(ns % NS_PER_SECOND)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${formatSeconds(ns)}${fraction === "" ? "" : `.${fraction}`}Z`;
}

/** RFC 3339 with all nine digits, as in log lines (moby jsonmessage.RFC3339NanoFixed). */
export function formatRfc3339Fixed(ns: bigint): string {
  return `${formatSeconds(ns)}.${String(ns % NS_PER_SECOND).padStart(9, "0")}Z`;
}

function formatSeconds(ns: bigint): string {
  return new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19);
}

export function toUnixSeconds(ns: bigint): number {
  return Number(ns / NS_PER_SECOND);
}

/** The format of HTTP headers: `Sat, 21 Nov 2026 11:29:36 GMT`. */
export function formatHttpTime(ns: bigint): string {
  return new Date(Number(ns / 1_000_000n)).toUTCString();
}

/** Milliseconds of `1h30m`, `-2s` or `1.5s` (time.ParseDuration). Undefined for anything else. */
export function parseGoDurationMs(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const parts = (match[2] as string).matchAll(new RegExp(TERM, "g"));
  let ms = 0;
  for (const [, number, unit] of parts) ms += Number(number) * (UNIT_MS[unit as string] as number);
  return match[1] === "-" ? -ms : ms;
}

/**
 * Parses `since` and `until` (moby api/types/time/timestamp.go): seconds since 1970 with or without a fraction, an RFC
 * 3339 time, a date, or a duration before now. Undefined for anything else.
 */
export function parseTimestampNs(text: string, now: bigint): bigint | undefined {
  const seconds = /^(-?\d+)(?:\.(\d{0,9}))?$/.exec(text);
  if (seconds !== null) return BigInt(seconds[1] as string) * NS_PER_SECOND + BigInt((seconds[2] ?? "").padEnd(9, "0"));
  const ago = parseGoDurationMs(text);
  if (ago !== undefined) return now - BigInt(Math.round(ago * 1e6));
  return parseRfc3339Ns(text);
}

/** Minutes and seconds may be missing, and also the whole time. A missing zone means UTC. */
const RFC3339 = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}(?::\d{2}(?::\d{2})?)?)(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?$/;

function parseRfc3339Ns(text: string): bigint | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, day, time = "00:00:00", fraction = "", zone = "Z"] = match;
  const ms = Date.parse(`${day}T${time}${"00:00:00".slice(time.length)}${zone}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}
