import type { HeaderField } from "../../wire/head.ts";
import { quoted } from "../../yaml/visible.ts";
import { word } from "./spell.ts";

/** A map of header fields stays on one line up to this width. */
const FLOW_WIDTH = 120;
/** YAML allows 1024 characters for a key that stands on the line of its value; escapes may take ten for one. */
const KEY_LIMIT = 100;

/** Header fields as lines: a map where no name stands twice, else a list of pairs. */
export function fieldLines(key: string, fields: readonly HeaderField[], indent: string): string {
  const lead = `${indent}${key}:`;
  if (!fitsMap(fields)) return pairLines(lead, fields, indent);
  const flow = `${lead} {${fields.map(([name, value]) => `${word(name, true)}: ${word(value, true)}`).join(", ")}}\n`;
  if (flow.length <= FLOW_WIDTH) return flow;
  return `${lead}\n${fields.map(([name, value]) => `${indent}  ${word(name, false)}: ${word(value, false)}\n`).join("")}`;
}

function fitsMap(fields: readonly HeaderField[]): boolean {
  const names = new Set(fields.map(([name]) => name));
  return names.size === fields.length && fields.every(([name]) => name.length <= KEY_LIMIT);
}

function pairLines(lead: string, fields: readonly HeaderField[], indent: string): string {
  return `${lead}\n${fields.map((field) => `${indent}  - ${pair(field)}\n`).join("")}`;
}

function pair([name, value]: HeaderField): string {
  return `[${word(name, true)}, ${word(value, true)}]`;
}

/** A whole head as it stood on the wire: one `Name: value` per line. */
export function headLines(fields: readonly HeaderField[], indent: string): string {
  if (fields.length === 0) return `${indent}head: []\n`;
  return `${indent}head:\n${fields.map((field) => `${indent}  - ${headItem(field)}\n`).join("")}`;
}

/** `Name: value` is cut at its first colon, so that a name with one (no daemon sends it) must stay apart. */
function headItem(field: HeaderField): string {
  return field[0].includes(":") ? pair(field) : quoted(`${field[0]}: ${field[1]}`);
}
