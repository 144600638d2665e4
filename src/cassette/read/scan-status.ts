/**
 * Reads the status of a document without parsing it. It knows only the spelling that a recorder writes; undefined means
 * "parse it".
 */

const STATUS = /^response:(?: +|\n {2}status: +)(?:([1-9]\d{2})|none)(?= |\r?\n|$)/m;

const STATUS_AT = /response:(?: +|\n {2}status: +)([1-9]\d{2})(?=[ \n])/y;

/** The status of a response that begins at `start`; undefined if it is spelled otherwise. */
export function scanStatusAt(text: string, start: number): number | undefined {
  STATUS_AT.lastIndex = start;
  const match = STATUS_AT.exec(text);
  return match === null ? undefined : Number(match[1]);
}

/** The status that a document's text has, `none` for a response that never came; undefined if it has to be parsed. */
export function scanStatus(text: string): number | "none" | undefined {
  const match = STATUS.exec(text);
  if (match === null) return undefined;
  return match[1] === undefined ? "none" : Number(match[1]);
}
