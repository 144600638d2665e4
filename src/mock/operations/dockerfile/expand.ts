/** Expands variables in a Dockerfile's words (buildkit frontend/dockerfile/shell/lex.go). */
import { type ApiError, badParameter } from "../../model/api-error.ts";
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
    if (end !== "") throw this.#createError(`syntax error: missing '${end}'`);
    return result;
  }

  #readNext(character: string): string {
    this.#at += 1;
    if (character === "'") return this.#readSingleQuoted();
    if (character === '"') return this.#readDoubleQuoted();
    if (character === "$") return this.#readVariable();
    if (character !== this.#escapeMark) return character;
    return this.#text[this.#at++] ?? "";
  }

  #readSingleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at);
    if (end === -1) throw this.#createQuoteError("single");
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
      else if (character === this.#escapeMark && ['"', "$", character].includes(this.#text[this.#at] ?? ""))
        result += this.#text[this.#at++];
      else result += character;
    }
    throw this.#createQuoteError("double");
  }

  /** `$name`, `$12`, `$@`, or a lone `$`. */
  #readVariable(): string {
    if (this.#text[this.#at] === "{") return this.#readBraced();
    const name = this.#readName();
    return name === "" ? "$" : (this.#variables.get(name) ?? "");
  }

  #readName(): string {
    const [name = ""] = /^(?:\d+|[@*#?!$-]|[\p{L}_][\p{L}\d_]*)/u.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += name.length;
    return name;
  }

  #readBraced(): string {
    this.#at += 1;
    const first = this.#text[this.#at];
    if (first === undefined) throw this.#createError("syntax error: missing '}'");
    if (["{", "}", ":"].includes(first)) throw this.#createError("syntax error: bad substitution");
    const name = this.#readName();
    const operator = this.#readOperator();
    const word = this.#readUntil("}");
    this.#at += 1;
    return this.#substitute(name, operator, word);
  }

  /** The operator up to its word: `:-`, `:+`, `:?`, `?`, or none. */
  #readOperator(): string {
    const [operator = ""] = /^(?::.|\?)/su.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += operator.length;
    if (operator === "" && this.#text[this.#at] !== "}") throw this.#createError("missing ':' in substitution");
    return operator;
  }

  #substitute(name: string, operator: string, word: string): string {
    const value = this.#variables.get(name);
    const text = value ?? "";
    switch (operator) {
      case "":
        return text;
      case ":-":
        return text === "" ? word : text;
      case ":+":
        return text === "" ? "" : word;
      case ":?":
        if (text === "")
          throw this.#createError(
            `${name}: ${word || `is not allowed to be ${value === undefined ? "unset" : "empty"}`}`,
          );
        return text;
      case "?":
        if (value === undefined) throw this.#createError(`${name}: ${word || "is not allowed to be unset"}`);
        return text;
      default:
        throw this.#createError(`unsupported modifier (${operator.slice(1)}) in substitution`);
    }
  }

  #createQuoteError(kind: "single" | "double"): ApiError {
    return this.#createError(`unexpected end of statement while looking for matching ${kind}-quote`);
  }

  #createError(why: string): ApiError {
    return badParameter(`failed to process ${JSON.stringify(this.#text)}: ${why}`);
  }
}
