/**
 * JSON that remembers where each value stands, so that a complaint can name the place, and how it was spelled, so that
 * a body that was saved as JSON keeps its numbers and the order of its keys.
 */
import type { CassetteError } from "../base/errors.ts";
import { errorAt, type Source } from "../yaml/error-at.ts";

export type Node =
  | { readonly kind: "map"; readonly start: number; readonly end: number; readonly members: ReadonlyMap<string, Node> }
  | { readonly kind: "list"; readonly start: number; readonly end: number; readonly items: readonly Node[] }
  | { readonly kind: "text"; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: "atom"; readonly start: number; readonly end: number; readonly value: number | boolean | null };

const DEPTH_LIMIT = 500;
const ATOM = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;
const BLANKS = /[ \t\r\n]*/y;

/** @throws CassetteError `WHALESONG_IMPORT_SYNTAX` */
export function parseJson(source: Source): Node {
  const reader = new JsonReader(source);
  const node = reader.value(0);
  reader.expectEnd();
  return node;
}

class JsonReader {
  readonly #source: Source;
  readonly #text: string;
  #at = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
  }

  value(depth: number): Node {
    if (depth > DEPTH_LIMIT) throw this.#wrong(`at most ${DEPTH_LIMIT} levels`);
    const first = this.#next();
    if (first === "{") return this.#map(depth);
    if (first === "[") return this.#list(depth);
    if (first === '"') return this.#string();
    return this.#atom();
  }

  expectEnd(): void {
    if (this.#next() !== undefined) throw this.#wrong("nothing behind the JSON");
  }

  #map(depth: number): Node {
    const start = this.#at;
    const members = new Map<string, Node>();
    this.#items("}", () => {
      if (this.#next() !== '"') throw this.#wrong("a key in quotes");
      const key = this.#string();
      this.#take(":");
      members.set(key.text, this.value(depth + 1));
    });
    return { kind: "map", start, end: this.#at, members };
  }

  #list(depth: number): Node {
    const start = this.#at;
    const items: Node[] = [];
    this.#items("]", () => items.push(this.value(depth + 1)));
    return { kind: "list", start, end: this.#at, items };
  }

  /** What stands between brackets, with commas between. */
  #items(close: "}" | "]", item: () => void): void {
    this.#at += 1;
    for (let isFirst = true; this.#next() !== close || !isFirst; isFirst = false) {
      item();
      if (this.#next() !== ",") break;
      this.#at += 1;
    }
    this.#take(close);
  }

  #string(): Extract<Node, { kind: "text" }> {
    const start = this.#at;
    const end = closingQuote(this.#text, start) + 1;
    if (end === 0) throw this.#wrong("a closing quote");
    this.#at = end;
    try {
      return { kind: "text", start, end, text: JSON.parse(this.#text.slice(start, end)) as string };
    } catch {
      this.#at = start;
      throw this.#wrong("text as JSON escapes it");
    }
  }

  #atom(): Node {
    ATOM.lastIndex = this.#at;
    const found = ATOM.exec(this.#text)?.[0];
    if (found === undefined) throw this.#wrong("a JSON value");
    const start = this.#at;
    this.#at += found.length;
    return { kind: "atom", start, end: this.#at, value: JSON.parse(found) as number | boolean | null };
  }

  #take(mark: string): void {
    if (this.#next() !== mark) throw this.#wrong(`\`${mark}\``);
    this.#at += 1;
  }

  #next(): string | undefined {
    BLANKS.lastIndex = this.#at;
    BLANKS.exec(this.#text);
    this.#at = BLANKS.lastIndex;
    return this.#text[this.#at];
  }

  #wrong(expected: string): CassetteError {
    const got = this.#text[this.#at];
    const found = got === undefined ? "the end of the file" : `\`${got}\``;
    return errorAt(this.#source, this.#at, "WHALESONG_IMPORT_SYNTAX", `not JSON: got ${found}, expected ${expected}`);
  }
}

/** Not by a regular expression: a body in base64 may be longer than one can look back over. */
function closingQuote(text: string, opening: number): number {
  for (let at = text.indexOf('"', opening + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}
