/** Reads faults from YAML or JSON; every error names its place. */
import { UsageError, WhalesongError } from "../base/errors.ts";
import { compileGlob, describeUnknownCall, parseCallPattern } from "../match/rules/call-pattern.ts";
import { findLine, type SourceText } from "../yaml/error-at.ts";
import { toPlainValue } from "../yaml/node.ts";
import {
  createShapeError,
  createValueError,
  isEmpty,
  parseYamlDocument,
  readFields,
  readItems,
  type YamlFields,
  type YamlPlace,
} from "../yaml/place.ts";
import { readText } from "../yaml/values.ts";
import type { Fault, FaultLiteral } from "./fault.ts";
import type { FaultEffect } from "./fault-effect.ts";
import type { FaultSelector } from "./fault-selector.ts";
import { FAULT_KINDS } from "./kinds/fault-kinds.ts";

const SELECTORS = ["on", "name", "nth", "probability"];
const WORDS = [...SELECTORS, ...FAULT_KINDS.keys()];

/**
 * A list of faults, as YAML or JSON.
 * @throws UsageError `WHALESONG_BAD_FAULTS`, with file, line and column
 * @example
 * const faults = readFaults(readFileSync("faults.yaml", "utf8"), "faults.yaml");
 */
export function readFaults(text: string, file: string): Fault[] {
  const source: SourceText = { file, text, firstLine: 1 };
  try {
    const place = parseYamlDocument(source, "faults");
    return isEmpty(place) ? [] : readFaultList(place);
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    throw new UsageError("WHALESONG_BAD_FAULTS", error.message, { cause: error, fields: error.fields });
  }
}

/** Reads faults that stand in code as if they stood in a file: one spelling, and the same errors. */
export function parseFaultLiterals(literals: readonly FaultLiteral[]): Fault[] {
  if (literals.length === 0) return [];
  // No file has the lines of this JSON.
  return readFaults(JSON.stringify(literals, undefined, 1), "faults").map((fault, index) => ({
    ...fault,
    origin: `faults[${index}]`,
  }));
}

/** @throws CassetteError, at the place of what is wrong */
export function readFaultList(place: YamlPlace): Fault[] {
  return readItems(place, "a list of faults").map(readFault);
}

function readFault(place: YamlPlace): Fault {
  const fields = readFields(place, WORDS, "a fault");
  const effects = [...fields].flatMap(([word, value]): FaultEffect[] => {
    const read = FAULT_KINDS.get(word);
    return read === undefined ? [] : [read(value)];
  });
  if (effects.length === 0) {
    throw createShapeError(
      place,
      `a fault must say what happens: ${[...FAULT_KINDS.keys()].map((word) => `\`${word}\``).join(", ")}`,
    );
  }
  return { selector: readSelector(fields), effects, literal: toLiteral(place), origin: formatOrigin(place) };
}

function formatOrigin({ source, offset }: YamlPlace): string {
  return `${source.file}:${findLine(source, offset)}`;
}

function readSelector(fields: YamlFields): FaultSelector {
  const readField = <T>(key: string, reading: (place: YamlPlace) => T): T | undefined => {
    const place = fields.get(key);
    return place === undefined ? undefined : reading(place);
  };
  return {
    on: readField("on", readCallPattern),
    name: readField("name", (place) => compileGlob(readText(place))),
    nth: readField("nth", readRange),
    probability: readField("probability", readProbability) ?? 1,
  };
}

function readCallPattern(place: YamlPlace): FaultSelector["on"] {
  const pattern = parseCallPattern(readText(place));
  if (pattern === undefined) throw createShapeError(place, describeUnknownCall(readText(place)));
  return pattern;
}

function readRange(place: YamlPlace): FaultSelector["nth"] {
  const expected = "a number, or numbers like `2-4` or `3-`, counted from 1";
  const [, from, dash, to] = /^([1-9]\d*)(-?)(\d*)$/.exec(readText(place, expected)) ?? [];
  if (from === undefined || (dash === "" && to !== "")) throw createValueError(place, expected);
  const end = dash === "" ? Number(from) : to === "" ? Number.POSITIVE_INFINITY : Number(to);
  if (end < Number(from)) throw createValueError(place, expected);
  return { from: Number(from), to: end };
}

function readProbability(place: YamlPlace): number {
  const expected = "a number from 0 to 1";
  const text = readText(place, expected);
  if (!/^(0|1|0?\.\d+|1\.0+|0\.\d+)$/.test(text)) throw createValueError(place, expected);
  return Number(text);
}

/** The fault as it was written, for listing. Scalars are text in the YAML; in the listing numbers are numbers. */
function toLiteral({ node }: YamlPlace): FaultLiteral {
  const text = JSON.stringify(toPlainValue(node));
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
