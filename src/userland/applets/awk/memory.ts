/** What a program of `awk` knows: its variables, its arrays, and the line that it is at. */
import { expressionOf } from "../text/expression.ts";
import { numberOf, read, textOf, type Value } from "./values.ts";

const BETWEEN_KEYS = "\x1c";

export class Memory {
  readonly #variables = new Map<string, Value>([
    ["FS", " "],
    ["OFS", " "],
    ["ORS", "\n"],
    ["SUBSEP", BETWEEN_KEYS],
  ]);
  readonly #arrays = new Map<string, Map<string, Value>>();
  #fields: Value[] = [];
  #line = "";

  get line(): string {
    return this.#line;
  }

  /** A line that was read. */
  take(line: string): void {
    this.#line = line;
    this.#fields = fieldsOf(line, this.text("FS")).map(read);
  }

  /** Empty where it was never set. */
  variable(name: string): Value {
    return name === "NF" ? this.#fields.length : (this.#variables.get(name) ?? "");
  }

  text(name: string): string {
    return textOf(this.variable(name));
  }

  set(name: string, value: Value): void {
    if (name === "NF") this.#resize(numberOf(value));
    else this.#variables.set(name, value);
  }

  count(name: string): void {
    this.set(name, numberOf(this.variable(name)) + 1);
  }

  array(name: string): Map<string, Value> {
    const array = this.#arrays.get(name) ?? new Map<string, Value>();
    this.#arrays.set(name, array);
    return array;
  }

  /** Whoever looks at an element makes it. */
  element(array: string, key: string): Value {
    const value = this.array(array).get(key) ?? "";
    this.array(array).set(key, value);
    return value;
  }

  field(number: number): Value {
    return number === 0 ? read(this.#line) : (this.#fields[number - 1] ?? "");
  }

  putField(number: number, value: Value): void {
    if (number === 0) {
      this.take(textOf(value));
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
    this.#line = this.#fields.map(textOf).join(this.text("OFS"));
  }
}

/** `separator`: a blank for any white space, one letter, or a regular expression. */
export function fieldsOf(text: string, separator: string): string[] {
  if (text === "" || (text.trim() === "" && separator === " ")) return [];
  if (separator === " ") return text.trim().split(/\s+/);
  return text.split(separator.length === 1 ? separator : expressionOf(separator, true));
}
