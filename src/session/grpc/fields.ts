/** Header fields as `node:http2` takes and gives them. */
import type { OutgoingHttpHeaders } from "node:http2";
import type { HeaderField } from "../../wire/http/fields.ts";

/** Repeated names become lists: joined with commas they would be another value (`followpaths`). */
export function toOutgoingHeaders(fields: readonly HeaderField[]): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const known = headers[name];
    headers[name] = known === undefined ? value : [known, value].flat();
  }
  return headers;
}

/** From node's flat list of names and values, without pseudo-headers. */
export function toFields(raw: readonly string[]): HeaderField[] {
  const pairs = Array.from(
    { length: raw.length / 2 },
    (_, at): HeaderField => [raw[2 * at] ?? "", raw[2 * at + 1] ?? ""],
  );
  return pairs.filter(([name]) => !name.startsWith(":"));
}
