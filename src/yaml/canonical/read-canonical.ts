/**
 * Reads YAML that is spelled as `cassette/write` spells it: a tenth of the time of the package `yaml`, which need not
 * even be loaded then. It knows maps, lists, literals, plain and double-quoted scalars on one line, and comments on
 * lines of their own; undefined means "ask the package". Whatever it accepts must have exactly the same meaning in YAML.
 */
import { isJson } from "../is-json.ts";
import { createJsonNode, type MapNode, type NodePair, type ScalarNode, type YamlNode } from "../node.ts";
import { NOT_CANONICAL, requireCanonical } from "./not-canonical.ts";
import { readFlow } from "./read-flow.ts";
import { readPlain, readQuoted } from "./scalars.ts";

/** Longer texts may pass a bound of the parser (bounded-parser.ts), which counts parts. */
const MAX_LENGTH = 4_000_000;
/** Blocks within each other; JSON is written as a block up to 20 levels. */
const MAX_DEPTH = 50;
const MAX_KEY_LENGTH = 1000;
/** What the canonical spelling escapes, and the line ends and blanks that readers of YAML disagree about. */
const FOREIGN = /[^\n\P{Cc}]|[\u00a0\u2028\u2029\ufeff\ufffe\uffff]/u;

/** The map that `text` is; undefined if it is spelled otherwise. */
export function readCanonical(text: string): MapNode | undefined {
  if (text.length > MAX_LENGTH || !text.endsWith("\n") || FOREIGN.test(text)) return undefined;
  try {
    return new CanonicalReader(text).readDocument();
  } catch (error) {
    if (error === NOT_CANONICAL) return undefined;
    throw error;
  }
}

class CanonicalReader {
  readonly #text: string;
  /** The next character; its column is `#indent`, -1 at the end of the text. */
  #at = 0;
  #indent = -1;
  #lineStart = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): MapNode {
    this.#openLine(0);
    requireCanonical(this.#indent === 0);
    const document = this.#readMap();
    requireCanonical(this.#at === this.#text.length);
    return document;
  }

  /** Goes to the first line at or behind `from` that is neither empty nor a comment. */
  #openLine(from: number): void {
    const text = this.#text;
    for (let start = from; start < text.length; start = this.#findLineEnd(start) + 1) {
      let at = start;
      while (text[at] === " ") at += 1;
      if (text[at] === "#" || (text[at] === "\n" && at === start)) continue;
      // `---` and `...` end a document.
      requireCanonical(at > start || !/^(?:---|\.\.\.)/.test(text.slice(at, at + 3)));
      [this.#lineStart, this.#at, this.#indent] = [start, at, at - start];
      return;
    }
    [this.#at, this.#indent] = [text.length, -1];
  }

  #findLineEnd(from: number): number {
    return this.#text.indexOf("\n", from);
  }

  #isAtItem(): boolean {
    const next = this.#text[this.#at + 1];
    return this.#text[this.#at] === "-" && (next === " " || next === "\n");
  }

  #readBlock(): YamlNode {
    this.#depth += 1;
    requireCanonical(this.#depth < MAX_DEPTH);
    const node = this.#isAtItem() ? this.#readList() : this.#readMap();
    this.#depth -= 1;
    return node;
  }

  #readMap(): MapNode {
    const [start, indent] = [this.#at, this.#indent];
    const pairs: NodePair[] = [];
    const names = new Set<string>();
    while (this.#indent === indent && !this.#isAtItem()) pairs.push(this.#readPair(indent, names));
    requireCanonical(this.#indent < indent);
    return { kind: "map", pairs, start, end: start };
  }

  #readPair(indent: number, names: Set<string>): NodePair {
    const lead = this.#text.slice(this.#lineStart, this.#at);
    const key = this.#readKey();
    requireCanonical(!names.has(key.value) && key.value !== "<<");
    names.add(key.value);
    const value = this.#text[key.end + 1] === "\n" ? this.#readBelow(indent) : this.#readBeside(key, lead, indent);
    return { key, value };
  }

  /** The key at this place, with a colon behind it. */
  #readKey(): ScalarNode {
    const [text, start] = [this.#text, this.#at];
    const lineEnd = this.#findLineEnd(start);
    const key =
      text[start] === '"' ? readQuoted(text, start, lineEnd) : readPlain(text, start, this.#findColon(lineEnd));
    requireCanonical(text[key.end] === ":" && key.end - start < MAX_KEY_LENGTH);
    requireCanonical(text[key.end + 1] === " " || text[key.end + 1] === "\n");
    return key;
  }

  /** The first colon before a blank, or at the end of the line. */
  #findColon(lineEnd: number): number {
    const colon = this.#text.indexOf(": ", this.#at);
    if (colon !== -1 && colon < lineEnd) return colon;
    requireCanonical(this.#text[lineEnd - 1] === ":");
    return lineEnd - 1;
  }

  #readBelow(indent: number): YamlNode {
    this.#openLine(this.#findLineEnd(this.#at) + 1);
    requireCanonical(this.#indent > indent);
    return this.#readBlock();
  }

  #readBeside(key: ScalarNode, lead: string, indent: number): YamlNode {
    this.#at = key.end + 2;
    const lineEnd = this.#findLineEnd(this.#at);
    if (!isJsonKey(lead, key) || !this.#isJsonUpTo(lineEnd)) return this.#readInline(indent);
    const value = createJsonNode(this.#at, lineEnd);
    this.#openLine(lineEnd + 1);
    return value;
  }

  #isJsonUpTo(lineEnd: number): boolean {
    const text = this.#text.slice(this.#at, lineEnd);
    return /^[{[]/.test(text) && /[}\]]$/.test(text) && isJson(text);
  }

  #readList(): YamlNode {
    const [start, indent] = [this.#at, this.#indent];
    const items: YamlNode[] = [];
    while (this.#indent === indent && this.#isAtItem()) items.push(this.#readItem(indent));
    requireCanonical(this.#indent < indent);
    return { kind: "list", items, start, end: start };
  }

  #readItem(indent: number): YamlNode {
    if (this.#text[this.#at + 1] === "\n") return this.#readBelow(indent);
    this.#at += 2;
    if (!this.#isAtKey()) return this.#readInline(indent);
    this.#indent = indent + 2;
    return this.#readBlock();
  }

  /** Whether a key follows the dash of an item. */
  #isAtKey(): boolean {
    const [text, start] = [this.#text, this.#at];
    const lineEnd = this.#findLineEnd(start);
    if (text[start] === '"') return text[readQuoted(text, start, lineEnd).end] === ":";
    if (/[[{|]/.test(text[start] as string)) return false;
    const colon = text.indexOf(": ", start);
    return (colon !== -1 && colon < lineEnd) || text[lineEnd - 1] === ":";
  }

  /** The value on the rest of the line, or the literal that begins there; `indent` is that of the block around it. */
  #readInline(indent: number): YamlNode {
    const [text, start] = [this.#text, this.#at];
    if (text[start] === "|") return this.#readLiteral(indent);
    const lineEnd = this.#findLineEnd(start);
    const value = readLineValue(text, start, lineEnd);
    requireCanonical(value.end === lineEnd);
    this.#openLine(lineEnd + 1);
    return value;
  }

  /** A literal as it is written: its first line is not empty, and one line end closes it. */
  #readLiteral(indent: number): ScalarNode {
    const [text, start] = [this.#text, this.#at];
    requireCanonical(text[start + 1] === "\n");
    const width = countBlanks(text, start + 2);
    requireCanonical(width > indent);
    const lines: string[] = [];
    let at = start + 2;
    while (at < text.length) {
      const blanks = countBlanks(text, at);
      const lineEnd = this.#findLineEnd(at);
      requireCanonical(at + blanks < lineEnd || blanks === 0);
      if (blanks < width && at < lineEnd) break;
      lines.push(text.slice(at === lineEnd ? at : at + width, lineEnd));
      at = lineEnd + 1;
    }
    while (lines.at(-1) === "") lines.pop();
    requireCanonical(lines.length > 0 && lines[0] !== "");
    this.#openLine(at);
    return { kind: "scalar", value: `${lines.join("\n")}\n`, style: "block", start, end: at };
  }
}

function readLineValue(text: string, start: number, lineEnd: number): YamlNode {
  const first = text[start];
  if (first === "[" || first === "{") return readFlow({ text, end: lineEnd }, start);
  return first === '"' ? readQuoted(text, start, lineEnd) : readPlain(text, start, lineEnd);
}

function countBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at += 1;
  return at - from;
}

/** Whether JSON behind this key is taken as it stands; the same keys as in mask-json.ts. */
function isJsonKey(lead: string, { value, style }: ScalarNode): boolean {
  if (style !== "plain") return false;
  if (lead === "  ") return value === "json" || value === "json-bare";
  return lead === "  - " && (value === "progress" || value === "jsonl" || value === "json-seq");
}
