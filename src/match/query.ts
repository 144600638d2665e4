import stringify from "fast-json-stable-stringify";
import type { Meaning } from "../cassette/rule-names.ts";
import type { Operation } from "../wire/operation.ts";
import type { Ruling } from "./rules/ruling.ts";

/** Parameters that are made anew for every call: nothing could ever be compared by them. */
const VOLATILE: Readonly<Record<string, readonly [Meaning, ...parameters: readonly string[]]>> = {
  ImageBuild: ["build-sessions", "buildid", "session"],
  // The CLI turns "5m ago" into a moment of today.
  SystemEvents: ["moments", "since", "until"],
  ContainerLogs: ["moments", "since", "until"],
  ServiceLogs: ["moments", "since"],
  TaskLogs: ["moments", "since"],
  ContainerResize: ["window-sizes", "h", "w"],
  ExecResize: ["window-sizes", "h", "w"],
};
/** `docker build -f -` gives the file a name of its own each time. */
export const RANDOM_DOCKERFILE: RegExp = /^\.dockerfile\.[0-9a-f]{20}$/;

/** The parameters that mean something, each in one spelling, sorted: equal for queries that mean the same. */
export function canonicalQuery(operation: Operation, ruling: Ruling): readonly (readonly [string, string])[] {
  if (operation.query.length === 0) return [];
  const [meaning, ...parameters] = VOLATILE[operation.name] ?? [];
  const skipped = meaning !== undefined && ruling.means(meaning) ? parameters : [];
  const isNothing = (value: string): boolean => value === "" && ruling.means("empty-parameters");
  return operation.query
    .filter(([name, value]) => !isNothing(value) && !skipped.includes(name) && !ruling.ignore.has(`query.${name}`))
    .map(([name, value]) => [name, canonicalValue(value, ruling)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
}

function canonicalValue(value: string, { means }: Ruling): string {
  if (/^(true|false)$/i.test(value) && means("booleans")) return /^t/i.test(value) ? "1" : "0";
  if (RANDOM_DOCKERFILE.test(value) && means("dockerfile-names")) return ".dockerfile.*";
  return (value.startsWith("{") || value.startsWith("[")) && means("filters") ? canonicalJson(value) : value;
}

function canonicalJson(value: string): string {
  try {
    return stringify(listed(JSON.parse(value)));
  } catch {
    return value;
  }
}

/** Filters are written as lists by some clients and as maps of true by others; both mean a set. */
function listed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, members]) => [name, asSet(members)]));
}

function asSet(members: unknown): unknown {
  if (Array.isArray(members)) return members.map(String).sort();
  if (typeof members !== "object" || members === null) return members;
  const values = Object.entries(members);
  return values.every(([, isIn]) => isIn === true) ? values.map(([name]) => name).sort() : members;
}
