/** A program of `awk` at work. It never waits: what it prints is taken from it between two lines. */
import { AwkEvaluation } from "./evaluation.ts";
import type { ExpressionEvaluator } from "./functions.ts";
import { AwkMemory } from "./memory.ts";
import { type AwkExpression, type AwkRule, type AwkScript, type AwkStatement, BadProgram } from "./syntax.ts";
import { type AwkValue, formatText, isTrue, numberOf, read, toText } from "./values.ts";

/** Ways out of a program that are not its end. */
class Jump extends Error {
  readonly to: "next" | "break" | "continue" | "exit" | "return";
  readonly value: AwkValue;

  constructor(to: Jump["to"], value: AwkValue = 0) {
    super(to);
    this.to = to;
    this.value = value;
  }
}

/** A loop that goes on beyond this never ends. */
const MOST_STEPS = 5_000_000;

export interface PrintTarget {
  readonly kind: "text";
  /** Undefined for standard output. */
  readonly path: string | undefined;
  readonly appends: boolean;
  readonly text: string;
}

/** What a program gives out between two lines: texts, and commands of `system`, which run when they are taken. */
export type AwkEffect = PrintTarget | { readonly kind: "command"; readonly command: string };

export class AwkInterpreter {
  readonly memory: AwkMemory = new AwkMemory();
  readonly #script: AwkScript;
  readonly #evaluation: AwkEvaluation;
  readonly #open = new Set<AwkRule>();
  #printed: AwkEffect[] = [];
  #steps = 0;
  status: number | undefined;

  constructor(script: AwkScript, chance: Pick<ExpressionEvaluator, "random" | "seconds">) {
    this.#script = script;
    this.#evaluation = new AwkEvaluation(this.memory, chance, (name, values) => this.#call(name, values));
  }

  /** What was printed since it was asked last. */
  takePrinted(): readonly AwkEffect[] {
    return this.#printed.splice(0);
  }

  get hasLines(): boolean {
    return this.#script.rules.some(({ when }) => when !== "begin");
  }

  begin(): void {
    this.#runAll("begin");
  }

  end(): void {
    this.#runAll("end");
  }

  runLine(text: string): void {
    this.memory.take(text);
    this.memory.count("NR");
    this.memory.count("FNR");
    this.#runAll("line");
  }

  #runAll(when: AwkRule["when"]): void {
    try {
      for (const rule of this.#script.rules) if (rule.when === when && this.#isMeant(rule)) this.#apply(rule);
    } catch (error) {
      if (!(error instanceof Jump) || (error.to !== "next" && error.to !== "exit")) throw error;
      if (error.to === "exit") this.status = numberOf(error.value);
    }
  }

  #isMeant(rule: AwkRule): boolean {
    const { from, to } = rule;
    if (from === undefined) return true;
    if (to === undefined) return isTrue(this.#evaluation.evaluate(from));
    if (!this.#open.has(rule) && !isTrue(this.#evaluation.evaluate(from))) return false;
    this.#open.add(rule);
    if (isTrue(this.#evaluation.evaluate(to))) this.#open.delete(rule);
    return true;
  }

  #apply({ body }: AwkRule): void {
    if (body === undefined) this.#print(`${this.memory.line}\n`);
    else this.#run(body);
  }

  #print(text: string, path?: string, appends = false): void {
    this.#printed.push({ kind: "text", path, appends, text });
  }

  #run(statement: AwkStatement): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new BadProgram("it never ends");
    switch (statement.kind) {
      case "block":
        for (const one of statement.statements) this.#run(one);
        break;
      case "expression":
        this.#evaluate(statement.value);
        break;
      case "print":
        this.#say(statement);
        break;
      case "if":
        if (isTrue(this.#evaluation.evaluate(statement.condition))) this.#run(statement.yes);
        else if (statement.no !== undefined) this.#run(statement.no);
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
          "value" in statement && statement.value ? this.#evaluation.evaluate(statement.value) : 0,
        );
    }
  }

  /** A `system` whose status is not used can run later; used in an expression, it would have to run now. */
  #evaluate(value: AwkExpression): void {
    if (value.kind === "call" && value.name === "system") {
      const [command] = value.values;
      this.#printed.push({ kind: "command", command: command ? toText(this.#evaluation.evaluate(command)) : "" });
    } else this.#evaluation.evaluate(value);
  }

  #say({ isFormatted, values, to }: Extract<AwkStatement, { kind: "print" }>): void {
    const [first = "", ...rest] = values.map((value) => this.#evaluation.evaluate(value));
    const texts = values.length === 0 ? [this.memory.line] : [first, ...rest].map(toText);
    const separator = this.memory.getText("OFS");
    const text = isFormatted
      ? formatText(toText(first), rest)
      : `${texts.join(separator)}${this.memory.getText("ORS")}`;
    this.#print(text, to === undefined ? undefined : toText(this.#evaluation.evaluate(to.path)), to?.appends);
  }

  #delete(array: string, keys: readonly AwkExpression[]): void {
    if (keys.length === 0) this.memory.getArray(array).clear();
    else this.memory.getArray(array).delete(this.#evaluation.readKey(keys));
  }

  #loop(loop: Extract<AwkStatement, { kind: "while" | "for" | "each" }>): void {
    if (loop.kind === "each") {
      for (const key of [...this.memory.getArray(loop.array).keys()]) {
        this.memory.set(loop.name, read(key));
        if (!this.#pass(loop.body)) return;
      }
      return;
    }
    if (loop.kind === "for" && loop.first !== undefined) this.#run(loop.first);
    for (let isFirst = loop.kind === "while" && loop.isAfter; ; isFirst = false) {
      const { condition } = loop;
      if (!isFirst && condition !== undefined && !isTrue(this.#evaluation.evaluate(condition))) return;
      if (!this.#pass(loop.body)) return;
      if (loop.kind === "for" && loop.step !== undefined) this.#run(loop.step);
    }
  }

  /** One turn of a loop; false where it was the last. */
  #pass(body: AwkStatement): boolean {
    try {
      this.#run(body);
      return true;
    } catch (error) {
      if (!(error instanceof Jump) || (error.to !== "break" && error.to !== "continue")) throw error;
      return error.to === "continue";
    }
  }

  #call(name: string, values: readonly AwkValue[]): AwkValue {
    const routine = this.#script.routines.get(name);
    if (routine === undefined) throw new BadProgram("Call to undefined function");
    const before = routine.parameters.map((parameter) => this.memory.getVariable(parameter));
    for (const [at, parameter] of routine.parameters.entries()) this.memory.set(parameter, values[at] ?? "");
    try {
      this.#run(routine.body);
      return "";
    } catch (error) {
      if (!(error instanceof Jump) || error.to !== "return") throw error;
      return error.value;
    } finally {
      for (const [at, parameter] of routine.parameters.entries()) this.memory.set(parameter, before[at] ?? "");
    }
  }
}
