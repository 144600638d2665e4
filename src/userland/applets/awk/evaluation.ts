/** The values of expressions. */
import { compilePattern } from "../text/posix-pattern.ts";
import { type ExpressionEvaluator, FUNCTIONS } from "./functions.ts";
import type { AwkMemory } from "./memory.ts";
import { type AssignmentTarget, type AwkExpression, BadProgram } from "./syntax.ts";
import { type AwkValue, compareValues, isTrue, numberOf, toText } from "./values.ts";

export class AwkEvaluation implements ExpressionEvaluator {
  readonly memory: AwkMemory;
  readonly random: () => number;
  readonly seconds: () => number;
  readonly #callOwn: (name: string, values: readonly AwkValue[]) => AwkValue;

  /** `callOwn` runs a function of the program's own. */
  constructor(
    memory: AwkMemory,
    { random, seconds }: Pick<ExpressionEvaluator, "random" | "seconds">,
    callOwn: (name: string, values: readonly AwkValue[]) => AwkValue,
  ) {
    this.memory = memory;
    this.random = random;
    this.seconds = seconds;
    this.#callOwn = callOwn;
  }

  evaluate(expression: AwkExpression): AwkValue {
    switch (expression.kind) {
      case "number":
      case "text":
        return expression.value;
      case "match":
        return Number(expression.expression.test(this.memory.line));
      case "variable":
        return this.memory.getVariable(expression.name);
      case "element":
        return this.memory.getElement(expression.array, this.readKey(expression.keys));
      case "field":
        return this.memory.getField(numberOf(this.evaluate(expression.number)));
      case "assign":
        return this.#assign(expression);
      case "step":
        return this.#step(expression);
      case "choice":
        return this.evaluate(isTrue(this.evaluate(expression.condition)) ? expression.yes : expression.no);
      case "unary":
        return this.#applyUnary(expression);
      case "binary":
        return this.#applyBinary(expression);
      case "in":
        return Number(this.memory.getArray(expression.array).has(this.readKey(expression.keys)));
      case "call":
        return this.#call(expression);
    }
  }

  assign(target: AssignmentTarget, value: AwkValue): void {
    if (target.kind === "element") this.memory.getArray(target.array).set(this.readKey(target.keys), value);
    else if (target.kind === "field") this.memory.putField(numberOf(this.evaluate(target.number)), value);
    else this.memory.set(target.name, value);
  }

  evaluateExpression(from: AwkExpression | undefined): RegExp {
    if (from?.kind === "match") return from.expression;
    return compilePattern(from === undefined ? "" : toText(this.evaluate(from)), true);
  }

  readKey(keys: readonly AwkExpression[]): string {
    return keys.map((key) => toText(this.evaluate(key))).join(this.memory.getText("SUBSEP"));
  }

  #assign({ operator, target, value }: Extract<AwkExpression, { kind: "assign" }>): AwkValue {
    const right = this.evaluate(value);
    const result = operator === "" ? right : computeBinary(operator, numberOf(this.evaluate(target)), numberOf(right));
    this.assign(target, result);
    return result;
  }

  #step({ target, by, isAfter }: Extract<AwkExpression, { kind: "step" }>): AwkValue {
    const before = numberOf(this.evaluate(target));
    this.assign(target, before + by);
    return isAfter ? before : before + by;
  }

  #applyUnary({ operator, value }: Extract<AwkExpression, { kind: "unary" }>): AwkValue {
    const inner = this.evaluate(value);
    if (operator === "(") return inner;
    if (operator === "!") return Number(!isTrue(inner));
    return operator === "-" ? -numberOf(inner) : numberOf(inner);
  }

  #applyBinary({ operator, left, right }: Extract<AwkExpression, { kind: "binary" }>): AwkValue {
    if (operator === "&&") return Number(isTrue(this.evaluate(left)) && isTrue(this.evaluate(right)));
    if (operator === "||") return Number(isTrue(this.evaluate(left)) || isTrue(this.evaluate(right)));
    if (operator === "~" || operator === "!~") {
      return Number(this.evaluateExpression(right).test(toText(this.evaluate(left))) === (operator === "~"));
    }
    const [one, other] = [this.evaluate(left), this.evaluate(right)];
    if (operator === " ") return toText(one) + toText(other);
    const test = COMPARISONS[operator];
    return test === undefined
      ? computeBinary(operator, numberOf(one), numberOf(other))
      : Number(test(compareValues(one, other)));
  }

  #call({ name, values }: Extract<AwkExpression, { kind: "call" }>): AwkValue {
    const builtin = FUNCTIONS[name];
    if (builtin !== undefined) return builtin(this, values);
    return this.#callOwn(
      name,
      values.map((value) => this.evaluate(value)),
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

function computeBinary(operator: string, left: number, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  if (operator === "^") return left ** right;
  if (right === 0) throw new BadProgram("Division by zero");
  return operator === "/" ? left / right : left % right;
}
