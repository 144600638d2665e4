/** The pieces that a script is made of: operators, reserved words, words, redirections (POSIX, Shell Command Language, 2.10.1). */
import { Cursor, readQuoted, readWord } from "./read-word.ts";
import { type Redirect, SyntaxFault, type Word } from "./syntax.ts";

const BLANKS = /(?:[ \t]|\\\n)*(?:#[^\n]*)?/y;
const OPERATOR = /&&|\|\||;;|<<-?|>>|<&|>&|<>|>\||[;&|()<>\n]/y;
const REDIRECT = /(\d*)(<<-?|>>|<&|>&|<>|>\||[<>])/y;
const RESERVED: ReadonlySet<string> = new Set(
  "if then else elif fi while until do done for in case esac { } !".split(" "),
);

interface HereDocument {
  readonly redirect: { target: Word };
  readonly end: string;
  readonly stripsTabs: boolean;
  readonly isQuoted: boolean;
}

export class Tokens {
  readonly #cursor: Cursor;
  #pending: HereDocument[] = [];

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  get isDone(): boolean {
    return this.#cursor.isDone;
  }

  redirects(): Redirect[] {
    const redirects: Redirect[] = [];
    for (let next = this.redirect(); next !== undefined; next = this.redirect()) redirects.push(next);
    return redirects;
  }

  redirect(): Redirect | undefined {
    this.#blanks();
    const match = /^(\d*)(.*)$/.exec(this.#cursor.takeMatch(REDIRECT));
    const [, digits = "", operator = ""] = match ?? [];
    if (operator === "") return undefined;
    const fd = digits !== "" ? Number(digits) : operator.startsWith("<") ? 0 : 1;
    const target = this.word();
    if (operator === "<<" || operator === "<<-") return this.#hereDocument(fd, target, operator === "<<-");
    return { fd, operator: operator as Redirect["operator"], target };
  }

  #hereDocument(fd: number, end: Word, stripsTabs: boolean): Redirect {
    const redirect: { fd: number; operator: "<<"; target: Word } = { fd, operator: "<<", target: [] };
    const isQuoted = end.some((part) => part.kind === "text" && part.isQuoted);
    this.#pending.push({ redirect, end: plain(end), stripsTabs, isQuoted });
    return redirect;
  }

  words(): Word[] {
    const words: Word[] = [];
    for (let word = this.maybeWord(); word !== undefined; word = this.maybeWord()) words.push(word);
    return words;
  }

  word(): Word {
    const word = this.maybeWord();
    if (word === undefined) throw this.unexpected();
    return word;
  }

  maybeWord(): Word | undefined {
    this.#blanks();
    const word = readWord(this.#cursor);
    return word.length === 0 ? undefined : word;
  }

  /** A reserved word that stands by itself, unquoted. */
  peekReserved(): string | undefined {
    this.#blanks();
    const { at } = this.#cursor;
    const word = this.#cursor.takeMatch(/[^\s;&|()<>'"\\$`]+(?=[\s;&|()<>]|$)/y);
    this.#cursor.at = at;
    return RESERVED.has(word) ? word : undefined;
  }

  takeReserved(word: string): boolean {
    this.#newlinesBefore(word);
    if (this.peekReserved() !== word) return false;
    this.#cursor.at += word.length;
    return true;
  }

  #newlinesBefore(word: string): void {
    const { at } = this.#cursor;
    this.newlines();
    if (this.peekReserved() !== word) this.#cursor.at = at;
  }

  expectReserved(word: string): void {
    if (!this.takeReserved(word)) throw this.unexpected(word);
  }

  peekOperator(): string {
    this.#blanks();
    const { at } = this.#cursor;
    const operator = this.#cursor.takeMatch(OPERATOR);
    this.#cursor.at = at;
    return operator;
  }

  takeOperator(): void {
    this.#cursor.takeMatch(OPERATOR);
  }

  expectOperator(operator: string): void {
    if (this.peekOperator() !== operator) throw this.unexpected(operator);
    this.takeOperator();
  }

  newlines(): void {
    while (this.peekOperator() === "\n") {
      this.takeOperator();
      for (const document of this.#pending.splice(0)) this.#readHereDocument(document);
    }
  }

  #readHereDocument({ redirect, end, stripsTabs, isQuoted }: HereDocument): void {
    const { text } = this.#cursor;
    let content = "";
    while (!this.#cursor.isDone) {
      const stop = text.indexOf("\n", this.#cursor.at);
      const raw = text.slice(this.#cursor.at, stop === -1 ? text.length : stop);
      this.#cursor.at += raw.length + 1;
      const line = stripsTabs ? raw.replace(/^\t+/, "") : raw;
      if (line === end) break;
      content += `${line}\n`;
    }
    redirect.target = isQuoted ? [{ kind: "text", text: content, isQuoted: true }] : readQuoted(content);
  }

  #blanks(): void {
    this.#cursor.takeMatch(BLANKS);
  }

  unexpected(expecting?: string): SyntaxFault {
    this.#blanks();
    if (this.#cursor.isDone) return new SyntaxFault(`syntax error: unexpected end of file${hint(expecting)}`, true);
    const found = this.peekOperator() || this.#cursor.takeMatch(/[^\s;&|()<>]+/y);
    return new SyntaxFault(`syntax error: unexpected ${found === "\n" ? "newline" : `"${found}"`}${hint(expecting)}`);
  }
}

function hint(expecting: string | undefined): string {
  return expecting === undefined ? "" : ` (expecting "${expecting}")`;
}

/** A word without its quotes. */
export function plain(word: Word): string {
  return word.map((part) => (part.kind === "text" ? part.text : "")).join("");
}
