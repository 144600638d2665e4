import { ExpressionParser } from "./expressions.ts";
import type { AwkExpression, AwkFunction, AwkOutput, AwkRule, AwkScript, AwkStatement } from "./syntax.ts";
import { AwkTokenReader } from "./token-reader.ts";
import { tokenize } from "./tokens.ts";

/** @throws BadProgram */
export function parseScript(program: string): AwkScript {
  return new Parser(new AwkTokenReader(tokenize(program))).parseScript();
}

class Parser {
  readonly #reader: AwkTokenReader;
  readonly #expressions: ExpressionParser;

  constructor(reader: AwkTokenReader) {
    this.#reader = reader;
    this.#expressions = new ExpressionParser(reader);
  }

  parseScript(): AwkScript {
    const rules: AwkRule[] = [];
    const routines = new Map<string, AwkFunction>();
    for (this.#reader.passEnds(); this.#reader.token.kind !== "end"; this.#reader.passEnds()) {
      if (this.#reader.take("function") || this.#reader.take("func")) routines.set(...this.#parseRoutine());
      else rules.push(this.#parseRule());
    }
    return { rules, routines };
  }

  #parseRoutine(): [string, AwkFunction] {
    const name = this.#reader.takeNext().text;
    this.#reader.expect("(");
    const parameters: string[] = [];
    while (!this.#reader.take(")")) {
      parameters.push(this.#reader.takeNext().text);
      this.#reader.take(",");
    }
    this.#reader.passLines();
    return [name, { parameters, body: this.#block() }];
  }

  #parseRule(): AwkRule {
    const when = this.#reader.take("BEGIN") ? "begin" : this.#reader.take("END") ? "end" : "line";
    const from = when !== "line" || this.#reader.is("{") ? undefined : this.#expressions.parseExpression();
    const to = from !== undefined && this.#reader.take(",") ? this.#expressions.parseExpression() : undefined;
    const body = this.#reader.is("{") ? this.#block() : undefined;
    return { when, ...(from && { from }), ...(to && { to }), ...(body && { body }) };
  }

  #block(): AwkStatement {
    this.#reader.expect("{");
    const statements: AwkStatement[] = [];
    for (this.#reader.passEnds(); !this.#reader.take("}"); this.#reader.passEnds())
      statements.push(this.#parseStatement());
    return { kind: "block", statements };
  }

  /** The one that a condition or a loop is for. */
  #parseBody(): AwkStatement {
    this.#reader.passLines();
    if (this.#reader.take(";")) return { kind: "block", statements: [] };
    return this.#parseStatement();
  }

  #parseStatement(): AwkStatement {
    if (this.#reader.is("{")) return this.#block();
    if (this.#reader.take("if")) return this.#parseIf();
    if (this.#reader.take("while")) {
      const condition = this.#parseInBrackets();
      return { kind: "while", condition, body: this.#parseBody(), isAfter: false };
    }
    if (this.#reader.take("do")) return this.#parseDo();
    if (this.#reader.take("for")) return this.#parseFor();
    return this.#parseSimple();
  }

  #parseIf(): AwkStatement {
    const condition = this.#parseInBrackets();
    const yes = this.#parseBody();
    const before = this.#reader.place;
    this.#reader.passEnds();
    if (this.#reader.take("else")) return { kind: "if", condition, yes, no: this.#parseBody() };
    this.#reader.stepBack(before);
    return { kind: "if", condition, yes };
  }

  #parseDo(): AwkStatement {
    const body = this.#parseBody();
    this.#reader.passEnds();
    this.#reader.expect("while");
    return { kind: "while", condition: this.#parseInBrackets(), body, isAfter: true };
  }

  #parseFor(): AwkStatement {
    this.#reader.expect("(");
    const [name, word, array, close] = this.#reader.peekAhead(4);
    if (word?.text === "in" && close?.text === ")") {
      for (let passed = 0; passed < 4; passed += 1) this.#reader.takeNext();
      return { kind: "each", name: name?.text ?? "", array: array?.text ?? "", body: this.#parseBody() };
    }
    const first = this.#reader.is(";") ? undefined : this.#parseSimple();
    this.#reader.expect(";");
    const condition = this.#reader.is(";") ? undefined : this.#expressions.parseExpression();
    this.#reader.expect(";");
    const step = this.#reader.is(")") ? undefined : this.#parseSimple();
    this.#reader.expect(")");
    const body = this.#parseBody();
    return { kind: "for", ...(first && { first }), ...(condition && { condition }), ...(step && { step }), body };
  }

  #parseSimple(): AwkStatement {
    for (const kind of ["next", "break", "continue"] as const) if (this.#reader.take(kind)) return { kind };
    for (const kind of ["exit", "return"] as const) {
      if (this.#reader.take(kind))
        return { kind, ...(this.#reader.isStatementOver ? {} : { value: this.#expressions.parseExpression() }) };
    }
    if (this.#reader.take("delete")) {
      const array = this.#reader.takeNext().text;
      return { kind: "delete", array, keys: this.#reader.take("[") ? this.#expressions.list("]") : [] };
    }
    if (this.#reader.take("print")) return this.#print(false);
    if (this.#reader.take("printf")) return this.#print(true);
    return { kind: "expression", value: this.#expressions.parseExpression() };
  }

  #print(isFormatted: boolean): AwkStatement {
    const values = this.#expressions.isPrintOver ? [] : this.#expressions.parsePrinted();
    const to = this.#parseOutput();
    return { kind: "print", isFormatted, values, ...(to && { to }) };
  }

  #parseOutput(): AwkOutput | undefined {
    const appends = this.#reader.take(">>");
    return appends || this.#reader.take(">") ? { path: this.#expressions.parsePath(), appends } : undefined;
  }

  #parseInBrackets(): AwkExpression {
    this.#reader.expect("(");
    const value = this.#expressions.parseExpression();
    this.#reader.expect(")");
    return value;
  }
}
