/**
 * Finds whole words of a large set, which grows, in texts. An expression of all words is slow for thousands of them: it
 * is compiled anew for each word that comes. Here each run of letters and digits of a text is looked up.
 */

const BEGINS_WITH_RUN = /^[A-Za-z0-9]+/;
const LETTER_OR_DIGIT = /[A-Za-z0-9]/;

export class WordFinder {
  readonly #words = new Set<string>();
  /** For the letters and digits that words begin with: how long those words are that have more behind them. */
  readonly #lengths = new Map<string, number[]>();
  readonly #run: RegExp;

  /**
   * @param beginning a lookbehind: where a word may begin. Within letters and digits that is only behind an escape:
   *   behind the letter of a `\n`
   */
  constructor(beginning: string) {
    this.#run = new RegExp(`${beginning}[A-Za-z0-9]+`, "g");
  }

  /** Whether a word is one that can be found: it begins with a letter or a digit. */
  static canFind(word: string): boolean {
    return BEGINS_WITH_RUN.test(word);
  }

  add(word: string): void {
    this.#words.add(word);
    const [head = ""] = BEGINS_WITH_RUN.exec(word) ?? [];
    if (head === word) return;
    const lengths = this.#lengths.get(head) ?? [];
    if (lengths.includes(word.length)) return;
    this.#lengths.set(
      head,
      [...lengths, word.length].sort((a, b) => b - a),
    );
  }

  delete(word: string): void {
    this.#words.delete(word);
  }

  /**
   * The text with each word replaced, of two that begin in one place the longer one.
   * @param others what else is replaced; a word comes first where both begin in one place
   */
  replace(text: string, replace: (word: string) => string, others?: RegExp): string {
    if (this.#words.size === 0 && others === undefined) return text;
    let replaced = "";
    let from = 0;
    for (const { start, word } of this.#find(text, others)) {
      replaced += text.slice(from, start) + replace(word);
      from = start + word.length;
    }
    return from === 0 ? text : replaced + text.slice(from);
  }

  *#find(text: string, others: RegExp | undefined): Generator<FoundWord> {
    let word = this.#findWord(text, 0);
    let other = findMatch(text, 0, others);
    while (word !== undefined || other !== undefined) {
      const isWord = other === undefined || (word !== undefined && word.start <= other.start);
      const found = (isWord ? word : other) as FoundWord;
      yield found;
      const end = found.start + found.word.length;
      if (word !== undefined && word.start < end) word = this.#findWord(text, end);
      if (other !== undefined && other.start < end) other = findMatch(text, end, others);
    }
  }

  #findWord(text: string, from: number): FoundWord | undefined {
    this.#run.lastIndex = from;
    for (let match = this.#run.exec(text); match !== null; match = this.#run.exec(text)) {
      const start = match.index;
      const word = this.#findAt(text, start, match[0]);
      if (word !== undefined) return { start, word };
      if (text[start - 1] === "\\") this.#run.lastIndex = start + 1;
    }
    return undefined;
  }

  #findAt(text: string, start: number, run: string): string | undefined {
    for (const length of this.#lengths.get(run) ?? []) {
      const word = text.slice(start, start + length);
      if (this.#words.has(word) && !LETTER_OR_DIGIT.test(text[start + length] ?? "")) return word;
    }
    return this.#words.has(run) ? run : undefined;
  }
}

interface FoundWord {
  readonly start: number;
  readonly word: string;
}

function findMatch(text: string, from: number, expression: RegExp | undefined): FoundWord | undefined {
  if (expression === undefined) return undefined;
  expression.lastIndex = from;
  const match = expression.exec(text);
  return match === null ? undefined : { start: match.index, word: match[0] };
}
