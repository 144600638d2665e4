/** Offsets in a build: whole nanoseconds, written as `39.427544ms` or `1.5s`, negative ones with a minus. */

const FORM = /^(-?)(\d{1,9})(?:\.(\d{1,9}))?(ms|s)$/;
const MILLISECOND_DIGITS = 6;
const SECOND_DIGITS = 9;

/** Exact: no digit is rounded away. */
export function formatTimeOffset(nanos: number): string {
  const size = Math.abs(nanos);
  const sign = nanos < 0 ? "-" : "";
  const [digits, unit] = size >= 1e9 ? [SECOND_DIGITS, "s"] : [MILLISECOND_DIGITS, "ms"];
  const padded = `${size}`.padStart(digits + 1, "0");
  const fraction = padded.slice(-digits).replace(/0+$/, "");
  return `${sign}${padded.slice(0, -digits)}${fraction === "" ? "" : `.${fraction}`}${unit}`;
}

/** Undefined for text of another form, and for fractions of a nanosecond. */
export function parseTimeOffset(text: string): number | undefined {
  const [, sign, whole = "", fraction = "", unit] = FORM.exec(text) ?? [];
  const digits = unit === "s" ? SECOND_DIGITS : MILLISECOND_DIGITS;
  if (unit === undefined || fraction.length > digits) return undefined;
  const nanos = Number(`${whole}${fraction.padEnd(digits, "0")}`);
  if (!Number.isSafeInteger(nanos)) return undefined;
  return sign === "-" && nanos !== 0 ? -nanos : nanos;
}
