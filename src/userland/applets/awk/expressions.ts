/** The expressions of `awk`, from the loosest sign to the tightest. */
import { compilePattern } from "../text/posix-pattern.ts";
import { type AssignmentTarget, type AwkExpression, BadProgram } from "./syntax.ts";
import type { AwkTokenReader } from "./token-reader.ts";

/** From the loosest to the tightest; what stands beside each other without a sign is joined: `" "`. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["in"],
  ["~", "!~"],
  ["<", "<=", "==", "!=", ">", ">="],
  [" "],
  ["+", "-"],
  ["*", "/", "%"],
];
const ASSIGNS: ReadonlySet<string> = new Set(["=", "+=", "-=", "*=", "/=", "%=", "^=", "**="]);
const KEYWORDS = new Set(
  "BEGIN END function func if else while for do print printf next exit return break continue delete in getline".split(
    " ",
  ),
);
/** What may stand without its brackets. */
const BARE = new Set(["length"]);

export class ExpressionParser {
  readonly #reader: AwkTokenReader;
  /** Within the arguments of print, `>` is where it goes. */
  #isPrinting = false;

  constructor(reader: AwkTokenReader) {
    this.#reader = reader;
  }

  /** What print is given: all may stand in brackets, or only the first. */
  parsePrinted(): AwkExpression[] {
    const before = this.#reader.place;
    if (this.#reader.take("(")) {
      const values = this.list(")");
      if (this.isPrintOver) return values;
      this.#reader.stepBack(before);
    }
    this.#isPrinting = true;
    const values = [this.parseExpression()];
    while (this.#reader.take(",")) values.push(this.parseExpression());
    this.#isPrinting = false;
    return values;
  }

  get isPrintOver(): boolean {
    return this.#reader.isStatementOver || this.#reader.is(">") || this.#reader.is(">>");
  }

  /** Where print is to go: nothing looser than what is joined. */
  parsePath(): AwkExpression {
    return this.#parseBinary(LEVELS.length - 3);
  }

  parseExpression(): AwkExpression {
    const left = this.#parseBinary(0);
    if (this.#reader.take("?")) {
      const yes = this.parseExpression();
      this.#reader.expect(":");
      return { kind: "choice", condition: left, yes, no: this.parseExpression() };
    }
    const { text } = this.#reader.token;
    if (!ASSIGNS.has(text) || !isTarget(left)) return left;
    this.#reader.takeNext();
    return {
      kind: "assign",
      operator: text.slice(0, -1).replace("**", "^"),
      target: left,
      value: this.parseExpression(),
    };
  }

  #parseBinary(level: number): AwkExpression {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#parseUnary();
    let left = this.#parseBinary(level + 1);
    for (;;) {
      const operator = this.#takeOperator(signs);
      if (operator === undefined) return left;
      if (operator === "in") left = { kind: "in", keys: [left], array: this.#reader.takeNext().text };
      else left = { kind: "binary", operator, left, right: this.#parseBinary(level + 1) };
    }
  }

  #takeOperator(signs: readonly string[]): string | undefined {
    if (signs[0] === " ") return this.#beginsValue ? " " : undefined;
    const { kind, text } = this.#reader.token;
    const isOne = (kind === "sign" || text === "in") && signs.includes(text) && !(this.#isPrinting && text === ">");
    return isOne ? this.#reader.takeNext().text : undefined;
  }

  get #beginsValue(): boolean {
    const { kind, text } = this.#reader.token;
    if (kind === "sign") return ["$", "!", "(", "++", "--"].includes(text);
    return kind !== "end" && (kind !== "name" || !KEYWORDS.has(text));
  }

  #parseUnary(): AwkExpression {
    for (const operator of ["!", "-", "+"]) {
      if (this.#reader.take(operator)) return { kind: "unary", operator, value: this.#parseUnary() };
    }
    const value = this.#parseStepped();
    if (!this.#reader.take("^") && !this.#reader.take("**")) return value;
    return { kind: "binary", operator: "^", left: value, right: this.#parseUnary() };
  }

  #parseStepped(): AwkExpression {
    const sign = this.#reader.take("++") ? 1 : this.#reader.take("--") ? -1 : undefined;
    const value = this.#parsePrimary();
    if (!isTarget(value)) return value;
    if (sign !== undefined) return { kind: "step", target: value, by: sign, isAfter: false };
    const after = this.#reader.take("++") ? 1 : this.#reader.take("--") ? -1 : undefined;
    return after === undefined ? value : { kind: "step", target: value, by: after, isAfter: true };
  }

  #parsePrimary(): AwkExpression {
    const { kind, text } = this.#reader.takeNext();
    if (kind === "number") return { kind, value: Number(text) };
    if (kind === "text") return { kind, value: text };
    if (kind === "match") return { kind, expression: compilePattern(text, true) };
    if (text === "$") return { kind: "field", number: this.#parseFieldNumber() };
    if (text === "(") return this.#group();
    if (kind === "call") {
      this.#reader.expect("(");
      return { kind, name: text, values: this.list(")") };
    }
    if (kind !== "name" || KEYWORDS.has(text)) throw new BadProgram("syntax error");
    if (this.#reader.take("[")) return { kind: "element", array: text, keys: this.list("]") };
    return BARE.has(text) ? { kind: "call", name: text, values: [] } : { kind: "variable", name: text };
  }

  #parseFieldNumber(): AwkExpression {
    const sign = this.#reader.take("++") ? 1 : this.#reader.take("--") ? -1 : undefined;
    const value = this.#parsePrimary();
    return sign === undefined || !isTarget(value) ? value : { kind: "step", target: value, by: sign, isAfter: false };
  }

  /** `(i, j) in array`, or one expression. */
  #group(): AwkExpression {
    const isPrinting = this.#isPrinting;
    this.#isPrinting = false;
    const values = this.list(")");
    this.#isPrinting = isPrinting;
    if (values.length > 1 && this.#reader.take("in"))
      return { kind: "in", keys: values, array: this.#reader.takeNext().text };
    // In brackets nothing can be assigned to.
    return { kind: "unary", operator: "(", value: values[0] ?? { kind: "text", value: "" } };
  }

  list(end: string): AwkExpression[] {
    const values: AwkExpression[] = [];
    while (!this.#reader.take(end)) {
      values.push(this.parseExpression());
      if (!this.#reader.is(end)) this.#reader.expect(",");
    }
    return values;
  }
}

function isTarget(expression: AwkExpression): expression is AssignmentTarget {
  return ["variable", "element", "field"].includes(expression.kind);
}
