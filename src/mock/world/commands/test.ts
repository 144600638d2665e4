/** `test` and `[`: conditions (POSIX, test). */
import type { Process, Program } from "../process/process.ts";

export const test: Program = async (self) => {
  const words = self.argv.slice(1);
  if (self.argv[0] === "[" && words.pop() !== "]") {
    await self.complain("sh: missing ]\n");
    return 2;
  }
  const expression = new Expression(words, self);
  return expression.whole() ? 0 : 1;
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

  whole(): boolean {
    return this.#words.length > 0 && this.#either();
  }

  #either(): boolean {
    let value = this.#both();
    while (this.#take("-o")) value = this.#both() || value;
    return value;
  }

  #both(): boolean {
    let value = this.#primary();
    while (this.#take("-a")) value = this.#primary() && value;
    return value;
  }

  #primary(): boolean {
    const [first = "", second, third] = this.#words.slice(this.#at);
    const compare = second === undefined || third === undefined ? undefined : comparison(first, second, third);
    if (compare !== undefined) {
      this.#at += 3;
      return compare;
    }
    if (this.#take("!")) return !this.#primary();
    if (this.#take("(")) {
      const value = this.#either();
      this.#take(")");
      return value;
    }
    if (/^-[a-zA-Z]$/.test(first) && second !== undefined) {
      this.#at += 2;
      return this.#about(first, second);
    }
    this.#at += 1;
    return first !== "";
  }

  #about(operator: string, word: string): boolean {
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

function comparison(left: string, operator: string, right: string): boolean | undefined {
  return NUMBERS[operator]?.(Number(left), Number(right)) ?? TEXTS[operator]?.(left, right);
}

function isFile(operator: string, self: Process, word: string): boolean {
  const node = self.disk.peek(self.path(word), operator !== "-L" && operator !== "-h");
  if (node === undefined) return false;
  if (operator === "-f") return node.kind === "file";
  if (operator === "-d") return node.kind === "directory";
  if (operator === "-L" || operator === "-h") return node.kind === "link";
  if (operator === "-s") return node.kind === "file" && node.content.length > 0;
  if (operator === "-x") return (node.mode & 0o111) !== 0;
  return "-e-r-w-c-b-p-S".includes(operator);
}
