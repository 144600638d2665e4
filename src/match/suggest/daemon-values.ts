/**
 * Pairs values that the daemon generated in two recordings: ids above all. They need no rule, for a replay answers with
 * the recorded ones, and the client uses those from then on.
 */
import { parseBoundedJson } from "../../base/parse-json.ts";
import type { RecordedResponse } from "../../cassette/model.ts";
import { pairGeneratedValues, type ValuePair } from "../generated/value-pairs.ts";

/** The name that the daemon gives a container without one: `quirky_noether3` (moby, pkg/namesgenerator). */
const GENERATED_NAME = /^\/?[a-z]+_[a-z]+\d?$/;
/** The id of a container, an exec, a network; of an image, behind `sha256:`. */
const LONG_ID = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
const PLACEHOLDER = "\u0001";
const SHORT_LENGTH = 12;

/** The values that the daemon generated in two responses to one request. */
export function pairDaemonValues(
  recorded: RecordedResponse | undefined,
  got: RecordedResponse | undefined,
): readonly ValuePair[] {
  return pairMembers(parseJsonBody(recorded), parseJsonBody(got));
}

function parseJsonBody(response: RecordedResponse | undefined): unknown {
  if (!Buffer.isBuffer(response?.body)) return undefined;
  try {
    return parseBoundedJson(response.body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function pairMembers(recorded: unknown, got: unknown): readonly ValuePair[] {
  if (typeof recorded === "string" && typeof got === "string") return pairTexts(recorded, got);
  if (!hasMembers(recorded) || !hasMembers(got)) return [];
  return Object.keys(recorded).flatMap((name) => pairMembers(recorded[name], got[name]));
}

function pairTexts(recorded: string, got: string): readonly ValuePair[] {
  if (recorded === got) return [];
  if (GENERATED_NAME.test(recorded) && GENERATED_NAME.test(got)) return [[stripSlash(recorded), stripSlash(got)]];
  const [ids, others] = [recorded.match(LONG_ID) ?? [], got.match(LONG_ID) ?? []];
  if (ids.length !== others.length) return [];
  const rest = pairGeneratedValues(recorded.replace(LONG_ID, PLACEHOLDER), got.replace(LONG_ID, PLACEHOLDER)) ?? [];
  return [...ids.flatMap((id, at) => pairIds(id, others[at] as string)), ...rest];
}

/** Clients also use the beginning of an id. */
function pairIds(recorded: string, got: string): readonly ValuePair[] {
  if (recorded === got) return [];
  return [
    [recorded, got],
    [recorded.slice(0, SHORT_LENGTH), got.slice(0, SHORT_LENGTH)],
  ];
}

function stripSlash(name: string): string {
  return name.replace(/^\//, "");
}

function hasMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
