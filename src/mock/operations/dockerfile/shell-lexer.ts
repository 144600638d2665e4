/** Expands variables in the words of a Dockerfile as BuildKit does (buildkit frontend/dockerfile/shell/lex.go). */
import { ApiError, badParameter } from "../../model/api-error.ts";
import { replacePattern, trimPrefix, trimSuffix } from "./shell-pattern.ts";
import type { DockerfileVariables } from "./variables.ts";

export interface LexerOptions {
  readonly variables: DockerfileVariables;
  readonly escapeMark: string;
  /** Keeps quotes in the result. @default false */
  readonly keepsQuotes?: boolean;
  /** Keeps variables that are not set as they are written. @default false */
  readonly keepsUnset?: boolean;
  /** Takes quotes for letters, as in the text of a heredoc. @default false */
  readonly ignoresQuotes?: boolean;
  /** Knows only the operators of the classic builder: `:-`, `:+`, `:?` and `?`. @default false */
  readonly isClassic?: boolean;
}

export interface LexedWord {
  readonly text: string;
  /** The variables that were looked up. */
  readonly known: ReadonlySet<string>;
  readonly unknown: ReadonlySet<string>;
  /** Why the text could not be expanded to its end. */
  readonly error: ApiError | undefined;
}

/** Expands a text, and tells which variables it refers to. An error is part of the result: linters want both. */
export function lexWord(word: string, options: LexerOptions): LexedWord {
  const lexer = new ShellLexer(word, options);
  try {
    return { text: lexer.readUntil(""), known: lexer.known, unknown: lexer.unknown, error: undefined };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const described = badParameter(`failed to process ${JSON.stringify(word)}: ${error.message}`);
    return { text: "", known: lexer.known, unknown: lexer.unknown, error: described };
  }
}

/**
 * Removes quotes and replaces `$name` and `${name:-word}` by their values, as the classic builder does.
 * @throws ApiError 400 for an open quote, an open brace, or a failed `${name:?word}`
 */
export function expandWord(word: string, variables: DockerfileVariables, escapeMark: string): string {
  const { text, error } = lexWord(word, { variables, escapeMark, isClassic: true });
  if (error !== undefined) throw error;
  return text;
}

const NAME = /^(?:\d+|[@*#?!$-]|[\p{L}_][\p{L}\d_]*)/u;
/** `ENV A=$A$A` on forty lines would be a terabyte. Linux takes 128 KiB for a variable (MAX_ARG_STRLEN in binfmts.h). */
const LONGEST_VALUES = 1024 * 1024;
const CLASSIC_OPERATORS: ReadonlySet<string> = new Set([":-", ":+", ":?", "?", "}"]);

class ShellLexer {
  readonly known = new Set<string>();
  readonly unknown = new Set<string>();
  readonly #text: string;
  readonly #options: LexerOptions;
  #at = 0;
  #length = 0;
  /** Escapes stay in patterns. */
  #keepsEscapes = false;

  constructor(text: string, options: LexerOptions) {
    this.#text = text;
    this.#options = options;
  }

  readUntil(end: string): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] as string;
      if (character === end) {
        this.#at += 1;
        return result;
      }
      result += this.#readNext(character);
    }
    if (end !== "") throw badParameter(`unexpected end of statement while looking for matching ${end}`);
    return result;
  }

  #readNext(character: string): string {
    const { escapeMark, ignoresQuotes = false } = this.#options;
    this.#at += 1;
    if (character === "$") return this.#readVariable();
    if (character === "'" && !ignoresQuotes) return this.#readSingleQuoted();
    if (character === '"' && !ignoresQuotes) return this.#readDoubleQuoted();
    if (character !== escapeMark) return character;
    const next = this.#text[this.#at++] ?? "";
    return this.#keepsEscapes ? `${character}${next}` : next;
  }

  #readSingleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at);
    if (end === -1) throw createQuoteError("single");
    const inner = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return this.#quote(inner, "'");
  }

  #readDoubleQuoted(): string {
    const { escapeMark } = this.#options;
    let result = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++] as string;
      if (character === '"') return this.#quote(result, '"');
      if (character === "$") result += this.#readVariable();
      else if (character === escapeMark && ['"', "$", character].includes(this.#text[this.#at] ?? ""))
        result += `${this.#keepsEscapes ? character : ""}${this.#text[this.#at++]}`;
      else result += character;
    }
    throw createQuoteError("double");
  }

  #quote(inner: string, mark: string): string {
    return this.#options.keepsQuotes === true ? `${mark}${inner}${mark}` : inner;
  }

  /** `$name`, `$12`, `$@`, or a lone `$`. */
  #readVariable(): string {
    if (this.#text[this.#at] === "{") return this.#readBraced();
    const name = this.#readName();
    if (name === "") return "$";
    return this.#lookUp(name) ?? (this.#options.keepsUnset === true ? `$${name}` : "");
  }

  #readName(): string {
    const [name = ""] = NAME.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += name.length;
    return name;
  }

  #lookUp(name: string): string | undefined {
    const value = this.#options.variables.get(name);
    (value === undefined ? this.unknown : this.known).add(name);
    this.#grow(name, value?.length ?? 0);
    return value;
  }

  #grow(name: string, size: number): void {
    this.#length += size;
    if (this.#length > LONGEST_VALUES)
      throw badParameter(`with ${name} it would be more than 1 MiB, and whalesong's mock expands no longer words`);
  }

  #readBraced(): string {
    this.#at += 1;
    const first = this.#text[this.#at];
    if (first === undefined) throw badParameter("syntax error: missing '}'");
    if (["{", "}", ":"].includes(first)) throw badParameter("syntax error: bad substitution");
    const name = this.#readName();
    const operator = this.#readOperator();
    if (operator === "/") return this.#replace(name);
    const word = operator === "}" ? "" : this.#readWord("}", /[#%]/.test(operator));
    const value = this.#lookUp(name);
    if (value === undefined && this.#options.keepsUnset === true)
      return operator === "}" ? `\${${name}}` : `\${${name}${operator}${word}}`;
    if (this.#options.isClassic === true && !CLASSIC_OPERATORS.has(operator))
      throw createModifierError(operator.slice(1));
    return substitute(name, value, operator, word);
  }

  #readOperator(): string {
    if (this.#options.isClassic === true) return this.#readClassicOperator();
    const [operator = "\ufffd"] = /^(?::.?|[}+\-?#%/])/su.exec(this.#text.slice(this.#at)) ?? [];
    if (!/^(?:[-+?}#%/]|:[^#%])$/su.test(operator)) {
      const shown = operator === "\ufffd" ? (this.#text[this.#at] ?? operator) : operator;
      throw createModifierError(shown);
    }
    this.#at += operator.length;
    return operator;
  }

  /** An unknown modifier is refused behind its word. */
  #readClassicOperator(): string {
    const [operator = ""] = /^(?::.|[?}])/su.exec(this.#text.slice(this.#at)) ?? [];
    if (operator === "") throw badParameter("missing ':' in substitution");
    this.#at += operator.length;
    return operator;
  }

  #readWord(end: string, keepsEscapes: boolean): string {
    const before = this.#keepsEscapes;
    this.#keepsEscapes = keepsEscapes;
    try {
      return this.readUntil(end);
    } catch (error) {
      if (this.#at < this.#text.length) throw error;
      throw badParameter(end === "}" ? "syntax error: missing '}'" : `syntax error: missing '/' in \${}`);
    } finally {
      this.#keepsEscapes = before;
    }
  }

  /** `${name/pattern/replacement}`, `${name//pattern/replacement}`. */
  #replace(name: string): string {
    const isAll = this.#text[this.#at] === "/";
    if (isAll) this.#at += 1;
    const pattern = this.#readWord("/", true);
    const replacement = this.#readWord("}", true);
    const value = this.#lookUp(name);
    if (isAll) this.#grow(name, countPlaces(value ?? "", pattern) * replacement.length);
    if (value === undefined && this.#options.keepsUnset === true) return `\${${name}/${pattern}/${replacement}}`;
    return replacePattern(value ?? "", pattern, replacement, isAll);
  }
}

/** At how many places of a text a pattern may fit, at most. */
function countPlaces(text: string, pattern: string): number {
  return /[?*]/.test(pattern) ? text.length + 1 : text.split(pattern).length;
}

function substitute(name: string, value: string | undefined, operator: string, word: string): string {
  const isUnset = value === undefined || (operator.startsWith(":") && value === "");
  switch (operator.at(-1)) {
    case "-":
      return isUnset ? word : value;
    case "+":
      return isUnset ? "" : word;
    case "?":
      if (!isUnset) return value;
      throw badParameter(`${name}: ${word || `is not allowed to be ${value === undefined ? "unset" : "empty"}`}`);
    case "#":
      return trimPrefix(value ?? "", word.replace(/^#/, ""), word.startsWith("#"));
    case "%":
      return trimSuffix(value ?? "", word.replace(/^%/, ""), word.startsWith("%"));
    case "}":
      return value ?? "";
    default:
      throw createModifierError(operator);
  }
}

function createModifierError(operator: string): ApiError {
  return badParameter(`unsupported modifier (${operator}) in substitution`);
}

function createQuoteError(kind: "single" | "double"): ApiError {
  return badParameter(`unexpected end of statement while looking for matching ${kind}-quote`);
}
