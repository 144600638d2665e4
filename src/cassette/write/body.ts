/**
 * Writes bytes in the most readable spelling that gives the same bytes back: JSON, else text, else base64.
 */
import { decodeUtf8 } from "../../base/bytes.ts";
import { escapeInvisible, hasInvisible, isQuotedAsJson, quoteText } from "../../yaml/visible.ts";
import { encodeJson, type JsonEscaping, parseTidyJson } from "../json-tree.ts";
import type { RecordedBody, SidecarRef } from "../model.ts";
import { formatJsonBlock } from "./json-block.ts";
import { spellPayload, spellWord } from "./spell.ts";

/** JSON up to this many characters stands on one line, verbatim. */
const ONE_LINE = 100;

/** The spellings of bodies that come again, as drafts. */
export interface DraftTexts {
  getText(body: Buffer): string | undefined;
  /** Keeps the text, if the body is one that comes again. */
  keepText(body: Buffer, text: string): void;
}

export interface BodyOptions {
  /** Stand above a sidecar. @default none */
  readonly comments?: readonly string[];
  /** Long JSON is spelled as text, which takes a tenth of the time; `finishDraft` makes it what it would have been. @default false */
  readonly isDraft?: boolean;
  /** For drafts. @default each body is spelled anew */
  readonly drafts?: DraftTexts | undefined;
}

/** A body as lines of a block map at `indent`. */
export function formatBody(
  body: RecordedBody,
  indent: string,
  escaping: JsonEscaping,
  { comments = [], isDraft = false, drafts }: BodyOptions = {},
): string {
  if (!Buffer.isBuffer(body)) return `${formatComments(comments, indent)}${indent}file: ${formatSidecar(body)}\n`;
  const known = drafts?.getText(body);
  if (known !== undefined) return `${indent}text: ${known}\n`;
  const text = decodeUtf8(body);
  if (text === undefined) return `${indent}base64: "${body.toString("base64")}"\n`;
  if (isDraft && mayBeLongJson(text)) {
    // As `quoteText` spells it, which would look at each character once more.
    const quoted = JSON.stringify(text);
    drafts?.keepText(body, quoted);
    return `${indent}text: ${quoted}\n`;
  }
  return formatJson(text, indent, escaping) ?? `${indent}text: ${spellPayload(text, `${indent}  `)}\n`;
}

function mayBeLongJson(text: string): boolean {
  return text.length > ONE_LINE && (text[0] === "{" || text[0] === "[") && isQuotedAsJson(text);
}

function formatJson(text: string, indent: string, escaping: JsonEscaping): string | undefined {
  const isEnded = text.endsWith("\n");
  const source = isEnded ? text.slice(0, -1) : text;
  const lead = `${indent}${isEnded ? "json" : "json-bare"}:`;
  if (!'{["-0123456789tfn'.includes(source[0] ?? "x")) return undefined;
  const tree = parseTidyJson(source);
  if (tree === undefined) return undefined;
  const block =
    source.length > ONE_LINE && encodeJson(tree, escaping) === source
      ? formatJsonBlock(tree, `${indent}  `)
      : undefined;
  if (block !== undefined) return `${lead}\n${block}`;
  return isOneLine(source) ? `${lead} ${source}\n` : undefined;
}

/**
 * The JSON text if the reader gets the same characters back from one line of flow YAML, which it takes verbatim from
 * the source; otherwise undefined.
 */
export function toFlowJson(bytes: Buffer): string | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined || !isOneLine(text) || parseTidyJson(text) === undefined) return undefined;
  return text;
}

/** Blanks around a value belong to no YAML node; tabs and invisible characters may not survive an editor. */
function isOneLine(json: string): boolean {
  return !json.startsWith(" ") && !json.endsWith(" ") && !hasInvisible(json);
}

/** Lines of a comment. A file name in a tar may contain any character, even a line end. */
export function formatComments(comments: readonly string[], indent: string): string {
  return comments.map((line) => `${indent}# ${escapeInvisible(line)}`.trimEnd().concat("\n")).join("");
}

export function formatSidecar({ path, size, sha256 }: SidecarRef): string {
  const digest = sha256 === undefined ? "" : `, sha256: ${spellWord(sha256, true)}`;
  return `{path: ${spellWord(path, true)}, size: ${size}${digest}}`;
}

/** Bytes as a member of a map on one line: `text`, or `base64` if they are no text. */
export function formatBytes(bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  return text === undefined ? formatBase64(bytes) : `text: ${quoteText(text)}`;
}

export function formatBase64(bytes: Buffer): string {
  return `base64: "${bytes.toString("base64")}"`;
}
