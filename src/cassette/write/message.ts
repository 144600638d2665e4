/** Writes protobuf messages as JSON: on one line where they are short, else as a block. */
import type { RecordedMessage } from "../build-model.ts";
import { type JsonTree, parseTidyJson } from "../json-tree.ts";
import { formatBase64, formatSidecar } from "./body.ts";
import { formatJsonBlock } from "./json-block.ts";
import { formatJsonLine } from "./progress.ts";

/** Longer messages stand below their key. */
const ONE_LINE = 100;

/** The message as a key of a map at `indent`: `message`, or `base64` or `file`. */
export function formatMessageKey(message: RecordedMessage, indent: string): string {
  if ("bytes" in message) return `${indent}${formatBase64(message.bytes)}\n`;
  if ("file" in message) return `${indent}file: ${formatSidecar(message.file)}\n`;
  return formatJsonKey("message", message.json, indent);
}

/** Messages as a list under `key`. */
export function formatMessageList(key: string, messages: readonly RecordedMessage[], indent: string): string {
  const items = messages.map((message) => `${indent}  - ${formatListItem(message, `${indent}    `)}`);
  return `${indent}${key}:\n${items.join("")}`;
}

function formatListItem(message: RecordedMessage, indent: string): string {
  if ("bytes" in message) return `{${formatBase64(message.bytes)}}\n`;
  if ("file" in message) return `{file: ${formatSidecar(message.file)}}\n`;
  const text = formatJsonLine(message.json);
  const block = text.length > ONE_LINE ? formatBlock(text, indent) : undefined;
  return block === undefined ? `${text}\n` : block.trimStart();
}

function formatJsonKey(key: string, json: unknown, indent: string): string {
  const text = formatJsonLine(json);
  const block = text.length > ONE_LINE ? formatBlock(text, `${indent}  `) : undefined;
  return block === undefined ? `${indent}${key}: ${text}\n` : `${indent}${key}:\n${block}`;
}

function formatBlock(text: string, indent: string): string | undefined {
  const tree: JsonTree | undefined = parseTidyJson(text);
  return tree === undefined ? undefined : formatJsonBlock(tree, indent);
}
