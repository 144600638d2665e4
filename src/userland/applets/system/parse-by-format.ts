/** strptime(3) in UTC, as far as `date -D` is used. */

type Part = "year" | "month" | "day" | "hour" | "minute" | "second" | "seconds";

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const SHORTHANDS: Readonly<Record<string, string>> = { F: "%Y-%m-%d", T: "%H:%M:%S", R: "%H:%M", D: "%m/%d/%y" };
const FIELDS: Readonly<Record<string, readonly [Part, pattern: string, toNumber?: (text: string) => number]>> = {
  Y: ["year", "(\\d{1,4})"],
  y: ["year", "(\\d{2})", (text) => (Number(text) < 69 ? 2000 : 1900) + Number(text)],
  m: ["month", "(0?[1-9]|1[0-2])"],
  b: ["month", `(${MONTHS.join("|")})[a-z]*`, (text) => MONTHS.indexOf(text.toLowerCase()) + 1],
  d: ["day", "([0-2]?\\d|3[01])"],
  H: ["hour", "([01]?\\d|2[0-3])"],
  M: ["minute", "([0-5]?\\d)"],
  S: ["second", "([0-5]?\\d|60)"],
  s: ["seconds", "(\\d{1,12})"],
};

/**
 * Milliseconds since 1970; undefined where the text has not the format.
 * @param midnightMs the day that counts where the text has none
 */
export function parseByFormat(text: string, format: string, midnightMs: number): number | undefined {
  const parts: (readonly [Part, (text: string) => number])[] = [];
  const whole = format.replace(/%([FTRD])/g, (_, letter: string) => SHORTHANDS[letter] ?? "");
  const source = whole.replace(/%(.)|\s+|[^%\s]/g, (piece: string, letter?: string) => {
    const field = FIELDS[letter === "B" || letter === "h" ? "b" : letter === "e" ? "d" : (letter ?? "")];
    if (field === undefined) return /^\s/.test(piece) ? "\\s*" : (letter ?? piece).replace(/\W/g, "\\$&");
    parts.push([field[0], field[2] ?? Number]);
    return field[1];
  });
  const match = new RegExp(`^${source}$`, "i").exec(text);
  if (match === null) return undefined;
  const day = new Date(midnightMs);
  const read: Record<Part, number> = {
    year: day.getUTCFullYear(),
    month: day.getUTCMonth() + 1,
    day: day.getUTCDate(),
    hour: 0,
    minute: 0,
    second: 0,
    seconds: Number.NaN,
  };
  for (const [at, [part, toNumber]] of parts.entries()) read[part] = toNumber(match[at + 1] as string);
  if (!Number.isNaN(read.seconds)) return read.seconds * 1000;
  return Date.UTC(read.year, read.month - 1, read.day, read.hour, read.minute, read.second);
}
