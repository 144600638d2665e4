/** `$(( ))`: C's integer arithmetic with a shell's variables (POSIX, Shell Command Language, 2.6.4). */
import { SyntaxFault } from "./syntax.ts";

const TOKEN =
  /\s*(\d+|0x[0-9a-fA-F]+|[A-Za-z_]\w*|\+\+|--|\*\*|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),])/y;
const LEVELS: readonly (readonly string[])[] = [
  ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="], ["<<", ">>"], ["+", "-"], ["*", "/", "%"], ["**"],
]; // biome-ignore format: a table of precedence
const ASSIGNS: ReadonlySet<string> = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]);

export interface ShellVariables {
  get(name: string): string;
  set(name: string, value: string): void;
}

/** @throws SyntaxFault */
export function evaluate(text: string, variables: ShellVariables): number {
  if (text.trim() === "") return 0;
  const evaluation = new Evaluation(tokenize(text), variables);
  const value = evaluation.evaluateAll();
  evaluation.expectEnd();
  return value;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.trimEnd().length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxFault("arithmetic syntax error");
    tokens.push(match[1] as string);
  }
  return tokens;
}

class Evaluation {
  readonly #tokens: readonly string[];
  readonly #variables: ShellVariables;
  #at = 0;

  constructor(tokens: readonly string[], variables: ShellVariables) {
    this.#tokens = tokens;
    this.#variables = variables;
  }

  expectEnd(): void {
    if (this.#at < this.#tokens.length) throw new SyntaxFault("arithmetic syntax error");
  }

  /** Expressions with commas between them: the last one counts. */
  evaluateAll(): number {
    let value = this.evaluateExpression();
    while (this.#take(",")) value = this.evaluateExpression();
    return value;
  }

  evaluateExpression(): number {
    const [name = "", operator = ""] = this.#tokens.slice(this.#at);
    if (/^[A-Za-z_]/.test(name) && ASSIGNS.has(operator)) return this.#assign(name, operator.slice(0, -1));
    const condition = this.#evaluateBinary(0);
    if (!this.#take("?")) return condition;
    const yes = this.evaluateExpression();
    if (!this.#take(":")) throw new SyntaxFault("arithmetic syntax error");
    const no = this.evaluateExpression();
    return condition === 0 ? no : yes;
  }

  #assign(name: string, operator: string): number {
    this.#at += 2;
    const right = this.evaluateExpression();
    const value = operator === "" ? right : applyOperator(operator, this.#readValue(name), right);
    this.#variables.set(name, String(value));
    return value;
  }

  #evaluateBinary(level: number): number {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#evaluateUnary();
    let left = this.#evaluateBinary(level + 1);
    for (;;) {
      const operator = this.#tokens[this.#at] ?? "";
      if (!operators.includes(operator)) return left;
      this.#at += 1;
      left = applyOperator(operator, left, this.#evaluateBinary(level + 1));
    }
  }

  #evaluateUnary(): number {
    if (this.#take("-")) return -this.#evaluateUnary();
    if (this.#take("+")) return this.#evaluateUnary();
    if (this.#take("!")) return this.#evaluateUnary() === 0 ? 1 : 0;
    if (this.#take("~")) return ~this.#evaluateUnary();
    if (this.#take("++")) return this.#step(1);
    if (this.#take("--")) return this.#step(-1);
    return this.#evaluatePrimary();
  }

  #step(by: number): number {
    const name = this.#tokens[this.#at++] ?? "";
    const value = this.#readValue(name) + by;
    this.#variables.set(name, String(value));
    return value;
  }

  #evaluatePrimary(): number {
    const token = this.#tokens[this.#at++] ?? "";
    if (token === "(") {
      const value = this.evaluateAll();
      if (!this.#take(")")) throw new SyntaxFault("arithmetic syntax error");
      return value;
    }
    if (/^\d/.test(token)) return parseNumber(token);
    if (!/^[A-Za-z_]/.test(token)) throw new SyntaxFault("arithmetic syntax error");
    const value = this.#readValue(token);
    if (this.#take("++")) this.#variables.set(token, String(value + 1));
    else if (this.#take("--")) this.#variables.set(token, String(value - 1));
    return value;
  }

  #readValue(name: string): number {
    const text = this.#variables.get(name).trim();
    return text === "" ? 0 : parseNumber(text);
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

function parseNumber(text: string): number {
  const value = /^-?0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  if (!Number.isInteger(value)) throw new SyntaxFault("arithmetic syntax error");
  return value;
}

const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  "||": (left, right) => Number(left !== 0 || right !== 0),
  "&&": (left, right) => Number(left !== 0 && right !== 0),
  "|": (left, right) => left | right,
  "^": (left, right) => left ^ right,
  "&": (left, right) => left & right,
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  "<": (left, right) => Number(left < right),
  ">": (left, right) => Number(left > right),
  "<=": (left, right) => Number(left <= right),
  ">=": (left, right) => Number(left >= right),
  "<<": (left, right) => left * 2 ** right,
  ">>": (left, right) => Math.floor(left / 2 ** right),
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "**": (left, right) => left ** right,
  "/": (left, right) => Math.trunc(left / requireNonZero(right)),
  "%": (left, right) => left % requireNonZero(right),
};

function applyOperator(operator: string, left: number, right: number): number {
  return (OPERATIONS[operator] as (left: number, right: number) => number)(left, right);
}

function requireNonZero(number: number): number {
  if (number === 0) throw new SyntaxFault("divide by zero");
  return number;
}
