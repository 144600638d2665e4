const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
]; // biome-ignore format: a list of words

/** strftime(3) in UTC, as far as `date` is used. */
export function formatTime(format: string, ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000n));
  const padToTwo = (number: number): string => String(number).padStart(2, "0");
  const [day, month] = [DAYS[date.getUTCDay()] as string, MONTHS[date.getUTCMonth()] as string];
  const fields: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getUTCFullYear()),
    m: () => padToTwo(date.getUTCMonth() + 1),
    d: () => padToTwo(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    H: () => padToTwo(date.getUTCHours()),
    M: () => padToTwo(date.getUTCMinutes()),
    S: () => padToTwo(date.getUTCSeconds()),
    N: () => String(ns % 1_000_000_000n).padStart(9, "0"),
    s: () => String(ns / 1_000_000_000n),
    a: () => day.slice(0, 3),
    A: () => day,
    b: () => month.slice(0, 3),
    B: () => month,
    Z: () => "UTC",
    z: () => "+0000",
    F: () => date.toISOString().slice(0, 10),
    T: () => date.toISOString().slice(11, 19),
    n: () => "\n",
    "%": () => "%",
  };
  return format.replace(/%([YmdeHMSNsaAbBZzFTn%])/g, (_, letter: string) => fields[letter]?.() ?? "");
}
