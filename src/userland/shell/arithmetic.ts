/** `$(( ))`: C's arithmetic of 64 bits with a shell's variables (POSIX, Shell Command Language, 2.6.4). */
import { SyntaxFault } from "./syntax.ts";

const TOKEN =
  /\s*(\d+#[0-9a-zA-Z@_]+|0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|\+\+|--|\*\*|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),])/y;
const LEVELS: readonly (readonly string[])[] = [
  ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="], ["<<", ">>"], ["+", "-"], ["*", "/", "%"], ["**"],
]; // biome-ignore format: a table of precedence
const ASSIGNS: ReadonlySet<string> = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]);
const BITS = 64;
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
/** A variable may hold an expression with variables that hold expressions, so deep. */
const DEEPEST = 64;

export interface ShellVariables {
  get(name: string): string;
  set(name: string, value: string): void;
}

/** @throws SyntaxFault */
export function evaluate(text: string, variables: ShellVariables, depth = 0): bigint {
  if (text.trim() === "") return 0n;
  if (depth > DEEPEST) throw new SyntaxFault("expression recursion loop detected");
  const evaluation = new Evaluation(tokenize(text), variables, depth);
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
  readonly #depth: number;
  #at = 0;
  /** More than 0 in a part whose value does not count, such as what follows `0 &&`. */
  #skipped = 0;

  constructor(tokens: readonly string[], variables: ShellVariables, depth: number) {
    this.#tokens = tokens;
    this.#variables = variables;
    this.#depth = depth;
  }

  expectEnd(): void {
    if (this.#at < this.#tokens.length) throw new SyntaxFault("arithmetic syntax error");
  }

  /** Expressions with commas between them: the last one counts. */
  evaluateAll(): bigint {
    let value = this.#evaluateExpression();
    while (this.#take(",")) value = this.#evaluateExpression();
    return value;
  }

  #evaluateExpression(): bigint {
    const [name = "", operator = ""] = this.#tokens.slice(this.#at, this.#at + 2);
    if (/^[A-Za-z_]/.test(name) && ASSIGNS.has(operator)) return this.#assign(name, operator.slice(0, -1));
    const condition = this.#evaluateBinary(0);
    if (!this.#take("?")) return condition;
    const yes = this.#evaluateIf(condition !== 0n, () => this.#evaluateExpression());
    if (!this.#take(":")) throw new SyntaxFault("arithmetic syntax error");
    const no = this.#evaluateIf(condition === 0n, () => this.#evaluateExpression());
    return condition === 0n ? no : yes;
  }

  /** Reads on in any case, and has effects only where the value counts. */
  #evaluateIf(counts: boolean, evaluatePart: () => bigint): bigint {
    if (!counts) this.#skipped += 1;
    const value = evaluatePart();
    if (!counts) this.#skipped -= 1;
    return value;
  }

  #assign(name: string, operator: string): bigint {
    this.#at += 2;
    const right = this.#evaluateExpression();
    return this.#set(name, operator === "" ? right : this.#apply(operator, this.#readValue(name), right));
  }

  #set(name: string, value: bigint): bigint {
    if (this.#skipped === 0) this.#variables.set(name, String(value));
    return value;
  }

  #evaluateBinary(level: number): bigint {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#evaluateUnary();
    let left = this.#evaluateBinary(level + 1);
    for (;;) {
      const operator = this.#tokens[this.#at] ?? "";
      if (!operators.includes(operator)) return left;
      this.#at += 1;
      const counts = operator === "&&" ? left !== 0n : operator === "||" ? left === 0n : true;
      // `**` binds to the right.
      const next = operator === "**" ? level : level + 1;
      left = this.#apply(
        operator,
        left,
        this.#evaluateIf(counts, () => this.#evaluateBinary(next)),
      );
    }
  }

  #apply(operator: string, left: bigint, right: bigint): bigint {
    const isDivision = operator === "/" || operator === "%";
    if (isDivision && right === 0n && this.#skipped > 0) return 0n;
    if (isDivision && right === 0n) throw new SyntaxFault("divide by zero");
    return BigInt.asIntN(BITS, (OPERATIONS[operator] as (left: bigint, right: bigint) => bigint)(left, right));
  }

  #evaluateUnary(): bigint {
    if (this.#take("-")) return BigInt.asIntN(BITS, -this.#evaluateUnary());
    if (this.#take("+")) return this.#evaluateUnary();
    if (this.#take("!")) return this.#evaluateUnary() === 0n ? 1n : 0n;
    if (this.#take("~")) return ~this.#evaluateUnary();
    if (this.#take("++")) return this.#step(1n);
    if (this.#take("--")) return this.#step(-1n);
    return this.#evaluatePrimary();
  }

  #step(by: bigint): bigint {
    const name = this.#tokens[this.#at++] ?? "";
    return this.#set(name, this.#readValue(name) + by);
  }

  #evaluatePrimary(): bigint {
    const token = this.#tokens[this.#at++] ?? "";
    if (token === "(") {
      const value = this.evaluateAll();
      if (!this.#take(")")) throw new SyntaxFault("arithmetic syntax error");
      return value;
    }
    if (/^\d/.test(token)) return parseNumber(token);
    if (!/^[A-Za-z_]/.test(token)) throw new SyntaxFault("arithmetic syntax error");
    const value = this.#readValue(token);
    if (this.#take("++")) this.#set(token, value + 1n);
    else if (this.#take("--")) this.#set(token, value - 1n);
    return value;
  }

  #readValue(name: string): bigint {
    const text = this.#variables.get(name).trim();
    if (/^-?\d+$/.test(text)) return text.startsWith("-") ? -parseNumber(text.slice(1)) : parseNumber(text);
    return evaluate(text, this.#variables, this.#depth + 1);
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

/** `017`, `0x1f`, `16#ff`. */
function parseNumber(text: string): bigint {
  const [, base, digits = ""] = /^(\d+)#(.*)$/.exec(text) ?? [];
  if (base !== undefined) return parseBased(digits, BigInt(base));
  if (/^0\d*[89]/.test(text)) throw new SyntaxFault("arithmetic syntax error");
  return BigInt.asIntN(BITS, BigInt(/^0\d/.test(text) ? `0o${text.slice(1)}` : text));
}

function parseBased(digits: string, base: bigint): bigint {
  let value = 0n;
  for (const letter of digits.toLowerCase()) {
    const digit = BigInt(DIGITS.indexOf(letter));
    if (digit < 0n || digit >= base) throw new SyntaxFault("arithmetic syntax error");
    value = value * base + digit;
  }
  return BigInt.asIntN(BITS, value);
}

const OPERATIONS: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  "||": (left, right) => toBit(left !== 0n || right !== 0n),
  "&&": (left, right) => toBit(left !== 0n && right !== 0n),
  "|": (left, right) => left | right,
  "^": (left, right) => left ^ right,
  "&": (left, right) => left & right,
  "==": (left, right) => toBit(left === right),
  "!=": (left, right) => toBit(left !== right),
  "<": (left, right) => toBit(left < right),
  ">": (left, right) => toBit(left > right),
  "<=": (left, right) => toBit(left <= right),
  ">=": (left, right) => toBit(left >= right),
  "<<": (left, right) => left << BigInt.asUintN(6, right),
  ">>": (left, right) => left >> BigInt.asUintN(6, right),
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "**": (left, right) => power(left, right),
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
};

/** In 64 bits all along, so that no number grows beyond them. */
function power(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) throw new SyntaxFault("exponent less than 0");
  let [result, factor, left] = [1n, base, exponent];
  for (; left > 0n; left >>= 1n) {
    if (left & 1n) result = BigInt.asIntN(BITS, result * factor);
    factor = BigInt.asIntN(BITS, factor * factor);
  }
  return result;
}

function toBit(isTrue: boolean): bigint {
  return isTrue ? 1n : 0n;
}
