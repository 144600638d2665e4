const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
]; // biome-ignore format: a list of words

/** What stands for several. */
const SHORTHANDS: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  r: "%I:%M:%S %p",
  R: "%H:%M",
  T: "%H:%M:%S",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};
const DAY_MS = 86_400_000;

/** strftime(3) in UTC, and in the C locale. An unknown letter stays as it is. */
export function formatTime(format: string, ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000n));
  const fields = { ...listClockFields(date, ns), ...listDayFields(date) };
  return format
    .replace(/%([cDFrRTxX])/g, (_, letter: string) => SHORTHANDS[letter] ?? "")
    .replace(/%(:z|.)/g, (all: string, letter: string) => String(fields[letter] ?? all));
}

type Fields = Readonly<Record<string, string | number>>;

const pad = (number: number, size = 2, filler = "0"): string => String(number).padStart(size, filler);

function listClockFields(date: Date, ns: bigint): Fields {
  const hours = date.getUTCHours();
  const hours12 = hours % 12 || 12;
  return {
    H: pad(hours),
    I: pad(hours12),
    k: pad(hours, 2, " "),
    l: pad(hours12, 2, " "),
    M: pad(date.getUTCMinutes()),
    S: pad(date.getUTCSeconds()),
    N: String(ns % 1_000_000_000n).padStart(9, "0"),
    s: String(ns / 1_000_000_000n),
    p: hours < 12 ? "AM" : "PM",
    P: hours < 12 ? "am" : "pm",
    Z: "UTC",
    z: "+0000",
    ":z": "+00:00",
    n: "\n",
    t: "\t",
    "%": "%",
  };
}

function listDayFields(date: Date): Fields {
  const [year, weekday] = [date.getUTCFullYear(), date.getUTCDay()];
  const [day, month] = [DAYS[weekday] as string, MONTHS[date.getUTCMonth()] as string];
  const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / DAY_MS);
  const weeksFrom = (first: number): number => Math.floor((dayOfYear + 7 - ((weekday - first + 7) % 7)) / 7);
  const iso = findIsoWeek(date);
  return {
    Y: year,
    C: pad(Math.floor(year / 100)),
    y: pad(year % 100),
    G: iso.year,
    g: pad(iso.year % 100),
    m: pad(date.getUTCMonth() + 1),
    b: month.slice(0, 3),
    h: month.slice(0, 3),
    B: month,
    d: pad(date.getUTCDate()),
    e: pad(date.getUTCDate(), 2, " "),
    j: pad(dayOfYear + 1, 3),
    a: day.slice(0, 3),
    A: day,
    u: weekday || 7,
    w: weekday,
    U: pad(weeksFrom(0)),
    W: pad(weeksFrom(1)),
    V: pad(iso.week),
  };
}

/** ISO 8601: a week belongs to the year of its Thursday. */
function findIsoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS / 7) + 1 };
}
