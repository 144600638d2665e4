/** Compares two normalized requests. The result is the list of their differences, never a bare boolean. */
import stringify from "fast-json-stable-stringify";
import type { TarEntry } from "../wire/archive/tar.ts";
import type { HeaderField } from "../wire/http/head.ts";
import { maskLikeRecorded } from "./normalize/masked-files.ts";
import { isSameBody, type NormalizedBody } from "./normalize/normalize-body.ts";
import type { NormalizedRequest } from "./normalize/normalize-request.ts";
import { matchesRedacted } from "./normalize/redacted-values.ts";

/** One field that differs; `undefined` where one side does not have it. */
export interface FieldDifference {
  /** `method`, `version`, `path`, `query.name`, `json.HostConfig.Memory`, `tar.f.txt`, `body`, `header.X`. */
  readonly field: string;
  readonly recorded: string | undefined;
  readonly got: string | undefined;
}

/** A request as far as it is compared. */
export interface ComparableRequest {
  readonly method: string;
  readonly apiVersion: string | undefined;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  /** The headers that a rule names. */
  readonly headers: readonly HeaderField[];
  readonly body: NormalizedBody;
}

export function toComparable(
  { method, operation, query, headers }: NormalizedRequest,
  body: NormalizedBody,
): ComparableRequest {
  return { method, apiVersion: operation.apiVersion, path: operation.path, query, headers, body };
}

/** All differences, the most telling first: method, version, path, query, headers, body. */
export function compareRequests(recorded: ComparableRequest, got: ComparableRequest): FieldDifference[] {
  const differences = compareHeads(recorded, got);
  for (const difference of compareBodies(recorded.body, got.body)) differences.push(difference);
  return differences;
}

/** The same without the bodies. One miss compares hundreds of heads, most of which differ in one field. */
export function compareHeads(recorded: ComparableRequest, got: ComparableRequest): FieldDifference[] {
  const differences: FieldDifference[] = [];
  addField(differences, "method", recorded.method, got.method);
  addField(differences, "version", recorded.apiVersion, got.apiVersion);
  addField(differences, "path", recorded.path, got.path);
  addFields(differences, "query", recorded.query, got.query);
  addFields(differences, "header", recorded.headers, got.headers);
  return differences;
}

function addField(
  differences: FieldDifference[],
  field: string,
  recorded: string | undefined,
  got: string | undefined,
): void {
  if (recorded === got || matchesRedacted(recorded ?? "", got ?? "")) return;
  differences.push({ field, recorded, got });
}

function addFields(differences: FieldDifference[], part: string, recorded: Fields, got: Fields): void {
  if (recorded.length === 0 && got.length === 0) return;
  for (const name of new Set([...recorded, ...got].map(([each]) => each))) {
    addField(differences, `${part}.${name}`, joinValues(recorded, name), joinValues(got, name));
  }
}

/** Whether two heads differ in their paths at most. */
export function hasSameFields(recorded: ComparableRequest, got: ComparableRequest): boolean {
  return (
    recorded.method === got.method &&
    recorded.apiVersion === got.apiVersion &&
    areSameFields(recorded.query, got.query) &&
    areSameFields(recorded.headers, got.headers)
  );
}

function areSameFields(recorded: Fields, got: Fields): boolean {
  if (recorded.length !== got.length) return false;
  for (let at = 0; at < recorded.length; at += 1) {
    const [field, other] = [recorded[at], got[at]];
    if (field?.[0] !== other?.[0] || field?.[1] !== other?.[1]) return false;
  }
  return true;
}

function compareField(field: string, recorded: string | undefined, got: string | undefined): FieldDifference[] {
  const differences: FieldDifference[] = [];
  addField(differences, field, recorded, got);
  return differences;
}

type Fields = readonly (readonly [name: string, value: string])[];

function joinValues(fields: Fields, name: string): string | undefined {
  const values = fields.filter(([each]) => each === name).map(([, value]) => value);
  return values.join(", ") || undefined;
}

function compareBodies(recorded: NormalizedBody, got: NormalizedBody): FieldDifference[] {
  if (isSameBody(recorded, got)) return [];
  if (recorded.json !== undefined && got.json !== undefined) return compareJson(recorded.json, got.json, "json");
  if (recorded.tar !== undefined && got.tar !== undefined)
    return compareTars(recorded.tar, maskLikeRecorded(recorded.tar, got.tar));
  return [{ field: "body", recorded: describeBody(recorded), got: describeBody(got) }];
}

function describeBody({ key, size }: NormalizedBody): string | undefined {
  if (key === "") return undefined;
  const [form = "", digest = ""] = key.split(":");
  return form === "json" ? "JSON" : `${size} ${form === "tar" ? "bytes of tar" : "bytes"} (${digest.slice(0, 8)})`;
}

function compareJson(recorded: unknown, got: unknown, field: string): FieldDifference[] {
  if (isRecord(recorded) && isRecord(got)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(got)])];
    return names.flatMap((name) => compareJson(recorded[name], got[name], `${field}.${name}`));
  }
  const [was, is] = [formatValue(recorded), formatValue(got)];
  // The text `1` and the number 1 differ, though they are printed alike.
  return was === is && typeof recorded !== typeof got
    ? compareField(field, toJson(recorded), toJson(got))
    : compareField(field, was, is);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function formatValue(value: unknown): string | undefined {
  return typeof value === "string" ? value : toJson(value);
}

/** Members are sorted, also those of objects in lists. */
function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : stringify(value);
}

function compareTars(recorded: readonly TarEntry[], got: readonly TarEntry[]): FieldDifference[] {
  const [before, now] = [indexByName(recorded), indexByName(got)];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((name) =>
    compareField(`tar.${name}`, formatEntry(before.get(name)), formatEntry(now.get(name))),
  );
}

function indexByName(entries: readonly TarEntry[]): ReadonlyMap<string, TarEntry> {
  return new Map(entries.map((entry) => [entry.name, entry]));
}

function formatEntry(entry: TarEntry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  return `${entry.type} ${(entry.mode & 0o7777).toString(8)} ${entry.linkname ?? entry.sha256.slice(0, 8)}`;
}
