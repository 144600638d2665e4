/** Variables in a Dockerfile's words (buildkit frontend/dockerfile/shell/lex.go). */
import { badParameter } from "../../../model/api-error.ts";

export type Variables = ReadonlyMap<string, string>;

/** Quotes are taken away, `$name` and `${name:-word}` are filled in. @throws Refusal 400 */
export function expand(word: string, variables: Variables, escapeMark: string): string {
  return new Expansion(word, variables, escapeMark).all();
}

class Expansion {
  readonly #text: string;
  readonly #variables: Variables;
  readonly #escapeMark: string;
  #at = 0;

  constructor(text: string, variables: Variables, escapeMark: string) {
    this.#text = text;
    this.#variables = variables;
    this.#escapeMark = escapeMark;
  }

  all(): string {
    return this.#until("");
  }

  #until(end: string): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] as string;
      if (character === end) return result;
      result += this.#next(character);
    }
    if (end !== "")
      throw badParameter(`failed to process "${this.#text}": syntax error: missing '${end}' in substitution`);
    return result;
  }

  #next(character: string): string {
    this.#at += 1;
    if (character === "'") return this.#single();
    if (character === '"') return this.#double();
    if (character === "$") return this.#variable();
    if (character !== this.#escapeMark || this.#at >= this.#text.length) return character;
    return this.#text[this.#at++] as string;
  }

  #single(): string {
    const end = this.#text.indexOf("'", this.#at);
    if (end === -1) throw this.#unterminated();
    const inner = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return inner;
  }

  #double(): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++] as string;
      if (character === '"') return result;
      if (character === "$") result += this.#variable();
      else if (character === this.#escapeMark && /["$\\`]/.test(this.#text[this.#at] ?? ""))
        result += this.#text[this.#at++];
      else result += character;
    }
    throw this.#unterminated();
  }

  #unterminated(): Error {
    return badParameter(
      `failed to process "${this.#text}": unexpected end of statement while looking for matching quote`,
    );
  }

  #variable(): string {
    const [name] = /^(?:\d|[@*#?!$-]|[A-Za-z_]\w*)/.exec(this.#text.slice(this.#at)) ?? [];
    if (name !== undefined) {
      this.#at += name.length;
      return this.#variables.get(name) ?? "";
    }
    return this.#text[this.#at] === "{" ? this.#braced() : "$";
  }

  #braced(): string {
    const [whole = "", name = "", operator = ""] = /^\{(\w+)(:?[-+?]?)/.exec(this.#text.slice(this.#at)) ?? [];
    if (whole === "") throw badParameter(`failed to process "${this.#text}": syntax error: bad substitution`);
    this.#at += whole.length;
    const word = this.#until("}");
    this.#at += 1;
    const value = this.#variables.get(name);
    const isSet = value !== undefined && (value !== "" || !operator.startsWith(":"));
    switch (operator.at(-1)) {
      case "-":
        return isSet ? value : word;
      case "+":
        return isSet ? word : "";
      case "?":
        if (isSet) return value;
        throw badParameter(
          `failed to process "${this.#text}": ${name}: ${word === "" ? "is not allowed to be unset" : word}`,
        );
      default:
        return value ?? "";
    }
  }
}
