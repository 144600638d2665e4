/**
 * Parts text into the commands of a shell and their words, with the places where they stand. Any text is taken: output
 * of a build, a line of a Dockerfile, a list in JSON. What is quoted and has blanks is looked at once more, as in
 * `sh -c "..."`. The time it takes grows with the text only.
 */

/** A word without its quotes. */
export interface CommandWord {
  readonly start: number;
  readonly text: string;
}

export interface CommandLine {
  /** What is written behind `>` and `<` is none of them. */
  readonly words: readonly CommandWord[];
  /** What `<<<` gives it to read. */
  readonly here?: CommandWord;
  /** The one whose output it reads. */
  readonly source?: CommandLine;
}

/** A part of a word in quotes, which may be escaped. A quote ends in its line. */
const QUOTED = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*'|\\{1,7}"[^"\\\n]*\\{1,7}"|\\{1,7}'[^'\\\n]*\\{1,7}'/y;
const ESCAPE = /\\[^\n]/y;
const PLAIN = /[^\s"'|;&<>()`\\]+/y;
/** Between words, beside blanks: lines that go on, the brackets of a list. */
const GAP = /\\\n|[[{,](?=\s*\\{0,7}["'])|\](?=[\s\]]|$)/y;
const REDIRECTION = /[<>][<>&|]*-?/y;
const OPENING = /^(\\{0,7})(["'])/;

/** The commands of a text, also those within quotes, in no particular order. */
export function splitCommands(text: string): readonly CommandLine[] {
  const commands: CommandLine[] = [];
  const quoted: CommandWord[] = [];
  const reader = new CommandReader(text, (word) => quoted.push(word));
  for (let command = reader.read(); command !== undefined; command = reader.read()) commands.push(command);
  for (const { start, text: inner } of quoted)
    for (const command of splitCommands(inner)) commands.push(moveCommand(command, start));
  return commands;
}

/** The word without the quotes around it. */
export function unquoteWord({ start, text }: CommandWord): CommandWord {
  if (!isOneOf("\"'\\", text[0])) return { start, text };
  const [opening = "", slashes = "", quote = ""] = OPENING.exec(text) ?? [];
  const closing = `${slashes}${quote}`;
  if (opening === "" || text.length < 2 * closing.length || !text.endsWith(closing)) return { start, text };
  return { start: start + opening.length, text: text.slice(opening.length, -closing.length) };
}

function moveCommand({ words, here, source }: CommandLine, by: number): CommandLine {
  const move = ({ start, text }: CommandWord): CommandWord => ({ start: start + by, text });
  return {
    words: words.map(move),
    ...(here === undefined ? {} : { here: move(here) }),
    ...(source === undefined ? {} : { source: moveCommand({ words: source.words }, by) }),
  };
}

function isOneOf(letters: string, letter: string | undefined): boolean {
  return letter !== undefined && letters.includes(letter);
}

function isBlank(letter: string | undefined): boolean {
  return isOneOf(" \t\r\f\v\u00a0", letter);
}

class CommandReader {
  readonly #text: string;
  readonly #onQuoted: (inner: CommandWord) => void;
  #at = 0;
  #source: CommandLine | undefined;

  /** @param onQuoted called with each quoted text that may be a command of its own */
  constructor(text: string, onQuoted: (inner: CommandWord) => void) {
    this.#text = text;
    this.#onQuoted = onQuoted;
  }

  /** The next command, which may have no words; undefined at the end. */
  read(): CommandLine | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const words: CommandWord[] = [];
    let here: CommandWord | undefined;
    for (;;) {
      this.#skipGaps();
      const operator = this.#readOperator();
      const word = this.#readWord();
      if (operator === "<<<") here = word ?? here;
      else if (operator === "" && word !== undefined && !this.#isDescriptor(word)) words.push(word);
      if (operator === "" && word === undefined && this.#endsCommand()) break;
    }
    const source = this.#source;
    const command = { words, ...(here === undefined ? {} : { here }), ...(source === undefined ? {} : { source }) };
    this.#source = this.#endPipe() ? { words } : undefined;
    return command;
  }

  /** Whether it stands here; it is passed over. */
  #passes(expression: RegExp): boolean {
    expression.lastIndex = this.#at;
    if (!expression.test(this.#text)) return false;
    this.#at = expression.lastIndex;
    return true;
  }

  #skipGaps(): void {
    for (;;) {
      while (isBlank(this.#text[this.#at])) this.#at += 1;
      if (!isOneOf("\\[{,]", this.#text[this.#at]) || !this.#passes(GAP)) return;
    }
  }

  #readOperator(): string {
    const start = this.#at;
    if (isOneOf("<>", this.#text[start])) this.#passes(REDIRECTION);
    return this.#text.slice(start, this.#at);
  }

  #readWord(): CommandWord | undefined {
    this.#skipGaps();
    const start = this.#at;
    while (this.#readPart());
    return this.#at === start ? undefined : unquoteWord({ start, text: this.#text.slice(start, this.#at) });
  }

  /** Whether the word may go on behind what has been read. */
  #readPart(): boolean {
    const start = this.#at;
    if (!isOneOf("\"'\\", this.#text[start])) return this.#passes(PLAIN);
    if (!this.#passes(QUOTED)) return this.#passes(ESCAPE);
    this.#passQuoted(this.#text.slice(start, this.#at), start);
    // `["a","b"]` has two words.
    return !isOneOf(",]", this.#text[this.#at]);
  }

  #passQuoted(text: string, start: number): void {
    const inner = unquoteWord({ start, text });
    if (inner.text.length < text.length && /[\s|;&(`]/.test(inner.text)) this.#onQuoted(inner);
  }

  /** `2` of `2>file`. */
  #isDescriptor({ text }: CommandWord): boolean {
    return /^\d$/.test(text) && /[<>]/.test(this.#text[this.#at] ?? "");
  }

  /** Passes over what separates commands. A quote that does not end separates nothing. */
  #endsCommand(): boolean {
    const letter = this.#text[this.#at];
    if (letter === undefined) return true;
    this.#at += 1;
    return !isOneOf("\"'\\],", letter);
  }

  /** Whether the command that has just ended is piped into the next one. */
  #endPipe(): boolean {
    const [before, after] = [this.#text[this.#at - 1], this.#text[this.#at]];
    if (before !== "|" || this.#text[this.#at - 2] === "|" || after === "|") return false;
    if (after === "&") this.#at += 1;
    return true;
  }
}
