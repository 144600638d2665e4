/**
 * Turns the JSON blocks of a document into one line of JSON each, which the YAML parser need not look at: a walk through
 * 100 MB then takes seconds. It knows only the spelling that the writer uses (write/json-block.ts); any other block is
 * left as it is. The values stay the same, their spelling need not: it is for what is looked at, never for what is
 * compared or sent.
 */
import { rememberResults } from "../../base/remember-results.ts";

/** Not `.*`, which ends at a carriage return, too: a half of a block would be taken for all of it. */
const BLOCK = /^( {2}json(?:-bare)?:)\n((?: {4}[^\n]*\n?)+)/gm;
const INDENT = 4;
const BLANK = 32;
const QUOTED = String.raw`"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-f]{4}))*"`;
const ENTRY = new RegExp(String.raw`^(${QUOTED}|[\w./-][^\s:"'#]*):(?: (.*))?$`);
const WHOLE_QUOTED = new RegExp(`^${QUOTED}$`);
const PLAIN_IN_FLOW = String.raw`(?:[\w./]|-(?=[\w.-]))(?:[^,\[\]{}"'#:\n]|:(?=[^\s,\]}]))*`;
const FLOW_PART = new RegExp(String.raw`\s*(?:(${QUOTED}|${PLAIN_IN_FLOW})|([\[\]{},:]))`, "y");
/** No indicator of YAML at its beginning, no comment, nothing that makes it a key. */
const PLAIN = /^(?:[\w./(<=+^$;~]|-(?=[\w.-]))(?:[^#:\r\n]|:(?=\S)|(?<=\S)#)*$/;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const OTHER_SCALAR = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0x[\da-fA-F]+|0o[0-7]+|[-+]?\.(?:inf|nan)|~)$/i;
const LITERAL = /^(?:true|false|null)$/i;

/** Leaves a block that is not spelled as the writer spells it. */
class UnknownSpelling extends Error {}

/** `text`, a document of a cassette, with its JSON blocks on one line. */
export function skimJsonBlocks(text: string): string {
  return text.replace(BLOCK, (whole: string, lead: string, block: string) => {
    const json = skimJsonBlock(block);
    return json === undefined ? whole : `${lead} ${json}${block.endsWith("\n") ? "\n" : ""}`;
  });
}

/** The JSON of a block, whose lines are indented by four; undefined if it is left to the parser. */
export function skimJsonBlock(block: string): string | undefined {
  const reader = new BlockReader((block.endsWith("\n") ? block.slice(0, -1) : block).split("\n"));
  try {
    const json = reader.readNode(INDENT);
    return reader.isAtEnd ? json : undefined;
  } catch (error) {
    if (error instanceof UnknownSpelling) return undefined;
    throw error;
  }
}

/** A line of a map. */
interface MapLine {
  /** With the colon, as JSON. */
  readonly key: string;
  /** The value, as JSON; undefined if it is on the lines below. */
  readonly value: string | undefined;
}

/** Most lines of what the daemon sends come with each container. */
const readMapLine = rememberResults(parseMapLine, { most: 2000, longest: 60 });

function parseMapLine(line: string): MapLine {
  const [, key, value] = ENTRY.exec(line) ?? [];
  if (key === undefined || isItem(line)) throw new UnknownSpelling();
  return {
    key: `${key.startsWith('"') ? key : JSON.stringify(key)}:`,
    value: value === undefined ? undefined : readInline(value),
  };
}

class BlockReader {
  readonly #lines: readonly string[];
  #at = 0;
  /** The rest of a line whose beginning was a dash, as if it stood on a line of its own. */
  #rest: string | undefined;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#lines.length;
  }

  readNode(indent: number): string {
    const line = this.#peek(indent);
    if (line === undefined) throw new UnknownSpelling();
    return isItem(line) ? this.#readList(indent) : this.#readMap(indent);
  }

  #readMap(indent: number): string {
    const members: string[] = [];
    for (let line = this.#peek(indent); line !== undefined; line = this.#peek(indent)) {
      const { key, value } = readMapLine(line);
      this.#next();
      members.push(key + (value ?? this.#readBelow(indent + 2)));
    }
    return `{${members.join(",")}}`;
  }

  #readList(indent: number): string {
    const items: string[] = [];
    for (let line = this.#peek(indent); line !== undefined; line = this.#peek(indent)) {
      if (!isItem(line)) throw new UnknownSpelling();
      const rest = line.slice(2);
      if (rest !== "" && !ENTRY.test(rest)) {
        this.#next();
        items.push(readInline(rest));
        continue;
      }
      if (rest === "") this.#next();
      else this.#rest = `${" ".repeat(indent + 2)}${rest}`;
      items.push(this.readNode(indent + 2));
    }
    return `[${items.join(",")}]`;
  }

  #readBelow(indent: number): string {
    return this.#peek(indent) === undefined ? "null" : this.readNode(indent);
  }

  /** The line without its indentation; undefined if it stands further left. */
  #peek(indent: number): string | undefined {
    const line = this.#rest ?? this.#lines[this.#at];
    if (line === undefined) return undefined;
    const own = countBlanks(line);
    if (own > indent || own === line.length) throw new UnknownSpelling();
    return own < indent ? undefined : line.slice(indent);
  }

  #next(): void {
    this.#rest = undefined;
    this.#at += 1;
  }
}

function countBlanks(line: string): number {
  let count = 0;
  while (line.charCodeAt(count) === BLANK) count += 1;
  return count;
}

function isItem(line: string): boolean {
  return line === "-" || line.startsWith("- ");
}

function readInline(text: string): string {
  if (text === "[]" || text === "{}" || text === '""') return text;
  if (text.startsWith('"')) return WHOLE_QUOTED.test(text) ? text : fail();
  if (text.startsWith("[") || text.startsWith("{")) return readFlow(text);
  return PLAIN.test(text) ? readScalar(text) : fail();
}

function readScalar(text: string): string {
  if (JSON_NUMBER.test(text)) return text;
  if (LITERAL.test(text)) return text.toLowerCase();
  return OTHER_SCALAR.test(text) || text.endsWith(" ") ? fail() : JSON.stringify(text);
}

/** A list or map on one line; scalars become JSON, the marks between them are the same. */
function readFlow(text: string): string {
  const parts: string[] = [];
  FLOW_PART.lastIndex = 0;
  while (FLOW_PART.lastIndex < text.length) {
    const [, scalar, mark] = FLOW_PART.exec(text) ?? fail();
    if (scalar === undefined) parts.push(mark as string);
    else
      parts.push(
        scalar.startsWith('"')
          ? scalar
          : text[FLOW_PART.lastIndex] === ":"
            ? JSON.stringify(scalar)
            : readScalar(scalar),
      );
  }
  const json = parts.join("");
  try {
    JSON.parse(json);
    return json;
  } catch {
    return fail();
  }
}

function fail(): never {
  throw new UnknownSpelling();
}
