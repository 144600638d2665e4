/** Header fields, as near to those on the wire as the saved ones allow. */
import type { HeaderField } from "../wire/http/head.ts";
import type { LocatedValue } from "./located-value.ts";

/** What Go's server adds itself stands at the end, in this order (net/http server.go). */
const LATE = ["Date", "Content-Length", "Content-Type", "Transfer-Encoding"];
/** A type that Go has sniffed from the body; one that moby sets stands before. */
const SNIFFED = "text/plain; charset=utf-8";

/** The fields as Go writes them, where all are in lower case: a fetch `Headers` has then sorted them, too. */
export function toGoFields(fields: readonly HeaderField[]): readonly HeaderField[] {
  if (fields.some(([name]) => name !== name.toLowerCase())) return fields;
  const named = fields.map(([name, value]) => [toCanonicalName(name), value] as const);
  return named.toSorted((a, b) => fieldRank(a) - fieldRank(b) || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
}

function fieldRank([name, value]: HeaderField): number {
  return name === "Content-Type" && value !== SNIFFED ? -1 : LATE.indexOf(name);
}

/** textproto.CanonicalMIMEHeaderKey */
function toCanonicalName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

export function dropFields(fields: readonly HeaderField[], names: RegExp): readonly HeaderField[] {
  return fields.filter(([name]) => !names.test(name));
}

/** The values of a field: a text or a list of texts. Polly and nock keep a number where the client gave one. */
export function readFieldValues(value: LocatedValue): readonly string[] {
  const values = value.node?.kind === "list" ? value.toItems() : [value];
  return values.filter(({ isPresent }) => isPresent).map(readFieldValue);
}

function readFieldValue(value: LocatedValue): string {
  return value.node?.kind === "atom" ? value.json : value.toText();
}
