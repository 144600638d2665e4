/**
 * Regular expressions of programs in containers. V8 backtracks, and `(a+)+$` takes it years: the whole simulated daemon
 * would stand still. V8 has a second engine, which takes linear time, but twenty times as long where nothing backtracks.
 * Which of them matches is told from the pattern and the length of the text, never from a clock, so that results do not
 * depend on the machine. What the linear engine cannot take, back references above all, is given a time (decision 0037).
 */
import { setFlagsFromString } from "node:v8";
import { foldCase, isFoldable } from "./fold-case.ts";
import { boundSteps } from "./pattern-steps.ts";
import { TimedPattern } from "./timed-pattern.ts";

const SURROGATE = /[\ud800-\udfff]/;
/** What gives a match more than one way: a quantifier, or a choice; forty choices have as many ways as `(a+)+`. */
const CHOICE = /[*+{|]|(?<!\()\?/;
/** Backtracking steps that may be taken whatever the pattern: some ten milliseconds. */
const MAX_STEPS = 5_000_000;
/** Backtracking steps in the time of one of the linear engine, which takes one for each character of text and pattern. */
const STEPS_OF_LINEAR = 20;

/** @throws SyntaxError as `new RegExp` */
export function compileLinear(source: string, flags = ""): RegExp {
  const isFolded = flags.includes("i") && !SURROGATE.test(source) && isFoldable(source);
  const kept = isFolded ? flags.replace("i", "") : flags;
  const folded = isFolded ? foldCase(source) : source;
  return CHOICE.test(folded) ? new LinearPattern(folded, kept) : new RegExp(folded, kept);
}

/** `u` is needed where a text has characters of two code units. */
export function chooseUnicode(...texts: readonly string[]): "u" | "" {
  return texts.some((text) => SURROGATE.test(text)) ? "u" : "";
}

/** A pattern that backtracks where it cannot take long, and is matched by the linear engine elsewhere. */
class LinearPattern extends RegExp {
  #countSteps: ((length: number) => number) | undefined;
  #backtracking: RegExp | undefined;
  #linear: RegExp | undefined;

  override exec(text: string): RegExpExecArray | null {
    if (this.#isFast(text)) return super.exec(text);
    this.#linear ??= compileForLinearEngine(this.source, this.flags);
    this.#linear.lastIndex = this.lastIndex;
    const found = this.#linear.exec(text);
    this.lastIndex = this.#linear.lastIndex;
    return found;
  }

  // Where `exec` is V8's own, `replace` takes a short cut, on which the linear engine of V8 11 to 14 finds empty matches
  // twice and captures what is not in the text. With the `exec` of this class it takes none.

  /** V8's short cut, where it can be trusted. */
  override [Symbol.replace](text: string, by: string | ((...found: string[]) => string)): string {
    if (this.#isFast(text)) return this.#backtrack((pattern) => pattern[Symbol.replace](text, by as string));
    return super[Symbol.replace](text, by as string);
  }

  override [Symbol.split](text: string, limit?: number): string[] {
    if (this.#isFast(text)) return this.#backtrack((pattern) => pattern[Symbol.split](text, limit));
    return splitText(text, new LinearPattern(this, `${this.flags.replace(/[gy]/g, "")}g`), limit);
  }

  #backtrack<Result>(use: (pattern: RegExp) => Result): Result {
    this.#backtracking ??= new RegExp(this.source, this.flags);
    this.#backtracking.lastIndex = this.lastIndex;
    const result = use(this.#backtracking);
    this.lastIndex = this.#backtracking.lastIndex;
    return result;
  }

  #isFast({ length }: string): boolean {
    this.#countSteps ??= boundSteps(this.source, this.flags);
    return this.#countSteps(length) <= Math.max(MAX_STEPS, STEPS_OF_LINEAR * this.source.length * length);
  }
}

/** The flag `l` is V8's own. Admitted once it has to stay so: V8 12 ends the process where it is taken back. */
function compileForLinearEngine(source: string, flags: string): RegExp {
  setFlagsFromString("--enable-experimental-regexp-engine");
  try {
    return new RegExp(source, `${flags}l`);
  } catch {
    return new TimedPattern(source, flags);
  }
}

/** As `split` of RegExp, which would have the linear engine begin anew at each character. */
function splitText(text: string, separator: RegExp, limit?: number): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(separator)) {
    const { index } = match;
    const end = index + match[0].length;
    if (end === from || index === text.length) continue;
    parts.push(text.slice(from, index), ...match.slice(1));
    from = end;
  }
  return [...parts, text.slice(from)].slice(0, limit);
}
