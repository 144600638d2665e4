/** The values of expressions. */
import { expressionOf } from "../text/expression.ts";
import { type Evaluator, FUNCTIONS } from "./functions.ts";
import type { Memory } from "./memory.ts";
import { BadProgram, type Expression, type Target } from "./syntax.ts";
import { compared, isTrue, numberOf, textOf, type Value } from "./values.ts";

export class Evaluation implements Evaluator {
  readonly memory: Memory;
  readonly random: () => number;
  readonly seconds: () => number;
  readonly #callOwn: (name: string, values: readonly Value[]) => Value;

  /** `callOwn` runs a function of the program's own. */
  constructor(
    memory: Memory,
    { random, seconds }: Pick<Evaluator, "random" | "seconds">,
    callOwn: (name: string, values: readonly Value[]) => Value,
  ) {
    this.memory = memory;
    this.random = random;
    this.seconds = seconds;
    this.#callOwn = callOwn;
  }

  value(expression: Expression): Value {
    switch (expression.kind) {
      case "number":
      case "text":
        return expression.value;
      case "match":
        return Number(expression.expression.test(this.memory.line));
      case "variable":
        return this.memory.variable(expression.name);
      case "element":
        return this.memory.element(expression.array, this.key(expression.keys));
      case "field":
        return this.memory.field(numberOf(this.value(expression.number)));
      case "assign":
        return this.#assigned(expression);
      case "step":
        return this.#stepped(expression);
      case "choice":
        return this.value(isTrue(this.value(expression.condition)) ? expression.yes : expression.no);
      case "unary":
        return this.#unary(expression);
      case "binary":
        return this.#binary(expression);
      case "in":
        return Number(this.memory.array(expression.array).has(this.key(expression.keys)));
      case "call":
        return this.#call(expression);
    }
  }

  assign(target: Target, value: Value): void {
    if (target.kind === "element") this.memory.array(target.array).set(this.key(target.keys), value);
    else if (target.kind === "field") this.memory.putField(numberOf(this.value(target.number)), value);
    else this.memory.set(target.name, value);
  }

  expression(from: Expression | undefined): RegExp {
    if (from?.kind === "match") return from.expression;
    return expressionOf(from === undefined ? "" : textOf(this.value(from)), true);
  }

  key(keys: readonly Expression[]): string {
    return keys.map((key) => textOf(this.value(key))).join(this.memory.text("SUBSEP"));
  }

  #assigned({ operator, target, value }: Extract<Expression, { kind: "assign" }>): Value {
    const right = this.value(value);
    const result = operator === "" ? right : calculated(operator, numberOf(this.value(target)), numberOf(right));
    this.assign(target, result);
    return result;
  }

  #stepped({ target, by, isAfter }: Extract<Expression, { kind: "step" }>): Value {
    const before = numberOf(this.value(target));
    this.assign(target, before + by);
    return isAfter ? before : before + by;
  }

  #unary({ operator, value }: Extract<Expression, { kind: "unary" }>): Value {
    const inner = this.value(value);
    if (operator === "(") return inner;
    if (operator === "!") return Number(!isTrue(inner));
    return operator === "-" ? -numberOf(inner) : numberOf(inner);
  }

  #binary({ operator, left, right }: Extract<Expression, { kind: "binary" }>): Value {
    if (operator === "&&") return Number(isTrue(this.value(left)) && isTrue(this.value(right)));
    if (operator === "||") return Number(isTrue(this.value(left)) || isTrue(this.value(right)));
    if (operator === "~" || operator === "!~") {
      return Number(this.expression(right).test(textOf(this.value(left))) === (operator === "~"));
    }
    const [one, other] = [this.value(left), this.value(right)];
    if (operator === " ") return textOf(one) + textOf(other);
    const test = COMPARISONS[operator];
    return test === undefined
      ? calculated(operator, numberOf(one), numberOf(other))
      : Number(test(compared(one, other)));
  }

  #call({ name, values }: Extract<Expression, { kind: "call" }>): Value {
    const builtin = FUNCTIONS[name];
    if (builtin !== undefined) return builtin(this, values);
    return this.#callOwn(
      name,
      values.map((value) => this.value(value)),
    );
  }
}

const COMPARISONS: Readonly<Record<string, (difference: number) => boolean>> = {
  "<": (difference) => difference < 0,
  "<=": (difference) => difference <= 0,
  "==": (difference) => difference === 0,
  "!=": (difference) => difference !== 0,
  ">": (difference) => difference > 0,
  ">=": (difference) => difference >= 0,
};

function calculated(operator: string, left: number, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  if (operator === "^") return left ** right;
  if (right === 0) throw new BadProgram("Division by zero");
  return operator === "/" ? left / right : left % right;
}
