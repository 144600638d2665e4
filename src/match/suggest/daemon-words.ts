/**
 * Values that the daemon made up: ids above all. They need no rule, for a replay answers with the recorded ones, and
 * the client goes on with them.
 */
import type { RecordedResponse } from "../../cassette/model.ts";
import { type Pair, randomPairs } from "../random.ts";

/** What a container is called that nobody gave a name: `quirky_noether3` (moby, pkg/namesgenerator). */
const GENERATED_NAME = /^\/?[a-z]+_[a-z]+\d?$/;
/** Of a container, an exec, a network; of an image, behind `sha256:`. */
const LONG_ID = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
const SEAT = "\u0001";
const SHORT = 12;

/** What the daemon made up in two answers to one request. */
export function daemonWords(
  recorded: RecordedResponse | undefined,
  got: RecordedResponse | undefined,
): readonly Pair[] {
  return pairsIn(jsonOf(recorded), jsonOf(got));
}

function jsonOf(response: RecordedResponse | undefined): unknown {
  if (!Buffer.isBuffer(response?.body)) return undefined;
  try {
    return JSON.parse(response.body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function pairsIn(recorded: unknown, got: unknown): readonly Pair[] {
  if (typeof recorded === "string" && typeof got === "string") return wordsIn(recorded, got);
  if (!isHolder(recorded) || !isHolder(got)) return [];
  return Object.keys(recorded).flatMap((name) => pairsIn(recorded[name], got[name]));
}

function wordsIn(recorded: string, got: string): readonly Pair[] {
  if (recorded === got) return [];
  if (GENERATED_NAME.test(recorded) && GENERATED_NAME.test(got)) return [[bare(recorded), bare(got)]];
  const [ids, others] = [recorded.match(LONG_ID) ?? [], got.match(LONG_ID) ?? []];
  if (ids.length !== others.length) return [];
  const random = randomPairs(recorded.replace(LONG_ID, SEAT), got.replace(LONG_ID, SEAT)) ?? [];
  return [...ids.flatMap((id, at) => idPairs(id, others[at] as string)), ...random];
}

/** An id is known by its beginning, too. */
function idPairs(recorded: string, got: string): readonly Pair[] {
  if (recorded === got) return [];
  return [
    [recorded, got],
    [recorded.slice(0, SHORT), got.slice(0, SHORT)],
  ];
}

function bare(name: string): string {
  return name.replace(/^\//, "");
}

/** An object or a list. */
function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
