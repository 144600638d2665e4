import { quoted } from "../../yaml/visible.ts";
import type { Json, JsonEntry } from "../json-tree.ts";
import { word } from "./spell.ts";

/** A list or map of scalars that fits here stays on one line. */
const FLOW_WIDTH = 80;
/** YAML allows 1024 characters for a key that stands on the line of its value. */
const KEY_LIMIT = 1000;
/** Deeper than this, indentation no longer helps anybody. */
const DEPTH_LIMIT = 20;

/**
 * The block YAML of a list or a map that is not empty, its lines at `indent`, ending with a line end; undefined
 * where it would be too deep, or a key too long once spelled. Reading it gives the same tree, and so the same
 * compact JSON.
 */
export function blockYaml(json: Json, indent: string): string | undefined {
  if (!isNested(json) || isUnwieldy(json, 1)) return undefined;
  return blockLines(json, indent).join("");
}

function isNested(json: Json): boolean {
  return (json.kind === "list" && json.items.length > 0) || (json.kind === "map" && json.entries.length > 0);
}

function isUnwieldy(json: Json, depth: number): boolean {
  if (!isNested(json)) return false;
  if (depth > DEPTH_LIMIT) return true;
  if (json.kind === "list") return json.items.some((item) => isUnwieldy(item, depth + 1));
  if (json.kind !== "map") return false;
  return json.entries.some(([key, value]) => quoted(key).length > KEY_LIMIT || isUnwieldy(value, depth + 1));
}

function blockLines(json: Json, indent: string): string[] {
  if (json.kind === "list") return json.items.flatMap((item) => itemLines(item, indent));
  if (json.kind === "map") return json.entries.flatMap((entry) => entryLines(entry, indent));
  return [];
}

function entryLines([key, value]: JsonEntry, indent: string): string[] {
  const lead = `${indent}${word(key, false)}:`;
  const line = oneLine(value, lead.length);
  return line === undefined ? [`${lead}\n`, ...blockLines(value, `${indent}  `)] : [`${lead} ${line}\n`];
}

function itemLines(item: Json, indent: string): string[] {
  const line = oneLine(item, indent.length);
  if (line !== undefined) return [`${indent}- ${line}\n`];
  const lines = blockLines(item, `${indent}  `);
  if (item.kind === "list") return [`${indent}-\n`, ...lines];
  // A map begins on the line of its dash.
  return [`${indent}- ${(lines[0] as string).trimStart()}`, ...lines.slice(1)];
}

/** A scalar, or a list or map of scalars that is short enough. */
function oneLine(json: Json, column: number): string | undefined {
  if (json.kind === "atom" || json.kind === "text") return scalar(json, false);
  const values = json.kind === "list" ? json.items : json.entries.map(([, value]) => value);
  if (values.some(isNested)) return undefined;
  const flow = json.kind === "list" ? flowList(json.items) : flowMap(json.entries);
  return values.length === 0 || column + 1 + flow.length <= FLOW_WIDTH ? flow : undefined;
}

function flowList(items: readonly Json[]): string {
  return `[${items.map((item) => scalar(item, true)).join(", ")}]`;
}

function flowMap(entries: readonly JsonEntry[]): string {
  return `{${entries.map(([key, value]) => `${word(key, true)}: ${scalar(value, true)}`).join(", ")}}`;
}

function scalar(json: Json, isInFlow: boolean): string {
  if (json.kind === "atom") return json.source;
  if (json.kind === "text") return word(json.text, isInFlow);
  return json.kind === "list" ? "[]" : "{}";
}
