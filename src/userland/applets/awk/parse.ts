import { Expressions } from "./expressions.ts";
import type { Expression, Output, Routine, Rule, Script, Statement } from "./syntax.ts";
import { TokenReader } from "./token-reader.ts";
import { tokensOf } from "./tokens.ts";

/** @throws BadProgram */
export function scriptOf(program: string): Script {
  return new Parser(new TokenReader(tokensOf(program))).script();
}

class Parser {
  readonly #reader: TokenReader;
  readonly #expressions: Expressions;

  constructor(reader: TokenReader) {
    this.#reader = reader;
    this.#expressions = new Expressions(reader);
  }

  script(): Script {
    const rules: Rule[] = [];
    const routines = new Map<string, Routine>();
    for (this.#reader.passEnds(); this.#reader.token.kind !== "end"; this.#reader.passEnds()) {
      if (this.#reader.take("function") || this.#reader.take("func")) routines.set(...this.#routine());
      else rules.push(this.#rule());
    }
    return { rules, routines };
  }

  #routine(): [string, Routine] {
    const name = this.#reader.next().text;
    this.#reader.expect("(");
    const parameters: string[] = [];
    while (!this.#reader.take(")")) {
      parameters.push(this.#reader.next().text);
      this.#reader.take(",");
    }
    this.#reader.passLines();
    return [name, { parameters, body: this.#block() }];
  }

  #rule(): Rule {
    const when = this.#reader.take("BEGIN") ? "begin" : this.#reader.take("END") ? "end" : "line";
    const from = when !== "line" || this.#reader.is("{") ? undefined : this.#expressions.expression();
    const to = from !== undefined && this.#reader.take(",") ? this.#expressions.expression() : undefined;
    const body = this.#reader.is("{") ? this.#block() : undefined;
    return { when, ...(from && { from }), ...(to && { to }), ...(body && { body }) };
  }

  #block(): Statement {
    this.#reader.expect("{");
    const statements: Statement[] = [];
    for (this.#reader.passEnds(); !this.#reader.take("}"); this.#reader.passEnds()) statements.push(this.#statement());
    return { kind: "block", statements };
  }

  /** The one that a condition or a loop is for. */
  #body(): Statement {
    this.#reader.passLines();
    if (this.#reader.take(";")) return { kind: "block", statements: [] };
    return this.#statement();
  }

  #statement(): Statement {
    if (this.#reader.is("{")) return this.#block();
    if (this.#reader.take("if")) return this.#if();
    if (this.#reader.take("while")) {
      const condition = this.#inBrackets();
      return { kind: "while", condition, body: this.#body(), isAfter: false };
    }
    if (this.#reader.take("do")) return this.#do();
    if (this.#reader.take("for")) return this.#for();
    return this.#simple();
  }

  #if(): Statement {
    const condition = this.#inBrackets();
    const yes = this.#body();
    const before = this.#reader.place;
    this.#reader.passEnds();
    if (this.#reader.take("else")) return { kind: "if", condition, yes, no: this.#body() };
    this.#reader.back(before);
    return { kind: "if", condition, yes };
  }

  #do(): Statement {
    const body = this.#body();
    this.#reader.passEnds();
    this.#reader.expect("while");
    return { kind: "while", condition: this.#inBrackets(), body, isAfter: true };
  }

  #for(): Statement {
    this.#reader.expect("(");
    const [name, word, array, close] = this.#reader.ahead(4);
    if (word?.text === "in" && close?.text === ")") {
      for (let passed = 0; passed < 4; passed += 1) this.#reader.next();
      return { kind: "each", name: name?.text ?? "", array: array?.text ?? "", body: this.#body() };
    }
    const first = this.#reader.is(";") ? undefined : this.#simple();
    this.#reader.expect(";");
    const condition = this.#reader.is(";") ? undefined : this.#expressions.expression();
    this.#reader.expect(";");
    const step = this.#reader.is(")") ? undefined : this.#simple();
    this.#reader.expect(")");
    const body = this.#body();
    return { kind: "for", ...(first && { first }), ...(condition && { condition }), ...(step && { step }), body };
  }

  #simple(): Statement {
    for (const kind of ["next", "break", "continue"] as const) if (this.#reader.take(kind)) return { kind };
    for (const kind of ["exit", "return"] as const) {
      if (this.#reader.take(kind))
        return { kind, ...(this.#reader.isStatementOver ? {} : { value: this.#expressions.expression() }) };
    }
    if (this.#reader.take("delete")) {
      const array = this.#reader.next().text;
      return { kind: "delete", array, keys: this.#reader.take("[") ? this.#expressions.list("]") : [] };
    }
    if (this.#reader.take("print")) return this.#print(false);
    if (this.#reader.take("printf")) return this.#print(true);
    return { kind: "expression", value: this.#expressions.expression() };
  }

  #print(isFormatted: boolean): Statement {
    const values = this.#expressions.isPrintOver ? [] : this.#expressions.printed();
    const to = this.#output();
    return { kind: "print", isFormatted, values, ...(to && { to }) };
  }

  #output(): Output | undefined {
    const appends = this.#reader.take(">>");
    return appends || this.#reader.take(">") ? { path: this.#expressions.path(), appends } : undefined;
  }

  #inBrackets(): Expression {
    this.#reader.expect("(");
    const value = this.#expressions.expression();
    this.#reader.expect(")");
    return value;
  }
}
