/** From a script's text to its tree (POSIX, Shell Command Language, 2.10.2). */
import type { Arm, Assignment, Clause, Command, List, Redirect, Word } from "./syntax.ts";
import { plain, Tokens } from "./tokens.ts";

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;
const OPENING: readonly string[] = ["if", "while", "until", "for", "case", "{", "!"];

/** @throws SyntaxFault */
export function parseScript(text: string): List {
  const parser = new Parser(text);
  const list = parser.list();
  parser.expectEnd();
  return list;
}

class Parser {
  readonly #tokens: Tokens;

  constructor(text: string) {
    this.#tokens = new Tokens(text);
  }

  expectEnd(): void {
    if (!this.#tokens.isDone) throw this.#tokens.unexpected();
  }

  /** Commands up to what cannot begin one. */
  list(): List {
    const items: { command: Command; isBackground: boolean }[] = [];
    for (this.#tokens.newlines(); this.#beginsCommand(); this.#tokens.newlines()) {
      const command = this.#andOr();
      const operator = this.#tokens.peekOperator();
      if (operator === ";" || operator === "&") this.#tokens.takeOperator();
      items.push({ command, isBackground: operator === "&" });
      if (operator !== ";" && operator !== "&" && operator !== "\n") break;
    }
    return { kind: "list", items };
  }

  #andOr(): Command {
    let left = this.#pipeline();
    for (
      let operator = this.#tokens.peekOperator();
      operator === "&&" || operator === "||";
      operator = this.#tokens.peekOperator()
    ) {
      this.#tokens.takeOperator();
      this.#tokens.newlines();
      left = { kind: operator === "&&" ? "and" : "or", left, right: this.#pipeline() };
    }
    return left;
  }

  #pipeline(): Command {
    const isNegated = this.#tokens.takeReserved("!");
    const commands = [this.#command()];
    while (this.#tokens.peekOperator() === "|") {
      this.#tokens.takeOperator();
      this.#tokens.newlines();
      commands.push(this.#command());
    }
    const [only] = commands;
    return commands.length === 1 && !isNegated ? (only as Command) : { kind: "pipeline", commands, isNegated };
  }

  #command(): Command {
    const command = this.#compound();
    if (command === undefined) return this.#simple();
    const redirects = this.#tokens.redirects();
    return redirects.length === 0 ? command : { kind: "redirected", command, redirects };
  }

  #compound(): Command | undefined {
    if (this.#tokens.peekOperator() === "(") return this.#subshell();
    switch (this.#tokens.peekReserved()) {
      case "if":
        return this.#if();
      case "while":
      case "until":
        return this.#loop();
      case "for":
        return this.#for();
      case "case":
        return this.#case();
      case "{":
        return this.#enclosed("{", "}");
      default:
        return undefined;
    }
  }

  #subshell(): Command {
    this.#tokens.takeOperator();
    const body = this.list();
    this.#tokens.expectOperator(")");
    return { kind: "subshell", body };
  }

  #enclosed(open: string, close: string): List {
    this.#tokens.expectReserved(open);
    const body = this.list();
    this.#tokens.expectReserved(close);
    return body;
  }

  #if(): Command {
    const clauses: Clause[] = [];
    this.#tokens.expectReserved("if");
    do clauses.push(this.#clause("then"));
    while (this.#tokens.takeReserved("elif"));
    const otherwise = this.#tokens.takeReserved("else") ? this.list() : undefined;
    this.#tokens.expectReserved("fi");
    return { kind: "if", clauses, otherwise };
  }

  #clause(word: string): Clause {
    const condition = this.list();
    this.#tokens.expectReserved(word);
    return { condition, body: this.list() };
  }

  #loop(): Command {
    const isUntil = this.#tokens.takeReserved("until");
    if (!isUntil) this.#tokens.expectReserved("while");
    const condition = this.list();
    return { kind: "loop", isUntil, condition, body: this.#enclosed("do", "done") };
  }

  #for(): Command {
    this.#tokens.expectReserved("for");
    const name = plain(this.#tokens.word());
    this.#tokens.newlines();
    const words = this.#tokens.takeReserved("in") ? this.#tokens.words() : undefined;
    if (this.#tokens.peekOperator() === ";") this.#tokens.takeOperator();
    this.#tokens.newlines();
    return { kind: "for", name, words, body: this.#enclosed("do", "done") };
  }

  #case(): Command {
    this.#tokens.expectReserved("case");
    const subject = this.#tokens.word();
    this.#tokens.newlines();
    this.#tokens.expectReserved("in");
    const arms: Arm[] = [];
    for (this.#tokens.newlines(); !this.#tokens.takeReserved("esac"); this.#tokens.newlines()) arms.push(this.#arm());
    return { kind: "case", subject, arms };
  }

  #arm(): Arm {
    if (this.#tokens.peekOperator() === "(") this.#tokens.takeOperator();
    const patterns = [this.#tokens.word()];
    for (; this.#tokens.peekOperator() === "|"; patterns.push(this.#tokens.word())) this.#tokens.takeOperator();
    this.#tokens.expectOperator(")");
    const body = this.list();
    if (this.#tokens.peekOperator() === ";;") this.#tokens.takeOperator();
    return { patterns, body };
  }

  #simple(): Command {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      const redirect = this.#tokens.redirect();
      if (redirect !== undefined) {
        redirects.push(redirect);
        continue;
      }
      const word = this.#tokens.maybeWord();
      if (word === undefined) break;
      const assignment = words.length === 0 ? assignmentOf(word) : undefined;
      if (assignment === undefined) words.push(word);
      else assignments.push(assignment);
      if (words.length === 1 && this.#tokens.peekOperator() === "(") return this.#function(plain(words[0] as Word));
    }
    if (words.length + assignments.length + redirects.length === 0) throw this.#tokens.unexpected();
    return { kind: "simple", assignments, words, redirects };
  }

  #function(name: string): Command {
    this.#tokens.takeOperator();
    this.#tokens.expectOperator(")");
    this.#tokens.newlines();
    return { kind: "function", name, body: this.#command() };
  }

  #beginsCommand(): boolean {
    const operator = this.#tokens.peekOperator();
    if (operator !== "") return operator === "(" || "<>".includes(operator[0] as string);
    if (this.#tokens.isDone) return false;
    const reserved = this.#tokens.peekReserved();
    return reserved === undefined || OPENING.includes(reserved);
  }
}

function assignmentOf(word: Word): Assignment | undefined {
  const [first, ...rest] = word;
  if (first?.kind !== "text" || first.isQuoted) return undefined;
  const match = ASSIGNMENT.exec(first.text);
  if (match === null) return undefined;
  const text = first.text.slice(match[0].length);
  return { name: match[1] as string, value: text === "" ? rest : [{ ...first, text }, ...rest] };
}
