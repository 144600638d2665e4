/** From a script's text to its tree (POSIX, Shell Command Language, 2.10.2). */
import type {
  CaseArm,
  CommandList,
  IfClause,
  Redirection,
  ShellCommand,
  ShellWord,
  VariableAssignment,
} from "./syntax.ts";
import { ShellTokenReader, takePlain } from "./tokens.ts";

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;
const OPENING: readonly string[] = ["if", "while", "until", "for", "case", "{", "!"];

/** @throws SyntaxFault */
export function parseScript(text: string): CommandList {
  const parser = new Parser(text);
  const list = parser.list();
  parser.expectEnd();
  return list;
}

class Parser {
  readonly #tokens: ShellTokenReader;

  constructor(text: string) {
    this.#tokens = new ShellTokenReader(text);
  }

  expectEnd(): void {
    if (!this.#tokens.isDone) throw this.#tokens.failUnexpected();
  }

  /** Commands up to what cannot begin one. */
  list(): CommandList {
    const items: { command: ShellCommand; isBackground: boolean }[] = [];
    for (this.#tokens.skipNewlines(); this.#isCommandStart(); this.#tokens.skipNewlines()) {
      const command = this.#parseAndOr();
      const operator = this.#tokens.peekOperator();
      if (operator === ";" || operator === "&") this.#tokens.takeOperator();
      items.push({ command, isBackground: operator === "&" });
      if (operator !== ";" && operator !== "&" && operator !== "\n") break;
    }
    return { kind: "list", items };
  }

  #parseAndOr(): ShellCommand {
    let left = this.#parsePipeline();
    for (
      let operator = this.#tokens.peekOperator();
      operator === "&&" || operator === "||";
      operator = this.#tokens.peekOperator()
    ) {
      this.#tokens.takeOperator();
      this.#tokens.skipNewlines();
      left = { kind: operator === "&&" ? "and" : "or", left, right: this.#parsePipeline() };
    }
    return left;
  }

  #parsePipeline(): ShellCommand {
    const isNegated = this.#tokens.takeReserved("!");
    const commands = [this.#parseCommand()];
    while (this.#tokens.peekOperator() === "|") {
      this.#tokens.takeOperator();
      this.#tokens.skipNewlines();
      commands.push(this.#parseCommand());
    }
    const [only] = commands;
    return commands.length === 1 && !isNegated ? (only as ShellCommand) : { kind: "pipeline", commands, isNegated };
  }

  #parseCommand(): ShellCommand {
    const command = this.#parseCompound();
    if (command === undefined) return this.#parseSimple();
    const redirects = this.#tokens.takeRedirects();
    return redirects.length === 0 ? command : { kind: "redirected", command, redirects };
  }

  #parseCompound(): ShellCommand | undefined {
    if (this.#tokens.peekOperator() === "(") return this.#parseSubshell();
    switch (this.#tokens.peekReserved()) {
      case "if":
        return this.#parseIf();
      case "while":
      case "until":
        return this.#loop();
      case "for":
        return this.#parseFor();
      case "case":
        return this.#parseCase();
      case "{":
        return this.#parseEnclosed("{", "}");
      default:
        return undefined;
    }
  }

  #parseSubshell(): ShellCommand {
    this.#tokens.takeOperator();
    const body = this.list();
    this.#tokens.expectOperator(")");
    return { kind: "subshell", body };
  }

  #parseEnclosed(open: string, close: string): CommandList {
    this.#tokens.expectReserved(open);
    const body = this.list();
    this.#tokens.expectReserved(close);
    return body;
  }

  #parseIf(): ShellCommand {
    const clauses: IfClause[] = [];
    this.#tokens.expectReserved("if");
    do clauses.push(this.#parseClause("then"));
    while (this.#tokens.takeReserved("elif"));
    const otherwise = this.#tokens.takeReserved("else") ? this.list() : undefined;
    this.#tokens.expectReserved("fi");
    return { kind: "if", clauses, otherwise };
  }

  #parseClause(word: string): IfClause {
    const condition = this.list();
    this.#tokens.expectReserved(word);
    return { condition, body: this.list() };
  }

  #loop(): ShellCommand {
    const isUntil = this.#tokens.takeReserved("until");
    if (!isUntil) this.#tokens.expectReserved("while");
    const condition = this.list();
    return { kind: "loop", isUntil, condition, body: this.#parseEnclosed("do", "done") };
  }

  #parseFor(): ShellCommand {
    this.#tokens.expectReserved("for");
    const name = takePlain(this.#tokens.readWord());
    this.#tokens.skipNewlines();
    const words = this.#tokens.takeReserved("in") ? this.#tokens.readWords() : undefined;
    if (this.#tokens.peekOperator() === ";") this.#tokens.takeOperator();
    this.#tokens.skipNewlines();
    return { kind: "for", name, words, body: this.#parseEnclosed("do", "done") };
  }

  #parseCase(): ShellCommand {
    this.#tokens.expectReserved("case");
    const subject = this.#tokens.readWord();
    this.#tokens.skipNewlines();
    this.#tokens.expectReserved("in");
    const arms: CaseArm[] = [];
    for (this.#tokens.skipNewlines(); !this.#tokens.takeReserved("esac"); this.#tokens.skipNewlines())
      arms.push(this.#arm());
    return { kind: "case", subject, arms };
  }

  #arm(): CaseArm {
    if (this.#tokens.peekOperator() === "(") this.#tokens.takeOperator();
    const patterns = [this.#tokens.readWord()];
    for (; this.#tokens.peekOperator() === "|"; patterns.push(this.#tokens.readWord())) this.#tokens.takeOperator();
    this.#tokens.expectOperator(")");
    const body = this.list();
    if (this.#tokens.peekOperator() === ";;") this.#tokens.takeOperator();
    return { patterns, body };
  }

  #parseSimple(): ShellCommand {
    const assignments: VariableAssignment[] = [];
    const words: ShellWord[] = [];
    const redirects: Redirection[] = [];
    for (;;) {
      const redirect = this.#tokens.redirect();
      if (redirect !== undefined) {
        redirects.push(redirect);
        continue;
      }
      const word = this.#tokens.tryWord();
      if (word === undefined) break;
      const assignment = words.length === 0 ? parseAssignment(word) : undefined;
      if (assignment === undefined) words.push(word);
      else assignments.push(assignment);
      const isFunction = words.length === 1 && assignments.length === 0 && redirects.length === 0;
      if (isFunction && this.#tokens.peekOperator() === "(")
        return this.#parseFunction(takePlain(words[0] as ShellWord));
    }
    if (words.length + assignments.length + redirects.length === 0) throw this.#tokens.failUnexpected();
    return { kind: "simple", assignments, words, redirects };
  }

  #parseFunction(name: string): ShellCommand {
    this.#tokens.takeOperator();
    this.#tokens.expectOperator(")");
    this.#tokens.skipNewlines();
    return { kind: "function", name, body: this.#parseCommand() };
  }

  #isCommandStart(): boolean {
    const operator = this.#tokens.peekOperator();
    if (operator !== "") return operator === "(" || "<>".includes(operator[0] as string);
    if (this.#tokens.isDone) return false;
    const reserved = this.#tokens.peekReserved();
    return reserved === undefined || OPENING.includes(reserved);
  }
}

function parseAssignment(word: ShellWord): VariableAssignment | undefined {
  const [first, ...rest] = word;
  if (first?.kind !== "text" || first.isQuoted) return undefined;
  const match = ASSIGNMENT.exec(first.text);
  if (match === null) return undefined;
  const text = first.text.slice(match[0].length);
  return { name: match[1] as string, value: text === "" ? rest : [{ ...first, text }, ...rest] };
}
