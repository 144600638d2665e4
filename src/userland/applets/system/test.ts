/** `test`, `[` and `[[`: conditions (POSIX, test). What is no operator is refused. */
import { isInGroup, READ, WRITE } from "../../files/permissions.ts";
import type { Process, Program } from "../../process/process.ts";

export const test: Program = async (self) => {
  const words = self.argv.slice(1);
  const end = { "[": "]", "[[": "]]" }[self.argv[0] ?? ""];
  try {
    if (end !== undefined && words.pop() !== end) throw new BadCondition(`missing ${end}`);
    return new Expression(words, self).evaluate() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BadCondition)) throw error;
    await self.writeStderr(`sh: ${error.message}\n`);
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

const UNARY = /^-[rwxefdcbpugkstznhOGLS]$/;
const MODES: Readonly<Record<string, number>> = { "-u": 0o4000, "-g": 0o2000, "-k": 0o1000 };

class Expression {
  readonly #words: readonly string[];
  readonly #self: Process;
  #at = 0;

  constructor(words: readonly string[], self: Process) {
    this.#words = words;
    this.#self = self;
  }

  /** @throws BadCondition */
  evaluate(): boolean {
    if (this.#words.length === 0) return false;
    const value = this.#evaluateOr();
    const next = this.#words[this.#at];
    if (next !== undefined) throw new BadCondition(`${next}: unknown operand`);
    return value;
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
    const [first, second, third] = this.#words.slice(this.#at);
    if (first === undefined) {
      if (this.#words[this.#at - 1] === "!") return false;
      throw new BadCondition("argument expected");
    }
    const compare =
      second === undefined || third === undefined ? undefined : findComparison(this.#self, first, second, third);
    if (compare !== undefined) {
      this.#at += 3;
      return compare;
    }
    if (this.#take("!")) return !this.#evaluatePrimary();
    if (this.#take("(")) {
      const value = this.#evaluateOr();
      if (!this.#take(")")) throw new BadCondition("closing paren expected");
      return value;
    }
    if (UNARY.test(first) && second !== undefined) {
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

class BadCondition extends Error {}

function numberOf(word: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(word)) throw new BadCondition(word === "" ? "bad number" : `${word}: bad number`);
  return Number(word);
}

function readModified(self: Process, word: string): number | undefined {
  return self.disk.peek(self.resolvePath(word))?.mtimeMs;
}

const DEVICES = { character: "-c", block: "-b", fifo: "-p", socket: "-S" } as const;

function isFile(operator: string, self: Process, word: string): boolean {
  const path = self.resolvePath(word);
  const node = self.disk.peek(path, operator !== "-L" && operator !== "-h");
  if (node === undefined) return false;
  const mode = MODES[operator];
  if (mode !== undefined) return (node.mode & mode) !== 0;
  const { uid, gid, groups = [] } = self.user;
  const credentials = { uid, gid, groups, umask: self.umask };
  if (operator === "-O") return node.uid === uid;
  if (operator === "-G") return isInGroup(node.gid, credentials);
  if (operator === "-r") return self.disk.mayAccess(path, READ);
  if (operator === "-w") return self.disk.mayAccess(path, WRITE);
  if (operator === "-f") return node.kind === "file";
  if (operator === "-d") return node.kind === "directory";
  if (operator === "-L" || operator === "-h") return node.kind === "link";
  if (operator === "-s") return node.kind === "directory" || (node.kind === "file" && node.content.length > 0);
  if (operator === "-x") return (node.mode & 0o111) !== 0;
  const type = node.kind === "device" ? DEVICES[node.type] : "";
  return operator === type || operator === "-e";
}
