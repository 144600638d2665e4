import { quoteText } from "../../yaml/visible.ts";
import type { JsonEntry, JsonTree } from "../json-tree.ts";
import { spellWord } from "./spell.ts";

/** A list or map of scalars that fits here stays on one line. */
const FLOW_WIDTH = 80;
/** YAML allows 1024 characters for a key that stands on the line of its value. */
const KEY_LIMIT = 1000;
/** Deeper JSON is not written as a block: so much indentation does not help a reader. */
const DEPTH_LIMIT = 20;

/**
 * The block YAML of a non-empty list or map, its lines at `indent`, ending with a line end. Undefined if it is too
 * deep, or the spelling of a key too long. Reading it gives the same tree, and so the same compact JSON.
 */
export function formatJsonBlock(json: JsonTree, indent: string): string | undefined {
  if (!isNested(json) || isUnwieldy(json, 1)) return undefined;
  const lines: string[] = [];
  addLines(json, indent, lines);
  return lines.join("");
}

function isNested(json: JsonTree): boolean {
  return (json.kind === "list" && json.items.length > 0) || (json.kind === "map" && json.entries.length > 0);
}

function isUnwieldy(json: JsonTree, depth: number): boolean {
  if (!isNested(json)) return false;
  if (depth > DEPTH_LIMIT) return true;
  if (json.kind === "list") return json.items.some((item) => isUnwieldy(item, depth + 1));
  if (json.kind !== "map") return false;
  return json.entries.some(([key, value]) => isLongKey(key) || isUnwieldy(value, depth + 1));
}

/** No character takes more than ten when it is quoted, so that only a long key has to be. */
function isLongKey(key: string): boolean {
  return key.length * 10 > KEY_LIMIT && quoteText(key).length > KEY_LIMIT;
}

/** Adds the lines to `lines`: to join lists at each depth would copy each line as often as it is deep. */
function addLines(json: JsonTree, indent: string, lines: string[]): void {
  if (json.kind === "list") for (const item of json.items) addItem(item, indent, lines);
  if (json.kind === "map") for (const entry of json.entries) addEntry(entry, indent, lines);
}

function addEntry([key, value]: JsonEntry, indent: string, lines: string[]): void {
  const lead = `${indent}${spellWord(key, false)}:`;
  const line = formatOnOneLine(value, lead.length);
  lines.push(line === undefined ? `${lead}\n` : `${lead} ${line}\n`);
  if (line === undefined) addLines(value, `${indent}  `, lines);
}

function addItem(item: JsonTree, indent: string, lines: string[]): void {
  const line = formatOnOneLine(item, indent.length);
  if (line !== undefined) {
    lines.push(`${indent}- ${line}\n`);
    return;
  }
  if (item.kind === "list") lines.push(`${indent}-\n`);
  const first = lines.length;
  addLines(item, `${indent}  `, lines);
  // A map begins on the line of its dash.
  if (item.kind === "map") lines[first] = `${indent}- ${(lines[first] as string).trimStart()}`;
}

/** A scalar, or a list or map of scalars that is short enough. */
function formatOnOneLine(json: JsonTree, column: number): string | undefined {
  if (json.kind === "atom" || json.kind === "text") return formatScalar(json, false);
  const values = json.kind === "list" ? json.items : json.entries.map(([, value]) => value);
  if (values.some(isNested)) return undefined;
  const flow = json.kind === "list" ? formatFlowList(json.items) : formatFlowMap(json.entries);
  return values.length === 0 || column + 1 + flow.length <= FLOW_WIDTH ? flow : undefined;
}

function formatFlowList(items: readonly JsonTree[]): string {
  return `[${items.map((item) => formatScalar(item, true)).join(", ")}]`;
}

function formatFlowMap(entries: readonly JsonEntry[]): string {
  return `{${entries.map(([key, value]) => `${spellWord(key, true)}: ${formatScalar(value, true)}`).join(", ")}}`;
}

function formatScalar(json: JsonTree, isInFlow: boolean): string {
  if (json.kind === "atom") return json.source;
  if (json.kind === "text") return spellWord(json.text, isInFlow);
  return json.kind === "list" ? "[]" : "{}";
}
