/** Expands variables in a Dockerfile's words (buildkit frontend/dockerfile/shell/lex.go). */
import { badParameter } from "../../model/api-error.ts";
import type { DockerfileVariables } from "./variables.ts";

/**
 * Removes quotes and replaces `$name` and `${name:-word}` by their values.
 * @throws ApiError 400 for an open quote, an open brace, or a failed `${name:?word}`
 */
export function expandWord(word: string, variables: DockerfileVariables, escapeMark: string): string {
  return new Expansion(word, variables, escapeMark).expand();
}

class Expansion {
  readonly #text: string;
  readonly #variables: DockerfileVariables;
  readonly #escapeMark: string;
  #at = 0;

  constructor(text: string, variables: DockerfileVariables, escapeMark: string) {
    this.#text = text;
    this.#variables = variables;
    this.#escapeMark = escapeMark;
  }

  expand(): string {
    return this.#readUntil("");
  }

  #readUntil(end: string): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] as string;
      if (character === end) return result;
      result += this.#readNext(character);
    }
    if (end !== "")
      throw badParameter(`failed to process "${this.#text}": syntax error: missing '${end}' in substitution`);
    return result;
  }

  #readNext(character: string): string {
    this.#at += 1;
    if (character === "'") return this.#readSingleQuoted();
    if (character === '"') return this.#readDoubleQuoted();
    if (character === "$") return this.#readVariable();
    if (character !== this.#escapeMark || this.#at >= this.#text.length) return character;
    return this.#text[this.#at++] as string;
  }

  #readSingleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at);
    if (end === -1) throw this.#createQuoteError();
    const inner = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return inner;
  }

  #readDoubleQuoted(): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++] as string;
      if (character === '"') return result;
      if (character === "$") result += this.#readVariable();
      else if (character === this.#escapeMark && /["$\\`]/.test(this.#text[this.#at] ?? ""))
        result += this.#text[this.#at++];
      else result += character;
    }
    throw this.#createQuoteError();
  }

  #createQuoteError(): Error {
    return badParameter(
      `failed to process "${this.#text}": unexpected end of statement while looking for matching quote`,
    );
  }

  #readVariable(): string {
    const [name] = /^(?:\d|[@*#?!$-]|[A-Za-z_]\w*)/.exec(this.#text.slice(this.#at)) ?? [];
    if (name !== undefined) {
      this.#at += name.length;
      return this.#variables.get(name) ?? "";
    }
    return this.#text[this.#at] === "{" ? this.#readBraced() : "$";
  }

  #readBraced(): string {
    const [whole = "", name = "", operator = ""] = /^\{(\w+)(:?[-+?]?)/.exec(this.#text.slice(this.#at)) ?? [];
    if (whole === "") throw badParameter(`failed to process "${this.#text}": syntax error: bad substitution`);
    this.#at += whole.length;
    const word = this.#readUntil("}");
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
