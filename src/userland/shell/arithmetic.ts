/** `$(( ))`: C's integer arithmetic with a shell's variables (POSIX, Shell Command Language, 2.6.4). */
import { SyntaxFault } from "./syntax.ts";

const TOKEN =
  /\s*(\d+|0x[0-9a-fA-F]+|[A-Za-z_]\w*|\+\+|--|\*\*|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),])/y;
const LEVELS: readonly (readonly string[])[] = [
  ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="], ["<<", ">>"], ["+", "-"], ["*", "/", "%"], ["**"],
]; // biome-ignore format: a table of precedence
const ASSIGNS: ReadonlySet<string> = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]);

export interface Variables {
  get(name: string): string;
  set(name: string, value: string): void;
}

/** @throws SyntaxFault */
export function evaluate(text: string, variables: Variables): number {
  if (text.trim() === "") return 0;
  const evaluation = new Evaluation(tokensOf(text), variables);
  const value = evaluation.all();
  evaluation.expectEnd();
  return value;
}

function tokensOf(text: string): string[] {
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
  readonly #variables: Variables;
  #at = 0;

  constructor(tokens: readonly string[], variables: Variables) {
    this.#tokens = tokens;
    this.#variables = variables;
  }

  expectEnd(): void {
    if (this.#at < this.#tokens.length) throw new SyntaxFault("arithmetic syntax error");
  }

  /** Expressions with commas between them: the last one counts. */
  all(): number {
    let value = this.expression();
    while (this.#take(",")) value = this.expression();
    return value;
  }

  expression(): number {
    const [name = "", operator = ""] = this.#tokens.slice(this.#at);
    if (/^[A-Za-z_]/.test(name) && ASSIGNS.has(operator)) return this.#assign(name, operator.slice(0, -1));
    const condition = this.#binary(0);
    if (!this.#take("?")) return condition;
    const yes = this.expression();
    if (!this.#take(":")) throw new SyntaxFault("arithmetic syntax error");
    const no = this.expression();
    return condition === 0 ? no : yes;
  }

  #assign(name: string, operator: string): number {
    this.#at += 2;
    const right = this.expression();
    const value = operator === "" ? right : applied(operator, this.#valueOf(name), right);
    this.#variables.set(name, String(value));
    return value;
  }

  #binary(level: number): number {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#tokens[this.#at] ?? "";
      if (!operators.includes(operator)) return left;
      this.#at += 1;
      left = applied(operator, left, this.#binary(level + 1));
    }
  }

  #unary(): number {
    if (this.#take("-")) return -this.#unary();
    if (this.#take("+")) return this.#unary();
    if (this.#take("!")) return this.#unary() === 0 ? 1 : 0;
    if (this.#take("~")) return ~this.#unary();
    if (this.#take("++")) return this.#step(1);
    if (this.#take("--")) return this.#step(-1);
    return this.#primary();
  }

  #step(by: number): number {
    const name = this.#tokens[this.#at++] ?? "";
    const value = this.#valueOf(name) + by;
    this.#variables.set(name, String(value));
    return value;
  }

  #primary(): number {
    const token = this.#tokens[this.#at++] ?? "";
    if (token === "(") {
      const value = this.all();
      if (!this.#take(")")) throw new SyntaxFault("arithmetic syntax error");
      return value;
    }
    if (/^\d/.test(token)) return numberOf(token);
    if (!/^[A-Za-z_]/.test(token)) throw new SyntaxFault("arithmetic syntax error");
    const value = this.#valueOf(token);
    if (this.#take("++")) this.#variables.set(token, String(value + 1));
    else if (this.#take("--")) this.#variables.set(token, String(value - 1));
    return value;
  }

  #valueOf(name: string): number {
    const text = this.#variables.get(name).trim();
    return text === "" ? 0 : numberOf(text);
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

function numberOf(text: string): number {
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
  "/": (left, right) => Math.trunc(left / nonZero(right)),
  "%": (left, right) => left % nonZero(right),
};

function applied(operator: string, left: number, right: number): number {
  return (OPERATIONS[operator] as (left: number, right: number) => number)(left, right);
}

function nonZero(number: number): number {
  if (number === 0) throw new SyntaxFault("divide by zero");
  return number;
}
