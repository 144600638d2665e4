/** A script of `sed`, read (POSIX, sed). */
import { compilePattern } from "../text/posix-pattern.ts";

export type SedAddress =
  | { readonly kind: "line"; readonly number: number }
  | { readonly kind: "last" }
  | { readonly kind: "step"; readonly first: number; readonly step: number }
  | { readonly kind: "match"; readonly expression: RegExp };

/** Where a range ends: at an address, or so many lines later. */
export type RangeEnd = SedAddress | { readonly kind: "later"; readonly lines: number };

export interface SedSubstitution {
  readonly expression: RegExp;
  readonly replacement: string;
  /** Which one is replaced, counted from 1; 0: all. */
  readonly which: number;
  readonly prints: boolean;
  /** What is written where something was replaced; empty for none. */
  readonly file: string;
}

export interface SedCommand {
  readonly from?: SedAddress;
  readonly to?: RangeEnd;
  readonly isNegated: boolean;
  readonly name: string;
  /** A text to add, a label, a file. */
  readonly text: string;
  readonly substitution?: SedSubstitution;
  readonly block?: readonly SedCommand[];
}

/** What is wrong with a script, in busybox' words. */
export class BadScript extends Error {}

const TEXTUAL = "aic";
const LABELLED = "btT:";
const FILED = "rw";
const PLAIN = "pdDq=nNPhHgGxl";

/** The files that a script writes. */
export function listOutputs(commands: readonly SedCommand[]): readonly string[] {
  const named = commands.flatMap(({ name, text, substitution, block = [] }) => [
    name === "w" ? text : (substitution?.file ?? ""),
    ...listOutputs(block),
  ]);
  return [...new Set(named)].filter((path) => path !== "");
}

export function parseScript(text: string, isExtended: boolean): readonly SedCommand[] {
  return new ScriptReader(text, isExtended).parseWhole();
}

function checkLabels(commands: readonly SedCommand[], whole: readonly SedCommand[]): void {
  for (const { name, text, block = [] } of commands) {
    checkLabels(block, whole);
    const isJump = "btT".includes(name) && text !== "";
    if (isJump && !whole.some((other) => other.name === ":" && other.text === text)) {
      throw new BadScript(`can't find label for jump to '${text}'`);
    }
  }
}

class ScriptReader {
  readonly #text: string;
  readonly #isExtended: boolean;
  #at = 0;

  constructor(text: string, isExtended: boolean) {
    this.#text = text;
    this.#isExtended = isExtended;
  }

  parseWhole(): SedCommand[] {
    const commands = this.#parseCommands();
    if (this.#at < this.#text.length) throw new BadScript("unexpected }");
    checkLabels(commands, commands);
    return commands;
  }

  #parseCommands(): SedCommand[] {
    const commands: SedCommand[] = [];
    for (;;) {
      this.#take(/^(?:[\s;]|#.*)*/);
      if (this.#at >= this.#text.length || this.#text[this.#at] === "}") return commands;
      commands.push(this.#parseCommand());
    }
  }

  #parseCommand(): SedCommand {
    const from = this.#parseAddress();
    const to = from !== undefined && this.#take(/^\s*,\s*/) !== undefined ? this.#end() : undefined;
    const isNegated = this.#take(/^\s*!/) !== undefined;
    const name = this.#take(/^\s*(\S)/)?.[1];
    if (name === undefined) throw new BadScript("missing command");
    const place = { ...(from && { from }), ...(to && { to }), isNegated, name };
    if (name === "{") return { ...place, text: "", block: this.#block() };
    if (name === "s") return { ...place, text: "", substitution: this.#parseSubstitution() };
    if (name === "y") return { ...place, text: this.#readParts(this.#readDelimiter(), 2).join("\0") };
    if (TEXTUAL.includes(name)) return { ...place, text: this.#parseAddition() };
    if (LABELLED.includes(name)) return { ...place, text: this.#take(/^\s*([^;\n}]*)/)?.[1]?.trim() ?? "" };
    if (FILED.includes(name)) return { ...place, text: this.#take(/^[ \t]*([^\n]*)/)?.[1] ?? "" };
    if (!PLAIN.includes(name)) throw new BadScript(`unsupported command ${name}`);
    return { ...place, text: "" };
  }

  #block(): SedCommand[] {
    const commands = this.#parseCommands();
    if (this.#take(/^\}/) === undefined) throw new BadScript("unterminated {");
    return commands;
  }

  #parseAddress(): SedAddress | undefined {
    const step = this.#take(/^(\d+)~(\d+)/);
    if (step !== undefined) return { kind: "step", first: Number(step[1]), step: Number(step[2]) };
    const number = this.#take(/^\d+/)?.[0];
    if (number !== undefined) return { kind: "line", number: Number(number) };
    if (this.#take(/^\$/) !== undefined) return { kind: "last" };
    const delimiter = this.#take(/^\/|^\\(.)/);
    if (delimiter === undefined) return undefined;
    const [source = ""] = this.#readParts(delimiter[1] ?? "/", 1);
    return { kind: "match", expression: this.#parseExpression(source, this.#take(/^I/) === undefined ? "" : "i") };
  }

  #end(): RangeEnd {
    const later = this.#take(/^\+(\d+)/)?.[1];
    const end = later === undefined ? this.#parseAddress() : ({ kind: "later", lines: Number(later) } as const);
    if (end === undefined) throw new BadScript("no address after comma");
    return end;
  }

  #parseSubstitution(): SedSubstitution {
    const [source = "", replacement = ""] = this.#readParts(this.#readDelimiter(), 2);
    const flags = this.#take(/^[gpIi\d]*/)?.[0] ?? "";
    const file = this.#take(/^w[ \t]*([^\n]+)/)?.[1] ?? "";
    if (this.#take(/^[^\s;}#]/) !== undefined) throw new BadScript("bad option in substitution expression");
    return {
      expression: this.#parseExpression(source, /i/i.test(flags) ? "gi" : "g"),
      replacement,
      // The last of several decides (busybox editors/sed.c, parse_subst_cmd).
      which: Number(flags.match(/\d+|g/g)?.at(-1)?.replace("g", "0") ?? 1),
      prints: flags.includes("p"),
      file,
    };
  }

  #readDelimiter(): string {
    return this.#take(/^[\s\S]/)?.[0] ?? "/";
  }

  /** Up to the delimiter, which may stand in brackets, or behind a backslash. */
  #readParts(delimiter: string, count: number): string[] {
    const parts: string[] = [];
    for (let part = ""; parts.length < count; ) {
      const [one, two] = [this.#text[this.#at], this.#text[this.#at + 1]];
      if (one === undefined) throw new BadScript(`unmatched '${delimiter}'`);
      const bracket =
        parts.length === 0 ? /^\[\^?\]?(?:\[:\w+:\]|[^\]])*\]/.exec(this.#text.slice(this.#at))?.[0] : undefined;
      const piece = one === "\\" ? `${one}${two ?? ""}` : (bracket ?? one);
      this.#at += piece.length;
      if (piece === delimiter) {
        parts.push(part);
        part = "";
      } else part += piece === `\\${delimiter}` ? delimiter : piece;
    }
    return parts;
  }

  #parseExpression(source: string, flags: string): RegExp {
    try {
      return compilePattern(source, this.#isExtended, flags);
    } catch {
      throw new BadScript(`bad regex '${source}'`);
    }
  }

  /** `a text`, or `a\` and the text behind it or on the next line, which keeps the spaces before it. */
  #parseAddition(): string {
    if (this.#take(/^[ \t]*\\\n?/) === undefined) this.#take(/^[ \t]*/);
    const text = this.#take(/^(?:\\[\s\S]|[^\\\n])*/)?.[0] ?? "";
    return `${text.replace(/\\([\s\S])/g, "$1")}\n`;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#text.slice(this.#at)) ?? undefined;
    this.#at += found?.[0].length ?? 0;
    return found;
  }
}
