/** Reads the options of a command line as busybox does (getopt(3)). */
import { AppletError, UnknownOption, WrongUsage } from "./applet-errors.ts";

export interface ReadOptions {
  /** The options by letter, with their values; empty for those that take none. The last of several counts. */
  readonly flags: ReadonlyMap<string, string>;
  /** All options in their order. */
  readonly all: readonly (readonly [letter: string, value: string])[];
  readonly words: readonly string[];
}

export interface OptionStyle {
  /** Long names, with the letter that each stands for; with `:` where it takes a value and stands for no letter. */
  readonly long?: Readonly<Record<string, string>>;
  /** The first word ends the options, for it begins another command. */
  readonly stopsAtWord?: boolean;
  /** The applet knows no long options, not even to refuse them. */
  readonly isShortOnly?: boolean;
}

/**
 * Options may stand behind words, too, unless the words are another command.
 * @param letters as getopt(3) has them: `n:` takes a value, `i::` takes one in the same word only
 * @throws UnknownOption for an option that the applet does not have
 * @throws WrongUsage for one without its value, or with one that it does not take
 */
export function readOptions(argv: readonly string[], letters = "", style: OptionStyle = {}): ReadOptions {
  const reader = new OptionReader(argv.slice(1), letters, style);
  reader.readAll();
  return { flags: new Map(reader.options), all: reader.options, words: reader.words };
}

class OptionReader {
  readonly options: (readonly [string, string])[] = [];
  words: string[] = [];
  readonly #rest: string[];
  readonly #letters: string;
  readonly #style: OptionStyle;

  constructor(words: readonly string[], letters: string, style: OptionStyle) {
    this.#rest = [...words];
    this.#letters = letters;
    this.#style = style;
  }

  readAll(): void {
    for (let word = this.#rest.shift(); word !== undefined && word !== "--"; word = this.#rest.shift()) {
      if (!/^-./.test(word)) {
        this.words.push(word);
        if (this.#style.stopsAtWord === true) break;
      } else if (word.startsWith("--") && this.#style.isShortOnly !== true) this.#readLong(word.slice(2));
      else this.#readLetters(word.slice(1));
    }
    this.words = [...this.words, ...this.#rest];
  }

  #readLong(text: string): void {
    const equals = text.indexOf("=");
    const [name, value] = equals === -1 ? [text] : [text.slice(0, equals), text.slice(equals + 1)];
    const option = this.#findLong(name, text);
    const target = this.#style.long?.[option] ?? "";
    const letter = target.replace(/:$/, "");
    const takesValue = this.#takesValue(letter) || target.endsWith(":");
    if (!takesValue && value !== undefined) throw new WrongUsage(`option '--${option}' doesn't allow an argument`);
    if (takesValue && value === undefined && this.#rest.length === 0) {
      throw new WrongUsage(`option '--${option}' requires an argument`);
    }
    this.options.push([letter, takesValue ? (value ?? (this.#rest.shift() as string)) : ""]);
  }

  /** A long name may be cut short as long as it is the only one that begins so. */
  #findLong(name: string, text: string): string {
    const known = Object.keys(this.#style.long ?? {});
    const candidates = known.includes(name) ? [name] : known.filter((option) => option.startsWith(name));
    const [only, another] = candidates;
    if (only === undefined) throw new UnknownOption(`unrecognized option '--${text}'`, `--${name}`);
    if (another === undefined) return only;
    const list = candidates.map((option) => ` '--${option}'`).join("");
    throw new WrongUsage(`option '--${name}' is ambiguous; possibilities:${list}`);
  }

  #readLetters(text: string): void {
    for (let at = 0; at < text.length; at += 1) {
      const letter = text[at] as string;
      const place = letter === ":" ? -1 : this.#letters.indexOf(letter);
      if (place === -1) throw new UnknownOption(`invalid option -- '${letter}'`, `-${letter}`);
      if (!this.#takesValue(letter)) this.options.push([letter, ""]);
      else {
        this.options.push([letter, this.#takeValue(letter, text.slice(at + 1))]);
        return;
      }
    }
  }

  #takesValue(letter: string): boolean {
    return letter.length === 1 && this.#letters[this.#letters.indexOf(letter) + 1] === ":";
  }

  #takeValue(letter: string, rest: string): string {
    if (rest !== "" || this.#letters.includes(`${letter}::`)) return rest;
    const next = this.#rest.shift();
    if (next === undefined) throw new WrongUsage(`option requires an argument -- '${letter}'`);
    return next;
  }
}

/** What the letters behind a number stand for. */
export type NumberSuffixes = Readonly<Record<string, number>>;

/** Of `head`, `tail` and `split`. */
export const BLOCK_SUFFIXES: NumberSuffixes = { b: 512, k: 1024, m: 1024 ** 2 };

/** A whole number from 0 on. @throws AppletError */
export function parseCount(text: string, suffixes: NumberSuffixes = {}): number {
  const [, digits, letter = ""] = /^(\d+)(\w*)$/.exec(text) ?? [];
  const unit = letter === "" ? 1 : suffixes[letter];
  if (digits === undefined || unit === undefined) throw new AppletError(`invalid number '${text}'`);
  return Number(digits) * unit;
}
