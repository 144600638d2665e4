/** What `awk` can do by itself. */
import { fieldsOf, type Memory } from "./memory.ts";
import type { Expression, Target } from "./syntax.ts";
import { formatted, numberOf, read, textOf, type Value } from "./values.ts";

/** Who evaluates. */
export interface Evaluator {
  value(expression: Expression): Value;
  assign(target: Target, value: Value): void;
  readonly memory: Memory;
  /** A regular expression, or a text that is one. */
  expression(from: Expression | undefined): RegExp;
  readonly random: () => number;
  readonly seconds: () => number;
}

type Builtin = (awk: Evaluator, values: readonly Expression[]) => Value;

const numeric =
  (of: (number: number) => number): Builtin =>
  (awk, [value]) =>
    of(numberOf(awk.value(value ?? LINE)));
const textual =
  (of: (text: string) => string): Builtin =>
  (awk, [value]) =>
    of(textOf(awk.value(value ?? LINE)));

const LINE: Target = { kind: "field", number: { kind: "number", value: 0 } };

export const FUNCTIONS: Readonly<Record<string, Builtin>> = {
  int: numeric(Math.trunc),
  sqrt: numeric(Math.sqrt),
  exp: numeric(Math.exp),
  log: numeric(Math.log),
  sin: numeric(Math.sin),
  cos: numeric(Math.cos),
  rand: (awk) => awk.random(),
  srand: () => 0,
  systime: (awk) => awk.seconds(),
  tolower: textual((text) => text.toLowerCase()),
  toupper: textual((text) => text.toUpperCase()),
  close: () => 0,
  fflush: () => 0,
  length,
  substr,
  index: (awk, [text, part]) => textOf(awk.value(text ?? LINE)).indexOf(textOf(awk.value(part ?? LINE))) + 1,
  split,
  sub: (awk, values) => replace(awk, values, false),
  gsub: (awk, values) => replace(awk, values, true),
  match,
  sprintf: (awk, [format, ...values]) =>
    formatted(
      textOf(awk.value(format ?? LINE)),
      values.map((value) => awk.value(value)),
    ),
};

/** Of a text, or of an array. */
function length(awk: Evaluator, [value]: readonly Expression[]): Value {
  if (value?.kind === "variable" && awk.memory.array(value.name).size > 0) return awk.memory.array(value.name).size;
  return textOf(awk.value(value ?? LINE)).length;
}

function substr(awk: Evaluator, [text, from, count]: readonly Expression[]): Value {
  const start = Math.max(0, Math.round(numberOf(awk.value(from ?? LINE))) - 1);
  const end = count === undefined ? undefined : Math.max(0, start + Math.round(numberOf(awk.value(count))));
  return textOf(awk.value(text ?? LINE)).slice(start, end);
}

function split(awk: Evaluator, [text, array, separator]: readonly Expression[]): Value {
  const elements = awk.memory.array(array?.kind === "variable" ? array.name : "");
  const between =
    separator === undefined
      ? textOf(awk.value({ kind: "variable", name: "FS" }))
      : separator.kind === "match"
        ? separator.expression.source
        : textOf(awk.value(separator));
  const parts = fieldsOf(textOf(awk.value(text ?? LINE)), between);
  elements.clear();
  for (const [at, part] of parts.entries()) elements.set(String(at + 1), read(part));
  return parts.length;
}

function replace(awk: Evaluator, [found, by, where]: readonly Expression[], isGlobal: boolean): Value {
  const target = (where ?? LINE) as Target;
  const expression = new RegExp(awk.expression(found), isGlobal ? "g" : "");
  const replacement = textOf(awk.value(by ?? LINE));
  let count = 0;
  const text = textOf(awk.value(target)).replace(expression, (match) => {
    count += 1;
    return replacement.replace(/\\\\|\\&|&/g, (sign) => (sign === "&" ? match : sign.slice(1)));
  });
  if (count > 0) awk.assign(target, text);
  return count;
}

function match(awk: Evaluator, [text, found]: readonly Expression[]): Value {
  const result = awk.expression(found).exec(textOf(awk.value(text ?? LINE)));
  const start = result === null ? 0 : result.index + 1;
  awk.assign({ kind: "variable", name: "RSTART" }, start);
  awk.assign({ kind: "variable", name: "RLENGTH" }, result === null ? -1 : result[0].length);
  return start;
}
