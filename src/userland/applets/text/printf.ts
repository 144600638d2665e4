/** `printf`: words in a format (POSIX, printf). */
import type { Program } from "../../process/process.ts";
import { fromByteString, resolveEscapes, toByteString } from "./escapes.ts";
import { type FormatSpec, formatFloat, formatInteger, padText } from "./format-number.ts";

const DIRECTIVE = /%([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?[lLhz]*([\s\S]?)/y;
const INTEGERS = "diouxX";
const FLOATS = "eEfgG";
const LARGEST = 2n ** 63n - 1n;
const LARGEST_UNSIGNED = 2n ** 64n - 1n;

export const printf: Program = async (self) => {
  const [format, ...words] = self.argv[1] === "--" ? self.argv.slice(2) : self.argv.slice(1);
  if (format === undefined) {
    await self.writeStderr("sh: usage: printf FORMAT [ARGUMENT...]\n");
    return 2;
  }
  const printer = new Printer(toByteString(format), words.map(toByteString));
  printer.printAll();
  await self.writeStdout(fromByteString(printer.text));
  for (const complaint of printer.complaints) await self.writeStderr(fromByteString(`sh: ${complaint}\n`));
  return printer.complaints.length > 0 ? 1 : 0;
};

class Printer {
  text = "";
  readonly complaints: string[] = [];
  readonly #format: string;
  readonly #words: string[];
  #isOver = false;

  constructor(format: string, words: readonly string[]) {
    this.#format = format;
    this.#words = [...words];
  }

  /** The format serves again while words are left, unless it takes none. */
  printAll(): void {
    for (let before = -1; !this.#isOver && this.#words.length !== before; ) {
      before = this.#words.length;
      this.#printOnce();
      if (this.#words.length === 0) return;
    }
  }

  #printOnce(): void {
    for (let at = 0; at < this.#format.length && !this.#isOver; ) {
      const end = this.#format.indexOf("%", at);
      const plain = this.#format.slice(at, end === -1 ? undefined : end);
      this.#print(resolveEscapes(plain, "format"));
      at += plain.length;
      if (end === at && !this.#isOver) at = this.#printDirective(at);
    }
  }

  /** Returns where the text behind the directive begins. */
  #printDirective(at: number): number {
    if (this.#format[at + 1] === "%") {
      this.text += "%";
      return at + 2;
    }
    DIRECTIVE.lastIndex = at;
    const [whole = "", flags = "", width = "", precision, kind = ""] = DIRECTIVE.exec(this.#format) ?? [];
    const size = width === "*" ? Number(this.#takeInteger("d")) : Number(width);
    const digits = precision === "*" ? Number(this.#takeInteger("d")) : precision && Number(precision);
    const spec: FormatSpec = {
      flags: size < 0 ? `${flags}-` : flags,
      width: Math.abs(size),
      precision: precision === "" ? 0 : typeof digits === "number" && digits >= 0 ? digits : undefined,
      kind,
    };
    this.#convert(spec, at);
    return at + whole.length;
  }

  #convert(spec: FormatSpec, at: number): void {
    const { kind, precision } = spec;
    if (kind === "s") this.text += padText(this.#take().slice(0, precision), spec);
    else if (kind === "b") this.#print(resolveEscapes(this.#take(), "word"));
    else if (kind === "c") this.text += padText(this.#take().slice(0, 1), spec);
    else if (kind !== "" && INTEGERS.includes(kind)) this.text += formatInteger(this.#takeInteger(kind), spec);
    else if (kind !== "" && FLOATS.includes(kind)) this.text += formatFloat(this.#takeFloat(), spec);
    else {
      this.complaints.push(`${this.#format.slice(at)}: invalid format`);
      this.#isOver = true;
    }
  }

  #print({ text, isCut }: { readonly text: string; readonly isCut: boolean }): void {
    this.text += text;
    this.#isOver ||= isCut;
  }

  #take(): string {
    return this.#words.shift() ?? "";
  }

  /** `0x1f`, `017`, or `'a` for a character's number. */
  #takeInteger(kind: string): bigint {
    const word = this.#words.shift();
    if (word === undefined) return 0n;
    if (/^['"]/.test(word)) return BigInt(word.charCodeAt(1) || 0);
    const [, sign = "", digits] = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(word) ?? [];
    const number = digits === undefined || /^0\d*[89]/.test(digits) ? undefined : parseDigits(digits);
    const largest = kind === "d" || kind === "i" ? LARGEST : LARGEST_UNSIGNED;
    if (number !== undefined && number <= largest + (sign === "-" ? 1n : 0n)) return sign === "-" ? -number : number;
    this.complaints.push(`invalid number '${word}'`);
    return 0n;
  }

  #takeFloat(): number {
    const word = this.#words.shift();
    if (word === undefined) return 0;
    if (/^['"]/.test(word)) return word.charCodeAt(1) || 0;
    const [, sign = "", name] = /^\s*([-+]?)(inf(?:inity)?|nan)$/i.exec(word) ?? [];
    if (name !== undefined) return /^i/i.test(name) ? Number(`${sign}Infinity`) : Number.NaN;
    const number = word.trim() === "" ? Number.NaN : Number(word.replace(/^\s*\+/, ""));
    if (!Number.isNaN(number) && !/\s$/.test(word)) return number;
    this.complaints.push(`invalid number '${word}'`);
    return 0;
  }
}

function parseDigits(digits: string): bigint {
  return BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
}
