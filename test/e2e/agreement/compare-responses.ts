/** Tells where two answers differ in what a client could see. */
import { findFieldValue, type HeaderField } from "../../../src/wire/http/head.ts";
import { canBeginFrame, FrameDecoder } from "../../../src/wire/streams/stdcopy.ts";
import type { Probe } from "./probe.ts";
import type { RawResponse } from "./send-request.ts";

/** What each daemon is itself. */
const OWN_HEADERS: ReadonlySet<string> = new Set(["date", "server", "content-length", "transfer-encoding"]);

/** Of a container: the two daemons are not asked, and have not started it, at the same moment. */
const AGE = /Less than a second|About an? (?:minute|hour)|\b\d+ (?:second|minute|hour)s?\b/g;

/** Short sentences, each about one difference; none where there is none. `real` first. */
export function compareResponses(probe: Probe, real: RawResponse, mock: RawResponse): string[] {
  return [
    ...compareValues("status", real.head.status, mock.head.status),
    ...compareValues("headers", listHeaderNames(real.head.fields), listHeaderNames(mock.head.fields)),
    ...compareValues(
      "Content-Type",
      findFieldValue(real.head.fields, "Content-Type"),
      findFieldValue(mock.head.fields, "Content-Type"),
    ),
    ...compareValues("framing", nameFraming(real), nameFraming(mock)),
    ...compareValues("end", real.hasEnded, mock.hasEnded),
    ...compareBodies(probe, real, mock),
  ];
}

function compareValues(what: string, real: unknown, mock: unknown): string[] {
  return real === mock ? [] : [`${what}: ${real} | ${mock}`];
}

function listHeaderNames(fields: readonly HeaderField[]): string {
  return fields
    .map(([name]) => name)
    .filter((name) => !OWN_HEADERS.has(name.toLowerCase()))
    .sort()
    .join(" ");
}

/** Of a long answer only that it has a framing: which one depends on how long it is. */
function nameFraming({ head }: RawResponse): string {
  const isFramed = ["Content-Length", "Transfer-Encoding"].some(
    (name) => findFieldValue(head.fields, name) !== undefined,
  );
  return isFramed ? "framed" : "none";
}

function compareBodies(probe: Probe, real: RawResponse, mock: RawResponse): string[] {
  const [values, others] = [parseJsonValues(real), parseJsonValues(mock)];
  if (values === undefined || others === undefined) return compareValues("text", plain(real), plain(mock));
  return [...shapeDifferences(values, others), ...compareMembers(probe, values, others)];
}

/** Each line's value; undefined where the body is no JSON. */
function parseJsonValues({ body }: RawResponse): unknown[] | undefined {
  try {
    return orderDeaths(
      body
        .toString("utf8")
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => JSON.parse(line)),
    );
  } catch {
    return undefined;
  }
}

/** `die` comes first: dockerd tells of it from another thread than of the `stop` beside it. */
function orderDeaths(values: readonly unknown[]): unknown[] {
  const actionOf = (index: number): unknown =>
    (values[index] as { readonly Action?: unknown } | null | undefined)?.Action;
  const isLateDeath = (index: number): boolean => actionOf(index - 1) === "stop" && actionOf(index) === "die";
  return values.map((value, index) => {
    if (isLateDeath(index)) return values[index - 1];
    return isLateDeath(index + 1) ? values[index + 1] : value;
  });
}

/** A stream without its frames; a tar by the names in it; what is made up, as `<id>`. */
function plain({ body }: RawResponse): string {
  if (body.subarray(257, 262).toString() === "ustar") return spokenNames(tarNames(body));
  const isFramed = body.length >= 8 && body[0] !== undefined && body[0] < 3 && canBeginFrame(body.subarray(0, 8));
  const text = isFramed
    ? new FrameDecoder()
        .push(body)
        .map(({ stream, payload }) => `[${stream}]${payload}`)
        .join("")
    : body.toString("latin1");
  return normal(text);
}

function normal(text: string): string {
  return text
    .replace(AGE, "<age>")
    .replace(/\b[0-9a-f]{64}\b/g, "<id>")
    .replace(/\b[0-9a-f]{12}\b/g, "<short>")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
}

/** In their order, save where what is made up decides about it. */
function spokenNames(names: readonly string[]): string {
  const plain = names.map(normal);
  return (plain.some((name) => name.includes("<id>")) ? plain.sort() : plain).join(" ");
}

function tarNames(tar: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + 512 <= tar.length; ) {
    const name = tar.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    if (name === "") break;
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8) || 0;
    names.push(name);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return names;
}

function shapeDifferences(real: unknown, mock: unknown): string[] {
  const [paths, others] = [listPaths(real), listPaths(mock)];
  return [
    ...[...paths].filter((path) => !others.has(path)).map((path) => `missing ${path}`),
    ...[...others].filter((path) => !paths.has(path)).map((path) => `extra ${path}`),
  ];
}

/** `.State.Running:boolean`. The messages of errors are compared as they are. */
function listPaths(value: unknown, path = "", found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) {
    found.add(`${path}[]`);
    for (const item of value) listPaths(item, `${path}[]`, found);
  } else if (typeof value === "object" && value !== null) {
    if (Object.keys(value).length === 0) found.add(`${path}{}`);
    for (const [name, member] of Object.entries(value)) listPaths(member, `${path}.${normal(name)}`, found);
  } else if (/\.(message|Message|error)$/.test(path)) found.add(`${path}=${normal(String(value))}`);
  else found.add(`${path}:${value === null ? "null" : typeof value}`);
  return found;
}

function compareMembers(
  { values = [], sorted = [] }: Probe,
  real: readonly unknown[],
  mock: readonly unknown[],
): string[] {
  return [
    ...values.flatMap((path) =>
      compareValues(`value of ${path}`, formatValues(at(real, path)), formatValues(at(mock, path))),
    ),
    ...sorted.flatMap((path) =>
      compareValues(`value of ${path}`, formatSorted(at(real, path)), formatSorted(at(mock, path))),
    ),
  ];
}

/** What stands at `.State.Status` in all of them; `*` goes through a list. */
function at(roots: readonly unknown[], path: string): unknown[] {
  return path
    .split(".")
    .slice(1)
    .reduce<unknown[]>((found, name) => found.flatMap((value) => step(value, name)), [...roots]);
}

function formatValues(values: readonly unknown[]): string {
  return normal(JSON.stringify(values));
}

/** Sorted by their text, because objects have no order of their own. */
function formatSorted(values: readonly unknown[]): string {
  return values
    .map((value) => formatValues([value]))
    .sort()
    .join(" ");
}

function step(value: unknown, name: string): unknown[] {
  if (name === "*") return Array.isArray(value) ? value : [];
  return [(value as Record<string, unknown> | null | undefined)?.[name]];
}
