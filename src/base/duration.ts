import { UsageError } from "./errors.ts";

/** What node's timers hold: 24 days. They fire at once if they are to wait longer. */
export const LONGEST_WAIT_MS: number = 2 ** 31 - 1;

const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
/** Each unit as a power of ten and a whole factor: a power of ten shifts decimals exactly, a product would round. */
const UNITS: Readonly<Record<string, readonly [exponent: string, factor: number]>> = {
  ms: ["e0", 1],
  s: ["e3", 1],
  m: ["e3", 60],
  h: ["e3", 3600],
};

/** Parses `412ms`, `1.5s`, `2m` into milliseconds; undefined if the text is no duration. */
export function toMilliseconds(text: string): number | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [exponent, factor] = UNITS[match[2] as string] as readonly [string, number];
  return Number(`${match[1]}${exponent}`) * factor;
}

/**
 * Parses a duration into milliseconds. `what` names the value in the error: `--max-wait`.
 * @throws UsageError `WHALESONG_BAD_DURATION` if the text is no duration
 */
export function parseDuration(text: string, what: string): number {
  const ms = toMilliseconds(text);
  if (ms !== undefined) return ms;
  throw new UsageError("WHALESONG_BAD_DURATION", `${what} must be a duration like \`412ms\`, got \`${text}\``);
}

/** The shortest spelling of a duration: `20ms`, `1.5s`, `2m`. */
export function formatDuration(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  if (ms >= 1000 && ms % 100 === 0) return `${ms / 1000}s`;
  return `${ms}ms`;
}

/** The largest of 10, 20, 50, 100, 200, 500 ... not above `ms`; 0 below 10 ms. */
export function roundDown125(ms: number): number {
  if (ms < 10) return 0;
  const decade = 10 ** Math.floor(Math.log10(ms));
  const step = ms / decade;
  return decade * (step >= 5 ? 5 : step >= 2 ? 2 : 1);
}
