/** Reads faults from YAML or JSON; every error names its place. */
import { UsageError, WhalesongError } from "../base/errors.ts";
import { callPattern, globPattern, noSuchCall } from "../match/call-pattern.ts";
import type { Source } from "../yaml/error-at.ts";
import { documentOf, type Fields, fieldsOf, isEmpty, itemsOf, type Place, shapeError, wrong } from "../yaml/place.ts";
import { textOf } from "../yaml/values.ts";
import type { Fault, FaultLiteral } from "./fault.ts";
import type { FaultEffect } from "./fault-effect.ts";
import type { FaultSelector } from "./fault-selector.ts";
import { FAULT_KINDS } from "./kinds/fault-kinds.ts";

const SELECTORS = ["on", "name", "nth", "probability"];
const WORDS = [...SELECTORS, ...FAULT_KINDS.keys()];

/**
 * A list of faults, as YAML or JSON.
 * @throws UsageError `WHALESONG_BAD_FAULTS`, with file, line and column
 */
export function readFaults(text: string, file: string): Fault[] {
  const source: Source = { file, text, firstLine: 1 };
  try {
    const place = documentOf(source, "faults");
    return isEmpty(place) ? [] : readFaultList(place);
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    throw new UsageError("WHALESONG_BAD_FAULTS", error.message, { cause: error, fields: error.fields });
  }
}

/** Reads faults that stand in code as if they stood in a file: one spelling, and the same errors. */
export function parseFaultLiterals(literals: readonly FaultLiteral[]): Fault[] {
  return literals.length === 0 ? [] : readFaults(JSON.stringify(literals, undefined, 1), "faults");
}

/** @throws CassetteError, at the place of what is wrong */
export function readFaultList(place: Place): Fault[] {
  return itemsOf(place, "a list of faults").map(readFault);
}

function readFault(place: Place): Fault {
  const fields = fieldsOf(place, WORDS, "a fault");
  const effects = [...fields].flatMap(([word, value]): FaultEffect[] => {
    const read = FAULT_KINDS.get(word);
    return read === undefined ? [] : [read(value)];
  });
  if (effects.length === 0) {
    throw shapeError(
      place,
      `a fault must say what happens: ${[...FAULT_KINDS.keys()].map((word) => `\`${word}\``).join(", ")}`,
    );
  }
  return { selector: readSelector(fields), effects, literal: toLiteral(place) };
}

function readSelector(fields: Fields): FaultSelector {
  const readField = <T>(key: string, reading: (place: Place) => T): T | undefined => {
    const place = fields.get(key);
    return place === undefined ? undefined : reading(place);
  };
  return {
    on: readField("on", readCallPattern),
    name: readField("name", (place) => globPattern(textOf(place))),
    nth: readField("nth", readRange),
    probability: readField("probability", readProbability) ?? 1,
  };
}

function readCallPattern(place: Place): FaultSelector["on"] {
  const pattern = callPattern(textOf(place));
  if (pattern === undefined) throw shapeError(place, noSuchCall(textOf(place)));
  return pattern;
}

function readRange(place: Place): FaultSelector["nth"] {
  const expected = "a number, or numbers like `2-4` or `3-`, counted from 1";
  const [, from, dash, to] = /^([1-9]\d*)(-?)(\d*)$/.exec(textOf(place, expected)) ?? [];
  if (from === undefined || (dash === "" && to !== "")) throw wrong(place, expected);
  const end = dash === "" ? Number(from) : to === "" ? Number.POSITIVE_INFINITY : Number(to);
  if (end < Number(from)) throw wrong(place, expected);
  return { from: Number(from), to: end };
}

function readProbability(place: Place): number {
  const expected = "a number from 0 to 1";
  const text = textOf(place, expected);
  if (!/^(0|1|0?\.\d+|1\.0+|0\.\d+)$/.test(text)) throw wrong(place, expected);
  return Number(text);
}

/** The fault as it was written, for listing. Scalars are text in the YAML; in the listing numbers are numbers. */
function toLiteral({ node }: Place): FaultLiteral {
  const text = JSON.stringify((node as { toJSON(): unknown }).toJSON());
  return JSON.parse(text, (key, value) => (NUMBERS.has(key) && /^[\d.]+$/.test(value) ? Number(value) : value));
}

const NUMBERS: ReadonlySet<string> = new Set([
  "nth",
  "probability",
  "status",
  "limit_data",
  "bytes",
  "frames",
  "bad_frame",
  "average_size",
  "size_variation",
]);
