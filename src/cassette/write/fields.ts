import type { HeaderField } from "../../wire/http/head.ts";
import { quoteText } from "../../yaml/visible.ts";
import { spellWord } from "./spell.ts";

/** A map of header fields stays on one line up to this width. */
const FLOW_WIDTH = 120;
/** YAML allows 1024 characters for a key that stands on the line of its value; escapes may take ten for one. */
const KEY_LIMIT = 100;

/** Header fields as lines: a map if all names differ, otherwise a list of pairs. */
export function formatHeaderFields(key: string, fields: readonly HeaderField[], indent: string): string {
  const lead = `${indent}${key}:`;
  if (!isMap(fields)) return formatPairs(lead, fields, indent);
  const flow = `${lead} {${fields.map(([name, value]) => `${spellWord(name, true)}: ${spellWord(value, true)}`).join(", ")}}\n`;
  if (flow.length <= FLOW_WIDTH) return flow;
  return `${lead}\n${fields.map(([name, value]) => `${indent}  ${spellWord(name, false)}: ${spellWord(value, false)}\n`).join("")}`;
}

function isMap(fields: readonly HeaderField[]): boolean {
  const names = new Set(fields.map(([name]) => name));
  return names.size === fields.length && fields.every(([name]) => name.length <= KEY_LIMIT);
}

function formatPairs(lead: string, fields: readonly HeaderField[], indent: string): string {
  return `${lead}\n${fields.map((field) => `${indent}  - ${formatPair(field)}\n`).join("")}`;
}

function formatPair([name, value]: HeaderField): string {
  return `[${spellWord(name, true)}, ${spellWord(value, true)}]`;
}

/** A whole head as on the wire: one `Name: value` per line. */
export function formatHeadLines(fields: readonly HeaderField[], indent: string): string {
  if (fields.length === 0) return `${indent}head: []\n`;
  return `${indent}head:\n${fields.map((field) => `${indent}  - ${formatHeadItem(field)}\n`).join("")}`;
}

/** `Name: value` is cut at its first colon, so a name with a colon (no daemon sends one) is written as a pair. */
function formatHeadItem(field: HeaderField): string {
  return field[0].includes(":") ? formatPair(field) : quoteText(`${field[0]}: ${field[1]}`);
}
