/**
 * Reads JSON for aims that `JSON.parse` does not serve: the place of each value, the spelling of numbers, the order of
 * keys. What it makes of them is the builder's: nodes with places (import), trees that are written anew (cassettes).
 */

/** Where a value stands in the text. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

/** Makes values of one kind out of what is read. */
export interface JsonBuilder<T> {
  /** Deeper values are an error. */
  readonly depthLimit: number;
  /** A number, true, false or null, as written. */
  createAtom(source: string, span: JsonSpan): T;
  createText(text: string, span: JsonSpan): T;
  createList(items: readonly T[], span: JsonSpan): T;
  /** A key that comes twice has the place of the first and the value of the last one, as `JSON.parse` has it. */
  createMap(members: ReadonlyMap<string, T>, span: JsonSpan): T;
  /** Looks at a key before its value is read: `source` has its quotes. */
  checkKey?(key: string, source: string, members: ReadonlyMap<string, T>): void;
  createError(at: number, expected: string): Error;
}

const ATOM = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;

/** @throws what `builder.createError` makes, if the text is no JSON or too deep */
export function readJson<T>(text: string, builder: JsonBuilder<T>): T {
  const reader = new JsonReader(text, builder);
  const value = reader.readValue(0);
  reader.expectEnd();
  return value;
}

class JsonReader<T> {
  readonly #text: string;
  readonly #builder: JsonBuilder<T>;
  #at = 0;

  constructor(text: string, builder: JsonBuilder<T>) {
    this.#text = text;
    this.#builder = builder;
  }

  readValue(depth: number): T {
    const { depthLimit } = this.#builder;
    if (depth > depthLimit) throw this.#createError(`at most ${depthLimit} levels`);
    const first = this.#peekCharacter();
    if (first === "{") return this.#readMap(depth);
    if (first === "[") return this.#readList(depth);
    if (first !== '"') return this.#readAtom();
    const start = this.#at;
    return this.#builder.createText(this.#readString(), { start, end: this.#at });
  }

  expectEnd(): void {
    if (this.#peekCharacter() !== undefined) throw this.#createError("nothing behind the JSON");
  }

  #readMap(depth: number): T {
    const start = this.#at;
    const members = new Map<string, T>();
    this.#readItems("}", () => {
      if (this.#peekCharacter() !== '"') throw this.#createError("a key in quotes");
      const from = this.#at;
      const key = this.#readString();
      this.#builder.checkKey?.(key, this.#text.slice(from, this.#at), members);
      this.#expectMark(":");
      members.set(key, this.readValue(depth + 1));
    });
    return this.#builder.createMap(members, { start, end: this.#at });
  }

  #readList(depth: number): T {
    const start = this.#at;
    const items: T[] = [];
    this.#readItems("]", () => items.push(this.readValue(depth + 1)));
    return this.#builder.createList(items, { start, end: this.#at });
  }

  /** Reads what stands between brackets, with commas between. */
  #readItems(close: "}" | "]", readItem: () => void): void {
    this.#at += 1;
    for (let isFirst = true; this.#peekCharacter() !== close || !isFirst; isFirst = false) {
      readItem();
      if (this.#peekCharacter() !== ",") break;
      this.#at += 1;
    }
    this.#expectMark(close);
  }

  #readString(): string {
    const start = this.#at;
    const end = findClosingQuote(this.#text, start) + 1;
    if (end === 0) throw this.#createError("a closing quote");
    try {
      const text = JSON.parse(this.#text.slice(start, end)) as string;
      this.#at = end;
      return text;
    } catch {
      throw this.#createError("text as JSON escapes it");
    }
  }

  #readAtom(): T {
    ATOM.lastIndex = this.#at;
    const source = ATOM.exec(this.#text)?.[0];
    if (source === undefined) throw this.#createError("a JSON value");
    const start = this.#at;
    this.#at += source.length;
    return this.#builder.createAtom(source, { start, end: this.#at });
  }

  #expectMark(mark: string): void {
    if (this.#peekCharacter() !== mark) throw this.#createError(`\`${mark}\``);
    this.#at += 1;
  }

  #peekCharacter(): string | undefined {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#text[this.#at];
  }

  #createError(expected: string): Error {
    return this.#builder.createError(this.#at, expected);
  }
}

/** A blank, a tab, or the end of a line. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** The offset of the quote that ends the text whose quote is at `opening`, or -1. No regular expression: a body in base64 may be longer than one can look back over. */
export function findClosingQuote(text: string, opening: number): number {
  for (let at = text.indexOf('"', opening + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}
