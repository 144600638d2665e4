/** `test` and `[`: conditions (POSIX, test). */
import type { Process, Program } from "../../process/process.ts";

export const test: Program = async (self) => {
  const words = self.argv.slice(1);
  if (self.argv[0] === "[" && words.pop() !== "]") {
    await self.writeStderr("sh: missing ]\n");
    return 2;
  }
  try {
    return new Expression(words, self).evaluate() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BadNumber)) throw error;
    await self.writeStderr(`sh: ${error.message}: bad number\n`);
    return 2;
  }
};

const NUMBERS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "-eq": (left, right) => left === right,
  "-ne": (left, right) => left !== right,
  "-lt": (left, right) => left < right,
  "-le": (left, right) => left <= right,
  "-gt": (left, right) => left > right,
  "-ge": (left, right) => left >= right,
};
const TEXTS: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  "=": (left, right) => left === right,
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  ">": (left, right) => left > right,
};

class Expression {
  readonly #words: readonly string[];
  readonly #self: Process;
  #at = 0;

  constructor(words: readonly string[], self: Process) {
    this.#words = words;
    this.#self = self;
  }

  evaluate(): boolean {
    return this.#words.length > 0 && this.#evaluateOr();
  }

  #evaluateOr(): boolean {
    let value = this.#evaluateAnd();
    while (this.#take("-o")) value = this.#evaluateAnd() || value;
    return value;
  }

  #evaluateAnd(): boolean {
    let value = this.#evaluatePrimary();
    while (this.#take("-a")) value = this.#evaluatePrimary() && value;
    return value;
  }

  #evaluatePrimary(): boolean {
    const [first = "", second, third] = this.#words.slice(this.#at);
    const compare =
      second === undefined || third === undefined ? undefined : findComparison(this.#self, first, second, third);
    if (compare !== undefined) {
      this.#at += 3;
      return compare;
    }
    if (this.#take("!")) return !this.#evaluatePrimary();
    if (this.#take("(")) {
      const value = this.#evaluateOr();
      this.#take(")");
      return value;
    }
    if (/^-[a-zA-Z]$/.test(first) && second !== undefined) {
      this.#at += 2;
      return this.#testFile(first, second);
    }
    this.#at += 1;
    return first !== "";
  }

  #testFile(operator: string, word: string): boolean {
    if (operator === "-z") return word === "";
    if (operator === "-n") return word !== "";
    if (operator === "-t") return this.#self.terminal !== undefined;
    return isFile(operator, this.#self, word);
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }
}

function findComparison(self: Process, left: string, operator: string, right: string): boolean | undefined {
  const byNumber = NUMBERS[operator];
  if (byNumber !== undefined) return byNumber(numberOf(left), numberOf(right));
  const [one, other] = [readModified(self, left), readModified(self, right)];
  if (operator === "-nt") return one !== undefined && other !== undefined && one > other;
  if (operator === "-ot") return one !== undefined && other !== undefined && one < other;
  return TEXTS[operator]?.(left, right);
}

class BadNumber extends Error {}

function numberOf(word: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(word)) throw new BadNumber(word);
  return Number(word);
}

function readModified(self: Process, word: string): number | undefined {
  return self.disk.peek(self.resolvePath(word))?.mtimeMs;
}

const DEVICES = { character: "-c", block: "-b", fifo: "-p", socket: "-S" } as const;

function isFile(operator: string, self: Process, word: string): boolean {
  const node = self.disk.peek(self.resolvePath(word), operator !== "-L" && operator !== "-h");
  if (node === undefined) return false;
  if (operator === "-f") return node.kind === "file";
  if (operator === "-d") return node.kind === "directory";
  if (operator === "-L" || operator === "-h") return node.kind === "link";
  if (operator === "-s") return node.kind === "file" && node.content.length > 0;
  if (operator === "-x") return (node.mode & 0o111) !== 0;
  const type = node.kind === "device" ? DEVICES[node.type] : "";
  return operator === type || "-e-r-w".includes(operator);
}
