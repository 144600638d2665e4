/** What a program of `awk` knows: its variables, its arrays, and the line that it is at. */
import { compilePattern } from "../text/posix-pattern.ts";
import { type AwkValue, numberOf, read, toText } from "./values.ts";

const BETWEEN_KEYS = "\x1c";

export class AwkMemory {
  readonly #variables = new Map<string, AwkValue>([
    ["FS", " "],
    ["OFS", " "],
    ["ORS", "\n"],
    ["RS", "\n"],
    ["SUBSEP", BETWEEN_KEYS],
  ]);
  readonly #arrays = new Map<string, Map<string, AwkValue>>();
  #fields: AwkValue[] = [];
  #line = "";

  get line(): string {
    return this.#line;
  }

  /** A line that was read. */
  take(line: string): void {
    this.#line = line;
    this.#fields = this.#split(line).map(read);
  }

  /** In records of several lines, a newline separates fields, too (POSIX, awk, "RS"). */
  #split(line: string): string[] {
    const separator = this.getText("FS");
    if (this.getText("RS") !== "" || separator === " ") return splitFields(line, separator);
    return line.split("\n").flatMap((each) => splitFields(each, separator));
  }

  /** Empty where it was never set. */
  getVariable(name: string): AwkValue {
    return name === "NF" ? this.#fields.length : (this.#variables.get(name) ?? "");
  }

  getText(name: string): string {
    return toText(this.getVariable(name));
  }

  set(name: string, value: AwkValue): void {
    if (name === "NF") this.#resize(numberOf(value));
    else this.#variables.set(name, value);
  }

  count(name: string): void {
    this.set(name, numberOf(this.getVariable(name)) + 1);
  }

  getArray(name: string): Map<string, AwkValue> {
    const array = this.#arrays.get(name) ?? new Map<string, AwkValue>();
    this.#arrays.set(name, array);
    return array;
  }

  /** Reading an element creates it, as POSIX has it. */
  getElement(array: string, key: string): AwkValue {
    const value = this.getArray(array).get(key) ?? "";
    this.getArray(array).set(key, value);
    return value;
  }

  getField(number: number): AwkValue {
    return number === 0 ? read(this.#line) : (this.#fields[number - 1] ?? "");
  }

  putField(number: number, value: AwkValue): void {
    if (number === 0) {
      this.take(toText(value));
      return;
    }
    while (this.#fields.length < number) this.#fields.push("");
    this.#fields[number - 1] = value;
    this.#join();
  }

  #resize(count: number): void {
    while (this.#fields.length < count) this.#fields.push("");
    this.#fields.length = count;
    this.#join();
  }

  #join(): void {
    this.#line = this.#fields.map(toText).join(this.getText("OFS"));
  }
}

/** `separator`: a blank for any white space, one letter, or a regular expression. */
export function splitFields(text: string, separator: string): string[] {
  if (text === "" || (text.trim() === "" && separator === " ")) return [];
  if (separator === " ") return text.trim().split(/\s+/);
  return text.split(separator.length === 1 ? separator : compilePattern(separator, true));
}
