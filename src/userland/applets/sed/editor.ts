/** A script at work on lines, one after the other. */
import { OutOfMemory } from "../../process/process-end.ts";
import type { SedAddress, SedCommand, SedSubstitution } from "./script.ts";

/** Where lines come from, and where they go. */
export interface EditorFiles {
  /** The next line without its end; undefined at the end of all. */
  next(): Promise<string | undefined>;
  /** Whether there is none behind the one that was read last. */
  readonly isLast: boolean;
  print(text: string): Promise<void>;
  /** Another round of the script: lets others have their turn. */
  turn(): Promise<void>;
  /** Adds to a file of `w`. */
  write(path: string, text: string): Promise<void>;
  /** The content of a file; empty where it is none. */
  file(path: string): string;
}

/** `end`: the script is over, and the line is printed. `next`: it is not. */
type Outcome = "end" | "next" | "quit" | "again" | undefined | { readonly label: string };

/** In characters. */
const LARGEST_SPACES = 2 * 1024 * 1024;

export class SedEditor {
  readonly #commands: readonly SedCommand[];
  readonly #desk: EditorFiles;
  readonly #isQuiet: boolean;
  readonly #open = new Map<SedCommand, number>();
  #line = 0;
  #space = "";
  #hold = "";
  #late = "";
  #hasReplaced = false;

  constructor(commands: readonly SedCommand[], desk: EditorFiles, isQuiet: boolean) {
    this.#commands = commands;
    this.#desk = desk;
    this.#isQuiet = isQuiet;
  }

  async run(): Promise<void> {
    let outcome: Outcome;
    while (outcome !== "quit" && (outcome === "again" || (await this.#read()))) {
      outcome = await this.#runCycle();
      if (outcome === "again") await this.#takeTurn();
    }
  }

  /** @throws OutOfMemory for spaces that grow without end */
  async #takeTurn(): Promise<void> {
    if (this.#space.length + this.#hold.length > LARGEST_SPACES) throw new OutOfMemory();
    await this.#desk.turn();
  }

  async #read(): Promise<boolean> {
    const line = await this.#desk.next();
    if (line === undefined) return false;
    this.#line += 1;
    this.#space = line;
    return true;
  }

  async #runCycle(): Promise<Outcome> {
    this.#hasReplaced = false;
    const outcome = await this.#runScript();
    const isKept = outcome === undefined || outcome === "end" || outcome === "quit";
    if (isKept && !this.#isQuiet) await this.#desk.print(`${this.#space}\n`);
    await this.#addLate();
    return outcome;
  }

  /** Jumps are to commands of the whole script. */
  async #runScript(): Promise<Outcome> {
    for (let from = 0; ; ) {
      const outcome = await this.#runAll(this.#commands.slice(from));
      if (typeof outcome !== "object") return outcome;
      from = this.#commands.findIndex(({ name, text }) => name === ":" && text === outcome.label);
      if (from === -1) return undefined;
      await this.#takeTurn();
    }
  }

  async #addLate(): Promise<void> {
    const late = this.#late;
    this.#late = "";
    if (late !== "") await this.#desk.print(late);
  }

  async #runAll(commands: readonly SedCommand[]): Promise<Outcome> {
    for (const command of commands) {
      if (this.#isMeant(command) === command.isNegated) continue;
      const outcome = command.block === undefined ? await this.#run(command) : await this.#runAll(command.block);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  }

  #isMeant(command: SedCommand): boolean {
    const { from, to } = command;
    if (from === undefined) return true;
    if (to === undefined) return this.#isAt(from);
    const end = this.#open.get(command);
    if (end === undefined) {
      if (!this.#isAt(from)) return false;
      if (to.kind === "line" && to.number <= this.#line) return true;
      this.#open.set(command, to.kind === "later" ? this.#line + to.lines : Number.POSITIVE_INFINITY);
      if (to.kind === "later" && to.lines === 0) this.#open.delete(command);
      return true;
    }
    if (to.kind === "later" ? this.#line >= end : this.#isAt(to)) this.#open.delete(command);
    return true;
  }

  #isAt(address: SedAddress): boolean {
    if (address.kind === "line") return this.#line === address.number;
    if (address.kind === "last") return this.#desk.isLast;
    if (address.kind === "match") return address.expression.test(this.#space);
    const { first, step } = address;
    return step === 0 ? this.#line === first : this.#line >= first && (this.#line - first) % step === 0;
  }

  async #run(command: SedCommand): Promise<Outcome> {
    const { name, text, substitution } = command;
    if (substitution !== undefined) return this.#substitute(substitution);
    switch (name) {
      case "p":
        return void (await this.#desk.print(`${this.#space}\n`));
      case "P":
        return void (await this.#desk.print(`${this.#space.split("\n")[0]}\n`));
      case "d":
        return "next";
      case "D":
        return this.#deleteFirst();
      case "q":
        return "quit";
      case "w":
        return void (await this.#desk.write(text, `${this.#space}\n`));
      case "=":
        return void (await this.#desk.print(`${this.#line}\n`));
      case "n":
        return this.#readNext();
      case "N":
        return this.#join();
      case "b":
        return text === "" ? "end" : { label: text };
      case "t":
      case "T":
        return this.#jump(text, name === "t");
      default:
        return name === "c" ? this.#change(command) : this.#keep(name, text);
    }
  }

  /** Instead of a range, its text is said once. */
  async #change(command: SedCommand): Promise<Outcome> {
    if (command.to === undefined || !this.#open.has(command)) await this.#desk.print(command.text);
    return "next";
  }

  async #keep(name: string, text: string): Promise<Outcome> {
    if (name === "a") this.#late += text;
    if (name === "r") this.#late += this.#desk.file(text);
    if (name === "i") await this.#desk.print(text);
    if (name === "y") this.#space = translateCharacters(this.#space, text);
    if (name === "h") this.#hold = this.#space;
    if (name === "H") this.#hold += `\n${this.#space}`;
    if (name === "g") this.#space = this.#hold;
    if (name === "G") this.#space += `\n${this.#hold}`;
    if (name === "x") [this.#space, this.#hold] = [this.#hold, this.#space];
    return undefined;
  }

  #deleteFirst(): Outcome {
    const end = this.#space.indexOf("\n");
    if (end === -1) return "next";
    this.#space = this.#space.slice(end + 1);
    return "again";
  }

  async #readNext(): Promise<Outcome> {
    if (this.#desk.isLast) return "quit";
    if (!this.#isQuiet) await this.#desk.print(`${this.#space}\n`);
    await this.#addLate();
    await this.#read();
    return undefined;
  }

  async #join(): Promise<Outcome> {
    if (this.#desk.isLast) return "quit";
    const before = this.#space;
    await this.#read();
    this.#space = `${before}\n${this.#space}`;
    return undefined;
  }

  #jump(label: string, isAfterReplacing: boolean): Outcome {
    const hasReplaced = this.#hasReplaced;
    this.#hasReplaced = false;
    if (hasReplaced !== isAfterReplacing) return undefined;
    return label === "" ? "end" : { label };
  }

  async #substitute({ expression, replacement, which, prints, file }: SedSubstitution): Promise<Outcome> {
    let count = 0;
    let isReplaced = false;
    this.#space = this.#space.replace(expression, (...found) => {
      count += 1;
      if (which !== 0 && count !== which) return found[0];
      isReplaced = true;
      return fillReplacement(replacement, found);
    });
    if (!isReplaced) return undefined;
    this.#hasReplaced = true;
    if (prints) await this.#desk.print(`${this.#space}\n`);
    if (file !== "") await this.#desk.write(file, `${this.#space}\n`);
    return undefined;
  }
}

/** `&` is what was found, `\1` its first group. */
function fillReplacement(replacement: string, found: readonly unknown[]): string {
  return replacement.replace(/\\([\s\S])|&/g, (whole, escaped: string | undefined) => {
    if (escaped === undefined) return String(found[0]);
    if (/\d/.test(escaped)) return typeof found[Number(escaped)] === "string" ? String(found[Number(escaped)]) : "";
    return { n: "\n", t: "\t" }[escaped] ?? (whole === "\\\n" ? "\n" : escaped);
  });
}

function translateCharacters(text: string, letters: string): string {
  const [from = "", to = ""] = letters.split("\0");
  return [...text].map((letter) => (from.includes(letter) ? (to[from.indexOf(letter)] ?? letter) : letter)).join("");
}
