/** `expr`: sums, comparisons and texts (POSIX, expr; busybox coreutils/expr.c). */
import type { Program } from "../../process/process.ts";
import { AppletError } from "../applet-errors.ts";
import { compilePattern } from "./posix-pattern.ts";

const TROUBLE = 2;
const BITS = 64;
/** From the loosest sign to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ["|"],
  ["&"],
  ["<", "<=", "=", "==", "!=", ">=", ">"],
  ["+", "-"],
  ["*", "/", "%"],
  [":"],
];

export const expr: Program = async (self) => {
  if (self.argv.length < 2) throw new AppletError("too few arguments", TROUBLE);
  const reader = new ExprReader(self.argv.slice(1));
  const value = reader.readAll();
  await self.writeStdout(`${value}\n`);
  return isNull(value) ? 1 : 0;
};

class ExprReader {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  readAll(): string {
    const value = this.#readLevel(0);
    if (this.#at < this.#words.length) throw new AppletError("syntax error", TROUBLE);
    return value;
  }

  #readLevel(level: number): string {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#readKeyword();
    let left = this.#readLevel(level + 1);
    for (let sign = this.#words[this.#at]; sign !== undefined && signs.includes(sign); sign = this.#words[this.#at]) {
      this.#at += 1;
      left = applySign(sign, left, this.#readLevel(level + 1));
    }
    return left;
  }

  #readKeyword(): string {
    if (this.#take("quote")) return this.#readWord();
    if (this.#take("length")) return String(Buffer.byteLength(this.#readKeyword()));
    if (this.#take("match")) return matchPattern(this.#readKeyword(), this.#readKeyword());
    if (this.#take("index")) {
      const [text, characters] = [this.#readKeyword(), this.#readKeyword()];
      return String([...text].findIndex((letter) => characters.includes(letter)) + 1);
    }
    if (this.#take("substr")) {
      const [text, from, count] = [this.#readKeyword(), this.#readKeyword(), this.#readKeyword()];
      const [start, length] = [Number(from), Number(count)];
      return start > 0 && length > 0 ? text.slice(start - 1, start - 1 + length) : "";
    }
    return this.#readPrimary();
  }

  #readPrimary(): string {
    if (!this.#take("(")) return this.#readWord();
    const value = this.#readLevel(0);
    if (!this.#take(")")) throw new AppletError("syntax error", TROUBLE);
    return value;
  }

  #readWord(): string {
    const word = this.#words[this.#at];
    if (word === undefined || word === ")") throw new AppletError("syntax error", TROUBLE);
    this.#at += 1;
    return word;
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }
}

/** An empty text, or zero. */
function isNull(value: string): boolean {
  return value === "" || value === "0";
}

function applySign(sign: string, left: string, right: string): string {
  if (sign === "|") return isNull(left) ? right : left;
  if (sign === "&") return isNull(left) || isNull(right) ? "0" : left;
  if (sign === ":") return matchPattern(left, right);
  if ("+-*/%".includes(sign))
    return String(BigInt.asIntN(BITS, calculate(sign, parseNumber(left), parseNumber(right))));
  const areNumbers = isNumber(left) && isNumber(right);
  const [one, other] = areNumbers ? [BigInt(left), BigInt(right)] : [left, right];
  const order = one < other ? -1 : Number(one > other);
  const results: Readonly<Record<string, boolean>> = {
    "<": order < 0,
    "<=": order <= 0,
    "=": order === 0,
    "==": order === 0,
    "!=": order !== 0,
    ">=": order >= 0,
    ">": order > 0,
  };
  return String(Number(results[sign]));
}

function calculate(sign: string, left: bigint, right: bigint): bigint {
  if (sign === "+") return left + right;
  if (sign === "-") return left - right;
  if (sign === "*") return left * right;
  if (right === 0n) throw new AppletError("division by zero", TROUBLE);
  return sign === "/" ? left / right : left % right;
}

function isNumber(word: string): boolean {
  return /^-?\d+$/.test(word);
}

function parseNumber(word: string): bigint {
  if (!isNumber(word)) throw new AppletError("non-numeric argument", TROUBLE);
  return BigInt(word);
}

/** The first group, or how many characters match at the beginning. */
function matchPattern(text: string, pattern: string): string {
  const match = compilePattern(`^${pattern.replace(/^\^/, "")}`, false).exec(text);
  return pattern.includes("\\(") ? (match?.[1] ?? "") : String(match?.[0].length ?? 0);
}
