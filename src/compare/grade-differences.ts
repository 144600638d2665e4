/**
 * How much a difference between a recorded answer and one of today matters to those that replay the recording
 * (docs/cli.md, "verify").
 */
import { type ComparedContext, type ContentDifference, compareContents } from "./compare-content.ts";

export type DriftGrade = "info" | "warn" | "error";

export interface GradedDifference extends ContentDifference {
  readonly grade: DriftGrade;
  readonly what: DriftKind;
}

export type DriftKind =
  | "value changed"
  | "field came"
  | "item came"
  | "item went"
  | "enumeration changed"
  | "type changed"
  | "output changed"
  | "field gone"
  | "status changed"
  | "no answer";

export const GRADES: Readonly<Record<DriftKind, DriftGrade>> = {
  "value changed": "info",
  "field came": "info",
  "item came": "info",
  "item went": "info",
  "enumeration changed": "warn",
  "type changed": "warn",
  "output changed": "warn",
  "field gone": "error",
  "status changed": "error",
  "no answer": "error",
};

/** A word out of a list that the API documents, such as `running`. */
const ENUMERATED = /^[a-z][a-z-]{1,24}$/;
const OUTPUTS = /^(?:stdout|stderr|systemerr|tty|bytes|ws of daemon)(?:\[|$)/;
/** What the client sent is no answer. */
const INPUTS = /^(?:stdin|ws of client)(?:\[|$)/;
/** A message more or less of a stream, an item of a list. */
const IN_LIST = /\]$/;
/** Lists of messages and parts, whose number is one of chance. */
const FOLDED = /^(?:progress|jsonl|json-seq|ends)\b/;

/** The differences of two answers that are not the daemon's values of one run, graded. */
export function gradeAnswers(recorded: unknown, got: unknown, context: ComparedContext): readonly GradedDifference[] {
  return compareContents(recorded, got, context)
    .filter(({ field, isMade }) => !isMade && !INPUTS.test(field))
    .map((difference) => {
      const what = classifyDrift(difference);
      return { ...difference, what, grade: GRADES[what] };
    });
}

function classifyDrift({ field, recorded, got }: ContentDifference): DriftKind {
  if (field === "status") return "status changed";
  if (recorded === undefined) return IN_LIST.test(field) || FOLDED.test(field) ? "item came" : "field came";
  if (got === undefined) return IN_LIST.test(field) || FOLDED.test(field) ? "item went" : "field gone";
  if (OUTPUTS.test(field)) return "output changed";
  if (typeOf(recorded) !== typeOf(got)) return "type changed";
  const isEnumerated = [recorded, got].every((value) => typeof value === "string" && ENUMERATED.test(value));
  return isEnumerated || typeof recorded === "boolean" ? "enumeration changed" : "value changed";
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

const ORDER: readonly DriftGrade[] = ["info", "warn", "error"];

/** The worst of some grades; undefined for none. */
export function findWorstGrade(grades: readonly DriftGrade[]): DriftGrade | undefined {
  return ORDER.findLast((grade) => grades.includes(grade));
}

/** Whether a grade is at least as bad as another one. */
export function isAtLeast(grade: DriftGrade, least: DriftGrade): boolean {
  return ORDER.indexOf(grade) >= ORDER.indexOf(least);
}
