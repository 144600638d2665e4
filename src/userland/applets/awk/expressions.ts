/** The expressions of `awk`, from the loosest sign to the tightest. */
import { expressionOf } from "../text/expression.ts";
import { BadProgram, type Expression, type Target } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";

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

export class Expressions {
  readonly #reader: TokenReader;
  /** Within the arguments of print, `>` is where it goes. */
  #isPrinting = false;

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  /** What print is given: all may stand in brackets, or only the first. */
  printed(): Expression[] {
    const before = this.#reader.place;
    if (this.#reader.take("(")) {
      const values = this.list(")");
      if (this.isPrintOver) return values;
      this.#reader.back(before);
    }
    this.#isPrinting = true;
    const values = [this.expression()];
    while (this.#reader.take(",")) values.push(this.expression());
    this.#isPrinting = false;
    return values;
  }

  get isPrintOver(): boolean {
    return this.#reader.isStatementOver || this.#reader.is(">") || this.#reader.is(">>");
  }

  /** Where print is to go: nothing looser than what is joined. */
  path(): Expression {
    return this.#binary(LEVELS.length - 2);
  }

  expression(): Expression {
    const left = this.#binary(0);
    if (this.#reader.take("?")) {
      const yes = this.expression();
      this.#reader.expect(":");
      return { kind: "choice", condition: left, yes, no: this.expression() };
    }
    const { text } = this.#reader.token;
    if (!ASSIGNS.has(text) || !isTarget(left)) return left;
    this.#reader.next();
    return { kind: "assign", operator: text.slice(0, -1).replace("**", "^"), target: left, value: this.expression() };
  }

  #binary(level: number): Expression {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#operator(signs);
      if (operator === undefined) return left;
      if (operator === "in") left = { kind: "in", keys: [left], array: this.#reader.next().text };
      else left = { kind: "binary", operator, left, right: this.#binary(level + 1) };
    }
  }

  #operator(signs: readonly string[]): string | undefined {
    if (signs[0] === " ") return this.#beginsValue ? " " : undefined;
    const { kind, text } = this.#reader.token;
    const isOne = (kind === "sign" || text === "in") && signs.includes(text) && !(this.#isPrinting && text === ">");
    return isOne ? this.#reader.next().text : undefined;
  }

  get #beginsValue(): boolean {
    const { kind, text } = this.#reader.token;
    if (kind === "sign") return ["$", "!", "(", "++", "--"].includes(text);
    return kind !== "end" && (kind !== "name" || !KEYWORDS.has(text));
  }

  #unary(): Expression {
    for (const operator of ["!", "-", "+"]) {
      if (this.#reader.take(operator)) return { kind: "unary", operator, value: this.#unary() };
    }
    const value = this.#stepped();
    if (!this.#reader.take("^") && !this.#reader.take("**")) return value;
    return { kind: "binary", operator: "^", left: value, right: this.#unary() };
  }

  #stepped(): Expression {
    const sign = this.#reader.take("++") ? 1 : this.#reader.take("--") ? -1 : undefined;
    const value = this.#primary();
    if (!isTarget(value)) return value;
    if (sign !== undefined) return { kind: "step", target: value, by: sign, isAfter: false };
    const after = this.#reader.take("++") ? 1 : this.#reader.take("--") ? -1 : undefined;
    return after === undefined ? value : { kind: "step", target: value, by: after, isAfter: true };
  }

  #primary(): Expression {
    const { kind, text } = this.#reader.next();
    if (kind === "number") return { kind, value: Number(text) };
    if (kind === "text") return { kind, value: text };
    if (kind === "match") return { kind, expression: expressionOf(text, true) };
    if (text === "$") return { kind: "field", number: this.#fieldNumber() };
    if (text === "(") return this.#group();
    if (kind === "call") {
      this.#reader.expect("(");
      return { kind, name: text, values: this.list(")") };
    }
    if (kind !== "name" || KEYWORDS.has(text)) throw new BadProgram("syntax error");
    if (this.#reader.take("[")) return { kind: "element", array: text, keys: this.list("]") };
    return BARE.has(text) ? { kind: "call", name: text, values: [] } : { kind: "variable", name: text };
  }

  #fieldNumber(): Expression {
    const sign = this.#reader.take("++") ? 1 : this.#reader.take("--") ? -1 : undefined;
    const value = this.#primary();
    return sign === undefined || !isTarget(value) ? value : { kind: "step", target: value, by: sign, isAfter: false };
  }

  /** `(i, j) in array`, or one expression. */
  #group(): Expression {
    const isPrinting = this.#isPrinting;
    this.#isPrinting = false;
    const values = this.list(")");
    this.#isPrinting = isPrinting;
    if (values.length > 1 && this.#reader.take("in"))
      return { kind: "in", keys: values, array: this.#reader.next().text };
    // In brackets nothing can be assigned to.
    return { kind: "unary", operator: "(", value: values[0] ?? { kind: "text", value: "" } };
  }

  list(end: string): Expression[] {
    const values: Expression[] = [];
    while (!this.#reader.take(end)) {
      values.push(this.expression());
      if (!this.#reader.is(end)) this.#reader.expect(",");
    }
    return values;
  }
}

function isTarget(expression: Expression): expression is Target {
  return ["variable", "element", "field"].includes(expression.kind);
}
