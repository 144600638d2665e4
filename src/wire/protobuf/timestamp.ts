/** google.protobuf.Timestamp: seconds and nanoseconds since 1970, as RFC 3339 text. */

export interface ProtobufTimestamp {
  readonly seconds: number;
  /** From 0 to 999,999,999. */
  readonly nanos: number;
}

const TEXT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;
/** The years 1 to 9999, which are all that the type allows. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

/** E.g. `2026-11-28T07:30:00.5Z`, with as many digits as are needed; undefined for what is no such timestamp. */
export function formatTimestamp({ seconds, nanos }: ProtobufTimestamp): string | undefined {
  if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND && nanos >= 0 && nanos < 1e9)) return undefined;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = `${nanos}`.padStart(9, "0").replace(/0+$/, "");
  return fraction === "" ? `${whole}Z` : `${whole}.${fraction}Z`;
}

/** Undefined for text of another form. */
export function parseTimestamp(text: string): ProtobufTimestamp | undefined {
  const [, whole, fraction = ""] = TEXT.exec(text) ?? [];
  const milliseconds = whole === undefined ? Number.NaN : Date.parse(`${whole}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  return { seconds: milliseconds / 1000, nanos: Number(fraction.padEnd(9, "0")) };
}
