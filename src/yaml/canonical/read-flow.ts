/** Lists and maps within brackets, on one line: `[a, b]` and `{key: value}`. */
import type { NodePair, YamlNode } from "../node.ts";
import { requireCanonical } from "./not-canonical.ts";
import { readFlowPlain, readQuoted } from "./scalars.ts";

/** Deeper brackets are left to the package `yaml`, and so is a longer key. */
const MAX_FLOW_DEPTH = 20;
const MAX_KEY_LENGTH = 1000;

/** The line of `text` that ends at `end`. */
export interface TextLine {
  readonly text: string;
  readonly end: number;
}

/** The list or map whose bracket stands at `start`. */
export function readFlow(line: TextLine, start: number, depth = 0): YamlNode {
  requireCanonical(depth < MAX_FLOW_DEPTH);
  if (line.text[start] === "{") {
    const names = new Set<string>();
    const [pairs, end] = readParts(line, start, "}", (at) => readFlowPair(line, at, names, depth));
    return { kind: "map", pairs, start, end };
  }
  const [items, end] = readParts(line, start, "]", (at) => {
    const item = readFlowValue(line, at, depth);
    return [item, item.end];
  });
  return { kind: "list", items, start, end };
}

function skipBlank(text: string, at: number): number {
  return text[at] === " " ? at + 1 : at;
}

/** Reads what stands between brackets, commas between them. Returns the parts, and the offset behind the bracket. */
function readParts<T>(
  { text, end }: TextLine,
  start: number,
  close: string,
  read: (at: number) => readonly [T, number],
): readonly [readonly T[], number] {
  const parts: T[] = [];
  let at = start + 1;
  while (text[at] !== close || parts.length > 0) {
    const [part, next] = read(at);
    parts.push(part);
    at = next;
    if (text[at] === close) break;
    requireCanonical(text[at] === "," && at < end);
    at = skipBlank(text, at + 1);
  }
  return [parts, at + 1];
}

function readFlowPair(line: TextLine, at: number, names: Set<string>, depth: number): readonly [NodePair, number] {
  const { text, end } = line;
  const key = text[at] === '"' ? readQuoted(text, at, end) : readFlowPlain(text, at);
  requireCanonical(text[key.end] === ":" && key.end - at < MAX_KEY_LENGTH);
  // As in JSON, no blank need follow a key in quotes.
  requireCanonical(key.style === "quoted" || text[key.end + 1] === " ");
  requireCanonical(!names.has(key.value) && key.value !== "<<");
  names.add(key.value);
  const value = readFlowValue(line, skipBlank(text, key.end + 1), depth);
  return [{ key, value }, value.end];
}

function readFlowValue(line: TextLine, at: number, depth: number): YamlNode {
  const first = line.text[at];
  if (first === "[" || first === "{") return readFlow(line, at, depth + 1);
  return first === '"' ? readQuoted(line.text, at, line.end) : readFlowPlain(line.text, at);
}
