/** What `awk` can do by itself. */
import { compileLinear } from "../../linear-patterns.ts";
import { type AwkMemory, splitFields } from "./memory.ts";
import type { AssignmentTarget, AwkExpression } from "./syntax.ts";
import { type AwkValue, formatText, numberOf, read, toText } from "./values.ts";

/** Evaluates the arguments of a function. */
export interface ExpressionEvaluator {
  evaluate(expression: AwkExpression): AwkValue;
  assign(target: AssignmentTarget, value: AwkValue): void;
  readonly memory: AwkMemory;
  /** A regular expression, or a text that is one. */
  evaluateExpression(from: AwkExpression | undefined): RegExp;
  readonly random: () => number;
  readonly seconds: () => number;
}

type Builtin = (awk: ExpressionEvaluator, values: readonly AwkExpression[]) => AwkValue;

const toNumericFunction =
  (of: (number: number) => number): Builtin =>
  (awk, [value]) =>
    of(numberOf(awk.evaluate(value ?? LINE)));
const toTextFunction =
  (of: (text: string) => string): Builtin =>
  (awk, [value]) =>
    of(toText(awk.evaluate(value ?? LINE)));

const LINE: AssignmentTarget = { kind: "field", number: { kind: "number", value: 0 } };

export const FUNCTIONS: Readonly<Record<string, Builtin>> = {
  int: toNumericFunction(Math.trunc),
  sqrt: toNumericFunction(Math.sqrt),
  exp: toNumericFunction(Math.exp),
  log: toNumericFunction(Math.log),
  sin: toNumericFunction(Math.sin),
  cos: toNumericFunction(Math.cos),
  rand: (awk) => awk.random(),
  srand: () => 0,
  systime: (awk) => awk.seconds(),
  tolower: toTextFunction((text) => text.toLowerCase()),
  toupper: toTextFunction((text) => text.toUpperCase()),
  close: () => 0,
  fflush: () => 0,
  length: measureLength,
  substr: cutText,
  index: (awk, [text, part]) => toText(awk.evaluate(text ?? LINE)).indexOf(toText(awk.evaluate(part ?? LINE))) + 1,
  split,
  sub: (awk, values) => replace(awk, values, false),
  gsub: (awk, values) => replace(awk, values, true),
  match,
  sprintf: (awk, [format, ...values]) =>
    formatText(
      toText(awk.evaluate(format ?? LINE)),
      values.map((value) => awk.evaluate(value)),
    ),
};

/** Of a text, or of an array. */
function measureLength(awk: ExpressionEvaluator, [value]: readonly AwkExpression[]): AwkValue {
  if (value?.kind === "variable" && awk.memory.getArray(value.name).size > 0)
    return awk.memory.getArray(value.name).size;
  return toText(awk.evaluate(value ?? LINE)).length;
}

function cutText(awk: ExpressionEvaluator, [text, from, count]: readonly AwkExpression[]): AwkValue {
  const start = Math.max(0, Math.round(numberOf(awk.evaluate(from ?? LINE))) - 1);
  const end = count === undefined ? undefined : Math.max(0, start + Math.round(numberOf(awk.evaluate(count))));
  return toText(awk.evaluate(text ?? LINE)).slice(start, end);
}

function split(awk: ExpressionEvaluator, [text, array, separator]: readonly AwkExpression[]): AwkValue {
  const elements = awk.memory.getArray(array?.kind === "variable" ? array.name : "");
  const between =
    separator === undefined
      ? toText(awk.evaluate({ kind: "variable", name: "FS" }))
      : separator.kind === "match"
        ? separator.expression.source
        : toText(awk.evaluate(separator));
  const parts = splitFields(toText(awk.evaluate(text ?? LINE)), between);
  elements.clear();
  for (const [at, part] of parts.entries()) elements.set(String(at + 1), read(part));
  return parts.length;
}

function replace(awk: ExpressionEvaluator, [found, by, where]: readonly AwkExpression[], isGlobal: boolean): AwkValue {
  const target = (where ?? LINE) as AssignmentTarget;
  const expression = compileLinear(awk.evaluateExpression(found).source, isGlobal ? "g" : "");
  const replacement = toText(awk.evaluate(by ?? LINE));
  let count = 0;
  const text = toText(awk.evaluate(target)).replace(expression, (match) => {
    count += 1;
    return replacement.replace(/\\\\|\\&|&/g, (sign) => (sign === "&" ? match : sign.slice(1)));
  });
  if (count > 0) awk.assign(target, text);
  return count;
}

function match(awk: ExpressionEvaluator, [text, found]: readonly AwkExpression[]): AwkValue {
  const result = awk.evaluateExpression(found).exec(toText(awk.evaluate(text ?? LINE)));
  const start = result === null ? 0 : result.index + 1;
  awk.assign({ kind: "variable", name: "RSTART" }, start);
  awk.assign({ kind: "variable", name: "RLENGTH" }, result === null ? -1 : result[0].length);
  return start;
}
