/** Why a recorded request does not answer one that came in: never a bare boolean. */
import stringify from "fast-json-stable-stringify";
import type { HeaderField } from "../wire/head.ts";
import type { TarEntry } from "../wire/tar.ts";
import type { Asked } from "./asked.ts";
import type { BodyMeaning } from "./body.ts";

/** One thing that is not the same; `undefined` where one side has nothing there. */
export interface Difference {
  /** Where: `method`, `version`, `path`, `query.name`, `json.HostConfig.Memory`, `tar.f.txt`, `body`, `header.X`. */
  readonly field: string;
  readonly recorded: string | undefined;
  readonly got: string | undefined;
}

/** A request as far as it is compared. */
export interface Comparable {
  readonly method: string;
  readonly apiVersion: string | undefined;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  /** Those that a rule names. */
  readonly headers: readonly HeaderField[];
  readonly body: BodyMeaning;
}

export function comparable({ method, operation, query, headers }: Asked, body: BodyMeaning): Comparable {
  return { method, apiVersion: operation.apiVersion, path: operation.path, query, headers, body };
}

/** Everything that differs, what tells most first: method, version, path, query, headers, body. */
export function differences(recorded: Comparable, got: Comparable): Difference[] {
  return [
    ...differ("method", recorded.method, got.method),
    ...differ("version", recorded.apiVersion, got.apiVersion),
    ...differ("path", recorded.path, got.path),
    ...fieldDifferences("query", recorded.query, got.query),
    ...fieldDifferences("header", recorded.headers, got.headers),
    ...bodyDifferences(recorded.body, got.body),
  ];
}

function differ(field: string, recorded: string | undefined, got: string | undefined): Difference[] {
  return recorded === got ? [] : [{ field, recorded, got }];
}

type Fields = readonly (readonly [name: string, value: string])[];

function fieldDifferences(part: string, recorded: Fields, got: Fields): Difference[] {
  const names = [...new Set([...recorded, ...got].map(([name]) => name))];
  const valuesOf = (fields: Fields, wanted: string): string | undefined =>
    fields.flatMap(([name, value]) => (name === wanted ? [value] : [])).join(", ") || undefined;
  return names.flatMap((name) => differ(`${part}.${name}`, valuesOf(recorded, name), valuesOf(got, name)));
}

function bodyDifferences(recorded: BodyMeaning, got: BodyMeaning): Difference[] {
  if (recorded.key === got.key) return [];
  if (recorded.json !== undefined && got.json !== undefined) return jsonDifferences(recorded.json, got.json, "json");
  if (recorded.tar !== undefined && got.tar !== undefined) return tarDifferences(recorded.tar, got.tar);
  return [{ field: "body", recorded: described(recorded), got: described(got) }];
}

function described({ key, size }: BodyMeaning): string | undefined {
  if (key === "") return undefined;
  const [form = "", digest = ""] = key.split(":");
  return form === "json" ? "JSON" : `${size} ${form === "tar" ? "bytes of tar" : "bytes"} (${digest.slice(0, 8)})`;
}

function jsonDifferences(recorded: unknown, got: unknown, field: string): Difference[] {
  if (isRecord(recorded) && isRecord(got)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(got)])];
    return names.flatMap((name) => jsonDifferences(recorded[name], got[name], `${field}.${name}`));
  }
  const [was, is] = [spelled(recorded), spelled(got)];
  // The text `1` and the number 1 are not the same.
  return was === is && typeof recorded !== typeof got
    ? differ(field, json(recorded), json(got))
    : differ(field, was, is);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function spelled(value: unknown): string | undefined {
  return typeof value === "string" ? value : json(value);
}

/** The order of an object's members means nothing, in a list of objects either. */
function json(value: unknown): string | undefined {
  return value === undefined ? undefined : stringify(value);
}

function tarDifferences(recorded: readonly TarEntry[], got: readonly TarEntry[]): Difference[] {
  const spell = (entry: TarEntry | undefined): string | undefined =>
    entry && `${entry.type} ${(entry.mode & 0o7777).toString(8)} ${entry.linkname ?? entry.sha256.slice(0, 8)}`;
  const byName = (entries: readonly TarEntry[]): Map<string, TarEntry> =>
    new Map(entries.map((entry) => [entry.name, entry]));
  const [before, now] = [byName(recorded), byName(got)];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((name) =>
    differ(`tar.${name}`, spell(before.get(name)), spell(now.get(name))),
  );
}
