import stringify from "fast-json-stable-stringify";
import { parseBoundedJson } from "../../base/parse-json.ts";
import type { Allowance } from "../../cassette/rule-names.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import type { ResolvedRules } from "../rules/resolve-rules.ts";
import { dropDefaultParameters } from "./client-defaults.ts";

/** Parameters that a client generates for every call, and the allowance by which they are not compared. */
const VOLATILE: Readonly<Record<string, readonly [Allowance, ...parameters: readonly string[]]>> = {
  ImageBuild: ["build-sessions", "buildid", "session"],
  // The CLI turns "5m ago" into a timestamp of today.
  SystemEvents: ["moments", "since", "until"],
  ContainerLogs: ["moments", "since", "until"],
  ServiceLogs: ["moments", "since"],
  TaskLogs: ["moments", "since"],
  ContainerResize: ["window-sizes", "h", "w"],
  ExecResize: ["window-sizes", "h", "w"],
};
/** Of these, moments: a client may have chosen them. */
const MOMENTS: ReadonlySet<string> = new Set(["since", "until"]);
/**
 * `docker build -f -` generates a name for the file, of 20 digits (docker/cli cli/command/image/build/context.go); docker-py
 * does for a Dockerfile outside of its context: a number of 160 bits without leading zeros (docker/api/build.py).
 */
export const RANDOM_DOCKERFILE: RegExp = /^\.dockerfile\.(?:[0-9a-f]{20}|[0-9a-f]{36,40})$/;

/** The parameters that are compared, each in one spelling, sorted. Equivalent queries give equal lists. */
export function normalizeQuery(operation: Operation, rules: ResolvedRules): readonly (readonly [string, string])[] {
  if (operation.query.length === 0) return [];
  const [allowance, ...parameters] = VOLATILE[operation.name] ?? [];
  const skipped = allowance !== undefined && rules.allows(allowance) ? parameters : [];
  const isEmpty = (value: string): boolean => value === "" && rules.allows("empty-parameters");
  const query = rules.allows("client-releases") ? dropDefaultParameters(operation) : operation.query;
  return query
    .filter(([name, value]) => !isEmpty(value) && !skipped.includes(name) && !rules.ignore.has(`query.${name}`))
    .map(([name, value]) => [name, normalizeValue(value, rules)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
}

/**
 * Whether a recorded request names the same moments as this one, spelled alike. `docker logs --since 5m` names another
 * one in each run, and one answer is as good as another; a client that names a fixed one means that.
 * @returns undefined for a request that names none
 */
export function createMomentFilter(
  operation: Operation,
): ((recorded: Pick<Operation, "query">) => boolean) | undefined {
  const [allowance] = VOLATILE[operation.name] ?? [];
  if (allowance !== "moments") return undefined;
  const moments = formatMoments(operation);
  return moments === "" ? undefined : (recorded) => formatMoments(recorded) === moments;
}

function formatMoments({ query }: Pick<Operation, "query">): string {
  return query
    .flatMap(([name, value]) => (MOMENTS.has(name) ? [`${name}=${value}`] : []))
    .sort()
    .join();
}

function normalizeValue(value: string, { allows }: ResolvedRules): string {
  if (/^(true|false)$/i.test(value) && allows("booleans")) return /^t/i.test(value) ? "1" : "0";
  if (RANDOM_DOCKERFILE.test(value) && allows("dockerfile-names")) return ".dockerfile.*";
  return (value.startsWith("{") || value.startsWith("[")) && allows("filters") ? normalizeJson(value) : value;
}

function normalizeJson(value: string): string {
  try {
    return stringify(normalizeFilters(parseBoundedJson(value)));
  } catch {
    return value;
  }
}

/** Some clients write filters as lists, others as maps of true. Both mean a set. */
function normalizeFilters(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, members]) => [name, toSortedMembers(members)]));
}

function toSortedMembers(members: unknown): unknown {
  if (Array.isArray(members)) return members.map(String).sort();
  if (typeof members !== "object" || members === null) return members;
  const values = Object.entries(members);
  return values.every(([, isMember]) => isMember === true) ? values.map(([name]) => name).sort() : members;
}
