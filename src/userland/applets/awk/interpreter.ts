/** A program of `awk` at work. It never waits: what it prints is taken from it between two lines. */
import { Evaluation } from "./evaluation.ts";
import type { Evaluator } from "./functions.ts";
import { Memory } from "./memory.ts";
import { BadProgram, type Expression, type Rule, type Script, type Statement } from "./syntax.ts";
import { formatted, isTrue, numberOf, read, textOf, type Value } from "./values.ts";

/** Ways out of a program that are not its end. */
class Jump extends Error {
  readonly to: "next" | "break" | "continue" | "exit" | "return";
  readonly value: Value;

  constructor(to: Jump["to"], value: Value = 0) {
    super(to);
    this.to = to;
    this.value = value;
  }
}

/** A loop that goes on beyond this never ends. */
const MOST_STEPS = 5_000_000;

export interface Printed {
  /** Undefined for standard output. */
  readonly path: string | undefined;
  readonly appends: boolean;
  readonly text: string;
}

export class Interpreter {
  readonly memory: Memory = new Memory();
  readonly #script: Script;
  readonly #evaluation: Evaluation;
  readonly #open = new Set<Rule>();
  #printed: Printed[] = [];
  #steps = 0;
  status: number | undefined;

  constructor(script: Script, chance: Pick<Evaluator, "random" | "seconds">) {
    this.#script = script;
    this.#evaluation = new Evaluation(this.memory, chance, (name, values) => this.#call(name, values));
  }

  /** What was printed since it was asked last. */
  takePrinted(): readonly Printed[] {
    return this.#printed.splice(0);
  }

  get hasLines(): boolean {
    return this.#script.rules.some(({ when }) => when !== "begin");
  }

  begin(): void {
    this.#all("begin");
  }

  end(): void {
    this.#all("end");
  }

  line(text: string): void {
    this.memory.take(text);
    this.memory.count("NR");
    this.memory.count("FNR");
    this.#all("line");
  }

  #all(when: Rule["when"]): void {
    try {
      for (const rule of this.#script.rules) if (rule.when === when && this.#isMeant(rule)) this.#apply(rule);
    } catch (error) {
      if (!(error instanceof Jump) || (error.to !== "next" && error.to !== "exit")) throw error;
      if (error.to === "exit") this.status = numberOf(error.value);
    }
  }

  #isMeant(rule: Rule): boolean {
    const { from, to } = rule;
    if (from === undefined) return true;
    if (to === undefined) return isTrue(this.#evaluation.value(from));
    if (!this.#open.has(rule) && !isTrue(this.#evaluation.value(from))) return false;
    this.#open.add(rule);
    if (isTrue(this.#evaluation.value(to))) this.#open.delete(rule);
    return true;
  }

  #apply({ body }: Rule): void {
    if (body === undefined) this.#print(`${this.memory.line}\n`);
    else this.#do(body);
  }

  #print(text: string, path?: string, appends = false): void {
    this.#printed.push({ path, appends, text });
  }

  #do(statement: Statement): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new BadProgram("it never ends");
    switch (statement.kind) {
      case "block":
        for (const one of statement.statements) this.#do(one);
        break;
      case "expression":
        this.#evaluation.value(statement.value);
        break;
      case "print":
        this.#say(statement);
        break;
      case "if":
        if (isTrue(this.#evaluation.value(statement.condition))) this.#do(statement.yes);
        else if (statement.no !== undefined) this.#do(statement.no);
        break;
      case "delete":
        this.#delete(statement.array, statement.keys);
        break;
      case "while":
      case "for":
      case "each":
        this.#loop(statement);
        break;
      default:
        throw new Jump(
          statement.kind,
          "value" in statement && statement.value ? this.#evaluation.value(statement.value) : 0,
        );
    }
  }

  #say({ isFormatted, values, to }: Extract<Statement, { kind: "print" }>): void {
    const [first = "", ...rest] = values.map((value) => this.#evaluation.value(value));
    const texts = values.length === 0 ? [this.memory.line] : [first, ...rest].map(textOf);
    const separator = this.memory.text("OFS");
    const text = isFormatted ? formatted(textOf(first), rest) : `${texts.join(separator)}${this.memory.text("ORS")}`;
    this.#print(text, to === undefined ? undefined : textOf(this.#evaluation.value(to.path)), to?.appends);
  }

  #delete(array: string, keys: readonly Expression[]): void {
    if (keys.length === 0) this.memory.array(array).clear();
    else this.memory.array(array).delete(this.#evaluation.key(keys));
  }

  #loop(loop: Extract<Statement, { kind: "while" | "for" | "each" }>): void {
    if (loop.kind === "each") {
      for (const key of [...this.memory.array(loop.array).keys()]) {
        this.memory.set(loop.name, read(key));
        if (!this.#pass(loop.body)) return;
      }
      return;
    }
    if (loop.kind === "for" && loop.first !== undefined) this.#do(loop.first);
    for (let isFirst = loop.kind === "while" && loop.isAfter; ; isFirst = false) {
      const { condition } = loop;
      if (!isFirst && condition !== undefined && !isTrue(this.#evaluation.value(condition))) return;
      if (!this.#pass(loop.body)) return;
      if (loop.kind === "for" && loop.step !== undefined) this.#do(loop.step);
    }
  }

  /** One turn of a loop; false where it was the last. */
  #pass(body: Statement): boolean {
    try {
      this.#do(body);
      return true;
    } catch (error) {
      if (!(error instanceof Jump) || (error.to !== "break" && error.to !== "continue")) throw error;
      return error.to === "continue";
    }
  }

  #call(name: string, given: readonly Value[]): Value {
    const routine = this.#script.routines.get(name);
    if (routine === undefined) throw new BadProgram("Call to undefined function");
    const before = routine.parameters.map((parameter) => this.memory.variable(parameter));
    for (const [at, parameter] of routine.parameters.entries()) this.memory.set(parameter, given[at] ?? "");
    try {
      this.#do(routine.body);
      return "";
    } catch (error) {
      if (!(error instanceof Jump) || error.to !== "return") throw error;
      return error.value;
    } finally {
      for (const [at, parameter] of routine.parameters.entries()) this.memory.set(parameter, before[at] ?? "");
    }
  }
}
