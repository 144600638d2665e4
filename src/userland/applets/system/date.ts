/** `date`: what time it is, or what a time is called. */
import type { Process, Program } from "../../process/process.ts";
import { AppletError, complain, expectWords, WrongUsage } from "../applet-errors.ts";
import { parseDate } from "../files/parse-date.ts";
import { formatTime } from "../format-time.ts";
import { type ReadOptions, readOptions } from "../read-options.ts";
import { parseByFormat } from "./parse-by-format.ts";

const LONG = { "rfc-822": "R", "rfc-2822": "R", utc: "u", universal: "u", set: "s", date: "d", reference: "r" };
const PLAIN = "%a %b %e %H:%M:%S %Z %Y";
const MAIL = "%a, %d %b %Y %H:%M:%S %z";
/** Of `-I`, from the coarsest on. A name may be cut short. */
const ISO: readonly (readonly [name: string, format: string])[] = [
  ["date", "%Y-%m-%d"],
  ["hours", "%Y-%m-%dT%H%:z"],
  ["minutes", "%Y-%m-%dT%H:%M%:z"],
  ["seconds", "%Y-%m-%dT%H:%M:%S%:z"],
  ["ns", "%Y-%m-%dT%H:%M:%S,%N%:z"],
];

export const date: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "us:d:D:r:RI::", { long: LONG });
  const [format, rest] = words[0]?.startsWith("+") === true ? [words[0].slice(1), words.slice(1)] : ["", words];
  const newTime = flags.get("s") ?? (flags.has("d") ? undefined : rest[0]);
  expectWords(rest, 0, flags.has("s") || flags.has("d") ? 0 : 1);
  const ns = chooseTime(self, newTime ?? flags.get("d"), flags);
  // The clock of a container is its host's.
  if (newTime !== undefined) await complain(self, "can't set date: Operation not permitted");
  await self.writeStdout(`${formatTime(format || chooseFormat(flags), ns)}\n`);
  return 0;
};

/** @throws AppletError for what is no date, and for a file that is not there */
function chooseTime(self: Process, text: string | undefined, flags: ReadOptions["flags"]): bigint {
  const now = self.time.now();
  if (text !== undefined) {
    const ms = parseText(text, flags.get("D"), Number(now / 1_000_000n));
    if (ms === undefined) throw new AppletError(`invalid date '${text}'`);
    return BigInt(ms) * 1_000_000n;
  }
  const reference = flags.get("r");
  if (reference === undefined) return now;
  const node = self.disk.peek(self.resolvePath(reference));
  if (node === undefined) throw new AppletError(`can't stat '${reference}': No such file or directory`);
  return BigInt(Math.floor(node.mtimeMs / 1000)) * 1_000_000_000n;
}

/** A day without a time begins at midnight. */
function parseText(text: string, format: string | undefined, nowMs: number): number | undefined {
  const midnight = new Date(nowMs).setUTCHours(0, 0, 0, 0);
  return format === undefined ? parseDate(text, midnight) : parseByFormat(text, format, midnight);
}

/** @throws WrongUsage for a precision that there is not */
function chooseFormat(flags: ReadOptions["flags"]): string {
  if (flags.has("R")) return MAIL;
  const precision = flags.get("I");
  if (precision === undefined) return PLAIN;
  const [, format] = ISO.find(([name]) => name.startsWith(precision)) ?? [];
  if (format === undefined) throw new WrongUsage("");
  return format;
}
