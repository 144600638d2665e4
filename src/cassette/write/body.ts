/**
 * The prettiest spelling of bytes that is proven to give the same bytes back: JSON, else text, else base64.
 */
import { utf8Text } from "../../base/bytes.ts";
import { hasInvisible, quoted, visible } from "../../yaml/visible.ts";
import { type Dialect, encodeJson, parseTidyJson } from "../json-tree.ts";
import type { Body, SidecarRef } from "../model.ts";
import { blockYaml } from "./json-block.ts";
import { payload, word } from "./spell.ts";

/** JSON up to this many characters stands on one line, verbatim. */
const ONE_LINE = 100;

/** A body as lines of a block map at `indent`; `comments` stand above a sidecar. */
export function bodyLines(body: Body, indent: string, dialect: Dialect, comments: readonly string[]): string {
  if (!Buffer.isBuffer(body)) return `${commentLines(comments, indent)}${indent}file: ${sidecarFlow(body)}\n`;
  const text = utf8Text(body);
  if (text === undefined) return `${indent}base64: "${body.toString("base64")}"\n`;
  return jsonLines(text, indent, dialect) ?? `${indent}text: ${payload(text, `${indent}  `)}\n`;
}

function jsonLines(text: string, indent: string, dialect: Dialect): string | undefined {
  const isEnded = text.endsWith("\n");
  const source = isEnded ? text.slice(0, -1) : text;
  const lead = `${indent}${isEnded ? "json" : "json-bare"}:`;
  if (!'{["-0123456789tfn'.includes(source[0] ?? "x")) return undefined;
  const tree = parseTidyJson(source);
  if (tree === undefined) return undefined;
  const block =
    source.length > ONE_LINE && encodeJson(tree, dialect) === source ? blockYaml(tree, `${indent}  `) : undefined;
  if (block !== undefined) return `${lead}\n${block}`;
  return isOneLine(source) ? `${lead} ${source}\n` : undefined;
}

/**
 * The JSON text if the reader gets these very characters back from one line of flow YAML, where it takes them
 * from the source; else undefined.
 */
export function flowJson(bytes: Buffer): string | undefined {
  const text = utf8Text(bytes);
  if (text === undefined || !isOneLine(text) || parseTidyJson(text) === undefined) return undefined;
  return text;
}

/** Blanks around a value belong to no YAML node; tabs and what is invisible would not survive an editor. */
function isOneLine(json: string): boolean {
  return !json.startsWith(" ") && !json.endsWith(" ") && !hasInvisible(json);
}

/** Lines of a comment; a file name in a tar may hold anything, even a line end. */
export function commentLines(comments: readonly string[], indent: string): string {
  return comments.map((line) => `${indent}# ${visible(line)}`.trimEnd().concat("\n")).join("");
}

export function sidecarFlow({ path, size, sha256 }: SidecarRef): string {
  return `{path: ${word(path, true)}, size: ${size}, sha256: ${word(sha256, true)}}`;
}

/** Bytes inside a map of one line, under the key `text`, or under `base64` where they are no text. */
export function bytesFlow(bytes: Buffer): string {
  const text = utf8Text(bytes);
  return text === undefined ? base64Flow(bytes) : `text: ${quoted(text)}`;
}

export function base64Flow(bytes: Buffer): string {
  return `base64: "${bytes.toString("base64")}"`;
}
