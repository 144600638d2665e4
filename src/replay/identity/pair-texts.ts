/**
 * Pairs what a daemon says of two things that look alike: their ids, names and addresses. If anything else differs, they
 * can be told from each other.
 */
import { parseBoundedJson } from "../../base/parse-json.ts";
import { isPetName } from "../../match/generated/pet-names.ts";
import { pairGeneratedValues, type ValuePair } from "../../match/generated/value-pairs.ts";

/** Dates, times of day, seconds since 1970, durations: no two things are made at the same moment. */
const TIMES = [
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?/g,
  // Not the middle of a hardware address, whose bytes may all be decimal.
  /\b(?<!\b[\da-f]{2}:)\d\d:\d\d:\d\d(?:[.,]\d+)?\b(?!:[\da-f]{2}\b)/g,
  /\b1[4-9]\d{8}(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?\b/g,
  /\b\d+(?:\.\d+)?(?:ns|us|µs|ms)\b/g,
];
const MOMENT = "\u0001";
const ADDRESS = /^(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){2,7})$/;
const ID = /^[0-9a-f]{12,64}$/;
const PIECE =
  /[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){2,7}|\d{1,3}(?:\.\d{1,3}){3}|[a-z]+_[a-z]+\d?(?![A-Za-z0-9])|[A-Za-z0-9]+|[^A-Za-z0-9]+/g;
/** Members of JSON whose numbers differ between any two things. */
const MEASURED = /^(?:Pid|Created|[tT]ime|timeNano|SizeRw)$/;
/** Members that hold a port of the host, which the daemon has chosen. */
const PORT = /^(?:HostPort|PublicPort)$/;

/** @returns undefined if something differs that tells them from each other */
export function pairTexts(one: string, other: string): readonly ValuePair[] | undefined {
  if (one === other) return [];
  const [pieces, others] = [cutText(one), cutText(other)];
  if (pieces.length !== others.length) return undefined;
  return joinPairs(pieces.map((piece, at) => pairPieces(piece, others[at] as string)));
}

/** The same for two bodies. Members of JSON are compared by their names. */
export function pairBodies(one: Buffer, other: Buffer): readonly ValuePair[] | undefined {
  const [text, otherText] = [one.toString("latin1"), other.toString("latin1")];
  const [json, otherJson] = [parseJson(text), parseJson(otherText)];
  return json === undefined || otherJson === undefined ? pairTexts(text, otherText) : pairJson(json, otherJson, "");
}

/** @returns undefined if any of them is */
export function joinPairs(pairs: Iterable<readonly ValuePair[] | undefined>): readonly ValuePair[] | undefined {
  const joined: ValuePair[] = [];
  for (const each of pairs) {
    if (each === undefined) return undefined;
    joined.push(...each);
  }
  return joined;
}

function cutText(text: string): readonly string[] {
  return TIMES.reduce((rest, time) => rest.replace(time, MOMENT), text).match(PIECE) ?? [];
}

function pairPieces(one: string, other: string): readonly ValuePair[] | undefined {
  if (one === other) return [];
  const isNamed = isPetName(one) && isPetName(other);
  const isAlike = [ID, ADDRESS].some((grammar) => grammar.test(one) && grammar.test(other));
  return isNamed || isAlike ? [[one, other]] : pairGeneratedValues(one, other);
}

function pairJson(one: unknown, other: unknown, member: string): readonly ValuePair[] | undefined {
  if (typeof one === "string" && typeof other === "string") return pairStrings(one, other, member);
  if (Array.isArray(one) && Array.isArray(other)) return pairLists(one, other, member);
  if (isObject(one) && isObject(other)) return pairObjects(one, other);
  if (one === other || (typeof one === typeof other && MEASURED.test(member))) return [];
  return PORT.test(member) ? [[String(one), String(other)]] : undefined;
}

function pairStrings(one: string, other: string, member: string): readonly ValuePair[] | undefined {
  return one !== other && PORT.test(member) ? [[one, other]] : pairTexts(one, other);
}

function pairLists(
  one: readonly unknown[],
  other: readonly unknown[],
  member: string,
): readonly ValuePair[] | undefined {
  if (one.length !== other.length) return undefined;
  return joinPairs(one.map((each, at) => pairJson(each, other[at], member)));
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Names of members may be ids. */
function pairObjects(one: JsonObject, other: JsonObject): readonly ValuePair[] | undefined {
  const [names, others] = [Object.keys(one), Object.keys(other)];
  if (names.length !== others.length) return undefined;
  const pairMember = (name: string, at: number): readonly ValuePair[] | undefined => {
    const counterpart = name in other ? name : (others[at] as string);
    return joinPairs([pairTexts(name, counterpart), pairJson(one[name], other[counterpart], name)]);
  };
  return joinPairs(names.map(pairMember));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch {
    return undefined;
  }
}
