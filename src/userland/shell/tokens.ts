/** The pieces that a script is made of: operators, reserved words, words, redirections (POSIX, Shell Command Language, 2.10.1). */
import { readQuoted, readWord, TextCursor } from "./read-word.ts";
import { type Redirection, type ShellWord, SyntaxFault } from "./syntax.ts";

const BLANKS = /(?:[ \t]|\\\n)*(?:#[^\n]*)?/y;
const OPERATOR = /&&|\|\||;;|<<-?|>>|<&|>&|<>|>\||[;&|()<>\n]/y;
const REDIRECT = /(\d*)(<<-?|>>|<&|>&|<>|>\||[<>])/y;
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  "if then else elif fi while until do done for in case esac { } !".split(" "),
);

interface HereDocument {
  readonly redirect: { target: ShellWord };
  readonly end: string;
  readonly stripsTabs: boolean;
  readonly isQuoted: boolean;
}

export class ShellTokenReader {
  readonly #cursor: TextCursor;
  #pending: HereDocument[] = [];

  constructor(text: string) {
    this.#cursor = new TextCursor(text);
  }

  get isDone(): boolean {
    return this.#cursor.isDone;
  }

  takeRedirects(): Redirection[] {
    const redirects: Redirection[] = [];
    for (let next = this.redirect(); next !== undefined; next = this.redirect()) redirects.push(next);
    return redirects;
  }

  redirect(): Redirection | undefined {
    this.#skipBlanks();
    const match = /^(\d*)(.*)$/.exec(this.#cursor.takeMatch(REDIRECT));
    const [, digits = "", operator = ""] = match ?? [];
    if (operator === "") return undefined;
    const fd = digits !== "" ? Number(digits) : operator.startsWith("<") ? 0 : 1;
    const target = this.readWord();
    if (operator === "<<" || operator === "<<-") return this.#announceHereDocument(fd, target, operator === "<<-");
    return { fd, operator: operator as Redirection["operator"], target };
  }

  #announceHereDocument(fd: number, end: ShellWord, stripsTabs: boolean): Redirection {
    const redirect: { fd: number; operator: "<<"; target: ShellWord } = { fd, operator: "<<", target: [] };
    const isQuoted = end.some((part) => part.kind === "text" && part.isQuoted);
    this.#pending.push({ redirect, end: takePlain(end), stripsTabs, isQuoted });
    return redirect;
  }

  readWords(): ShellWord[] {
    const words: ShellWord[] = [];
    for (let word = this.tryWord(); word !== undefined; word = this.tryWord()) words.push(word);
    return words;
  }

  readWord(): ShellWord {
    const word = this.tryWord();
    if (word === undefined) throw this.failUnexpected();
    return word;
  }

  tryWord(): ShellWord | undefined {
    this.#skipBlanks();
    const word = readWord(this.#cursor);
    return word.length === 0 ? undefined : word;
  }

  /** A reserved word that stands by itself, unquoted. */
  peekReserved(): string | undefined {
    this.#skipBlanks();
    const { at } = this.#cursor;
    const word = this.#cursor.takeMatch(/[^\s;&|()<>'"\\$`]+(?=[\s;&|()<>]|$)/y);
    this.#cursor.at = at;
    return RESERVED_WORDS.has(word) ? word : undefined;
  }

  takeReserved(word: string): boolean {
    this.#skipNewlinesBefore(word);
    if (this.peekReserved() !== word) return false;
    this.#cursor.at += word.length;
    return true;
  }

  #skipNewlinesBefore(word: string): void {
    const { at } = this.#cursor;
    this.skipNewlines();
    if (this.peekReserved() !== word) this.#cursor.at = at;
  }

  expectReserved(word: string): void {
    if (!this.takeReserved(word)) throw this.failUnexpected(word);
  }

  peekOperator(): string {
    this.#skipBlanks();
    const { at } = this.#cursor;
    const operator = this.#cursor.takeMatch(OPERATOR);
    this.#cursor.at = at;
    return operator;
  }

  takeOperator(): void {
    this.#cursor.takeMatch(OPERATOR);
  }

  expectOperator(operator: string): void {
    if (this.peekOperator() !== operator) throw this.failUnexpected(operator);
    this.takeOperator();
  }

  skipNewlines(): void {
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

  #skipBlanks(): void {
    this.#cursor.takeMatch(BLANKS);
  }

  failUnexpected(expecting?: string): SyntaxFault {
    this.#skipBlanks();
    if (this.#cursor.isDone)
      return new SyntaxFault(`syntax error: unexpected end of file${describeNext(expecting)}`, true);
    const found = this.peekOperator() || this.#cursor.takeMatch(/[^\s;&|()<>]+/y);
    return new SyntaxFault(
      `syntax error: unexpected ${found === "\n" ? "newline" : `"${found}"`}${describeNext(expecting)}`,
    );
  }
}

function describeNext(expecting: string | undefined): string {
  return expecting === undefined ? "" : ` (expecting "${expecting}")`;
}

/** A word without its quotes. */
export function takePlain(word: ShellWord): string {
  return word.map((part) => (part.kind === "text" ? part.text : "")).join("");
}
