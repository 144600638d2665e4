/** Searches an input line by line, and prints what is found and what stands around it. */
import type { Process } from "../../process/process.ts";
import { type InputFile, readLines } from "../inputs.ts";

export interface SearchRules {
  /** With the flag `g`. */
  readonly expression: RegExp;
  readonly showsNames: boolean;
  readonly showsNumbers: boolean;
  readonly isInverted: boolean;
  /** Only the parts that match are printed. */
  readonly showsParts: boolean;
  /** `q` prints nothing, `l` and `L` print names, `c` prints how many lines there are. */
  readonly output: "q" | "l" | "L" | "c" | undefined;
  /** So many lines of a file are found at most. */
  readonly limit: number;
  readonly before: number;
  readonly after: number;
  readonly ending: "\n" | "\0";
}

/** How far the search of one input is. */
interface SearchState {
  readonly name: string;
  number: number;
  found: number;
  /** Lines that are still to be printed behind a found one. */
  owed: number;
  /** The number of the last printed line; 0 where none was. */
  last: number;
  readonly held: string[];
}

export class LineSearch {
  readonly #self: Process;
  readonly #rules: SearchRules;

  constructor(self: Process, rules: SearchRules) {
    this.#self = self;
    this.#rules = rules;
  }

  /** Prints what is found in it, and returns how many lines that are; with `L`, 1 where nothing is found. */
  async searchInput(input: InputFile): Promise<number> {
    const { output, limit, ending } = this.#rules;
    const name = input.name === "-" ? "(standard input)" : input.name;
    const state: SearchState = { name, number: 0, found: 0, owed: 0, last: 0, held: [] };
    if (limit > 0) {
      for await (const bytes of readLines(input, ending)) {
        const line = bytes.toString("latin1");
        await this.#searchLine(line.endsWith(ending) ? line.slice(0, -1) : line, state);
        const isOver = state.found > 0 && (output === "q" || output === "l" || output === "L");
        if (isOver || (state.found >= limit && state.owed === 0)) break;
      }
    }
    if (output === "c") await this.#print(`${this.#rules.showsNames ? `${name}:` : ""}${state.found}\n`);
    if (output === "l" && state.found > 0) await this.#print(`${name}\n`);
    if (output !== "L") return state.found;
    if (state.found === 0) await this.#print(`${name}\n`);
    return Number(state.found === 0);
  }

  async #searchLine(line: string, state: SearchState): Promise<void> {
    const { isInverted, output, before, after, limit, expression } = this.#rules;
    state.number += 1;
    const isFound = state.found < limit && (line.search(expression) !== -1) !== isInverted;
    if (isFound) {
      state.found += 1;
      state.owed = after;
      if (output === undefined) await this.#printFound(line, state);
    } else if (output === undefined && state.owed > 0) {
      state.owed -= 1;
      state.last = state.number;
      await this.#print(this.#formatLine(line, "-", state));
    } else if (before > 0) {
      state.held.push(this.#formatLine(line, "-", state));
      if (state.held.length > before) state.held.shift();
    }
  }

  async #printFound(line: string, state: SearchState): Promise<void> {
    const { before, after, showsParts } = this.#rules;
    const first = state.number - state.held.length;
    if ((before > 0 || after > 0) && state.last > 0 && first > state.last + 1) await this.#print("--\n");
    state.last = state.number;
    const text = showsParts ? this.#formatParts(line, state) : this.#formatLine(line, ":", state);
    await this.#print(state.held.splice(0).join("") + text);
  }

  #formatParts(line: string, state: SearchState): string {
    if (this.#rules.isInverted) return "";
    const parts = line.match(this.#rules.expression) ?? [];
    return parts.flatMap((part) => (part === "" ? [] : [this.#formatLine(part, ":", state)])).join("");
  }

  #formatLine(line: string, mark: ":" | "-", { name, number }: SearchState): string {
    const { showsNames, showsNumbers, ending } = this.#rules;
    return `${showsNames ? `${name}${mark}` : ""}${showsNumbers ? `${number}${mark}` : ""}${line}${ending}`;
  }

  async #print(text: string): Promise<void> {
    await this.#self.writeStdout(Buffer.from(text, "latin1"));
  }
}
