/** Times and durations as Go writes and reads them. Times are nanoseconds since 1970. */
const NS_PER_SECOND = 1_000_000_000n;
const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5 };

/** Go's zero time, which moby says for "never". */
export const NEVER = "0001-01-01T00:00:00Z";

/** time.RFC3339Nano in UTC: trailing zeros of the fraction are left out. */
export function rfc3339Nano(ns: bigint): string {
  const fraction = String(ns % NS_PER_SECOND)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${secondsText(ns)}${fraction === "" ? "" : `.${fraction}`}Z`;
}

/** With all nine digits, as moby dates log lines (jsonmessage.RFC3339NanoFixed). */
export function rfc3339Fixed(ns: bigint): string {
  return `${secondsText(ns)}.${String(ns % NS_PER_SECOND).padStart(9, "0")}Z`;
}

function secondsText(ns: bigint): string {
  return new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19);
}

export function unixSeconds(ns: bigint): number {
  return Number(ns / NS_PER_SECOND);
}

/** As a header has it: `Sat, 21 Nov 2026 11:29:36 GMT`. */
export function httpTime(ns: bigint): string {
  return new Date(Number(ns / 1_000_000n)).toUTCString();
}

/** `1h30m`, `-2s`, `1.5s` in milliseconds (time.ParseDuration); undefined if the text is no duration. */
export function goDurationMs(text: string): number | undefined {
  const match = /^([+-]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+|0)$/.exec(text);
  if (match === null) return undefined;
  const parts = (match[2] as string).matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g);
  let ms = 0;
  for (const [, number, unit] of parts) ms += Number(number) * (UNIT_MS[unit as string] as number);
  return match[1] === "-" ? -ms : ms;
}

/**
 * What a client means by `since` and `until` (moby api/types/time/timestamp.go): seconds since 1970 with or without
 * a fraction, an RFC 3339 time, a date, or a duration before now. Undefined where it is none of them.
 */
export function timestampNs(text: string, now: bigint): bigint | undefined {
  const seconds = /^(-?\d+)(?:\.(\d{0,9}))?$/.exec(text);
  if (seconds !== null) return BigInt(seconds[1] as string) * NS_PER_SECOND + BigInt((seconds[2] ?? "").padEnd(9, "0"));
  const ago = goDurationMs(text);
  if (ago !== undefined) return now - BigInt(Math.round(ago * 1e6));
  return rfc3339Ns(text);
}

function rfc3339Ns(text: string): bigint | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (match === null) return undefined;
  const [, day, time = "00:00:00", fraction = "", zone = "Z"] = match;
  const ms = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${zone}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}
