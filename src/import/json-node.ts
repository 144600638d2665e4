/**
 * JSON that keeps the place of each value, so that an error can name it, and its spelling, so that a body that was
 * saved as JSON keeps its numbers and the order of its keys.
 */
import type { CassetteError } from "../base/errors.ts";
import { createErrorAt, type SourceText } from "../yaml/error-at.ts";

export type JsonNode =
  | {
      readonly kind: "map";
      readonly start: number;
      readonly end: number;
      readonly members: ReadonlyMap<string, JsonNode>;
    }
  | { readonly kind: "list"; readonly start: number; readonly end: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "text"; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: "atom"; readonly start: number; readonly end: number; readonly value: number | boolean | null };

const DEPTH_LIMIT = 500;
const ATOM = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;
const BLANKS = /[ \t\r\n]*/y;

/** @throws CassetteError `WHALESONG_IMPORT_SYNTAX` */
export function parseJson(source: SourceText): JsonNode {
  const reader = new JsonReader(source);
  const node = reader.readValue(0);
  reader.expectEnd();
  return node;
}

class JsonReader {
  readonly #source: SourceText;
  readonly #text: string;
  #at = 0;

  constructor(source: SourceText) {
    this.#source = source;
    this.#text = source.text;
  }

  readValue(depth: number): JsonNode {
    if (depth > DEPTH_LIMIT) throw this.#createError(`at most ${DEPTH_LIMIT} levels`);
    const first = this.#peekCharacter();
    if (first === "{") return this.#readMap(depth);
    if (first === "[") return this.#readList(depth);
    if (first === '"') return this.#readString();
    return this.#readAtom();
  }

  expectEnd(): void {
    if (this.#peekCharacter() !== undefined) throw this.#createError("nothing behind the JSON");
  }

  #readMap(depth: number): JsonNode {
    const start = this.#at;
    const members = new Map<string, JsonNode>();
    this.#readItems("}", () => {
      if (this.#peekCharacter() !== '"') throw this.#createError("a key in quotes");
      const key = this.#readString();
      this.#expectMark(":");
      members.set(key.text, this.readValue(depth + 1));
    });
    return { kind: "map", start, end: this.#at, members };
  }

  #readList(depth: number): JsonNode {
    const start = this.#at;
    const items: JsonNode[] = [];
    this.#readItems("]", () => items.push(this.readValue(depth + 1)));
    return { kind: "list", start, end: this.#at, items };
  }

  /** Reads what stands between brackets, with commas between. */
  #readItems(close: "}" | "]", item: () => void): void {
    this.#at += 1;
    for (let isFirst = true; this.#peekCharacter() !== close || !isFirst; isFirst = false) {
      item();
      if (this.#peekCharacter() !== ",") break;
      this.#at += 1;
    }
    this.#expectMark(close);
  }

  #readString(): Extract<JsonNode, { kind: "text" }> {
    const start = this.#at;
    const end = findClosingQuote(this.#text, start) + 1;
    if (end === 0) throw this.#createError("a closing quote");
    this.#at = end;
    try {
      return { kind: "text", start, end, text: JSON.parse(this.#text.slice(start, end)) as string };
    } catch {
      this.#at = start;
      throw this.#createError("text as JSON escapes it");
    }
  }

  #readAtom(): JsonNode {
    ATOM.lastIndex = this.#at;
    const text = ATOM.exec(this.#text)?.[0];
    if (text === undefined) throw this.#createError("a JSON value");
    const start = this.#at;
    this.#at += text.length;
    return { kind: "atom", start, end: this.#at, value: JSON.parse(text) as number | boolean | null };
  }

  #expectMark(mark: string): void {
    if (this.#peekCharacter() !== mark) throw this.#createError(`\`${mark}\``);
    this.#at += 1;
  }

  #peekCharacter(): string | undefined {
    BLANKS.lastIndex = this.#at;
    BLANKS.exec(this.#text);
    this.#at = BLANKS.lastIndex;
    return this.#text[this.#at];
  }

  #createError(expected: string): CassetteError {
    const got = this.#text[this.#at];
    const found = got === undefined ? "the end of the file" : `\`${got}\``;
    return createErrorAt(
      this.#source,
      this.#at,
      "WHALESONG_IMPORT_SYNTAX",
      `not JSON: got ${found}, expected ${expected}`,
    );
  }
}

/** No regular expression: a body in base64 may be longer than one can look back over. */
function findClosingQuote(text: string, opening: number): number {
  for (let at = text.indexOf('"', opening + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}
