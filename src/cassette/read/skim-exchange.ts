/**
 * Reads exchanges that are only looked at, and quickly: many documents have the same frame, and differ in their name,
 * their request line and their JSON. A frame is parsed once; JSON on one line is taken as it stands.
 */

import type { SourceText } from "../../yaml/error-at.ts";
import { isJson } from "../../yaml/is-json.ts";
import type { Exchange } from "../model.ts";
import { readExchange } from "./exchange.ts";
import { skimJsonBlock, skimJsonBlocks } from "./skim-json.ts";
import { skimStream } from "./skim-stream.ts";

/** What an entry has of its exchange. */
export interface SkimmedHead {
  readonly name: string | undefined;
  readonly method: string;
  readonly target: string;
}

/** The text of a document without what it does not share with others. */
interface DocumentFrame {
  readonly key: string;
  readonly request: Buffer | undefined;
  readonly response: Buffer | undefined;
}

const OWN_LINE = /^((?:name|request| {2}line): ).*\n/gm;
/** JSON on the line of its key, or a block behind it. */
const JSON_BODY = /^ {2}json(-bare)?:(?: ([{[].*)|\n((?: {4}[^\n]*\n?)+))/gm;
/** The calls of a build that each session makes are some thousand characters long. */
const REMEMBERED_LENGTH = 8000;
const MOST_REMEMBERED = 500;

/** @param frames the exchanges of a cassette that were parsed, by their frame */
export function skimExchange(source: SourceText, head: SkimmedHead, frames: Map<string, Exchange>): Exchange {
  const stream = skimStream(source.text, source.names);
  const exchange = skimDocument(source, stream?.text ?? source.text, head, frames);
  return stream === undefined ? exchange : { ...exchange, stream: stream.events };
}

function skimDocument(source: SourceText, text: string, head: SkimmedHead, frames: Map<string, Exchange>): Exchange {
  const frame = toFrame(text, head.method);
  const known = frame === undefined ? undefined : frames.get(frame.key);
  if (frame !== undefined && known !== undefined) return fillFrame(known, frame, head);
  const exchange = readSkimmed(source, skimJsonBlocks(text));
  if (frame !== undefined && frames.size < MOST_REMEMBERED) frames.set(frame.key, exchange);
  return exchange;
}

/** Undefined for a document that is too long to have its like. */
function toFrame(text: string, method: string): DocumentFrame | undefined {
  const response = findKey(text, "response:");
  if (findKey(text, "request:") > response) return undefined;
  const bodies: Record<"request" | "response", Buffer | undefined> = { request: undefined, response: undefined };
  const cutBody = (match: string, bare: string | undefined, line: string, block: string, offset: number): string => {
    const json = line === undefined ? skimJsonBlock(block) : bare === undefined && isJson(line) ? line : undefined;
    if (json === undefined) return match;
    if (bare === undefined) bodies[offset < response ? "request" : "response"] = Buffer.from(`${json}\n`);
    return `  json${bare ?? ""}: ${bare === undefined ? "{}" : json}${line === undefined ? "\n" : ""}`;
  };
  const key = `${method} ${text.replace(JSON_BODY, cutBody).replace(OWN_LINE, "$1")}`;
  return key.length > REMEMBERED_LENGTH ? undefined : { key, ...bodies };
}

/** Where a line begins with `key`; -1 if none does. */
function findKey(text: string, key: string): number {
  if (text.startsWith(key)) return 0;
  const before = text.indexOf(`\n${key}`);
  return before === -1 ? -1 : before + 1;
}

/** A frame and its documents have the same members: to add one to a copy takes longer than to replace it. */
function fillFrame(known: Exchange, bodies: DocumentFrame, { name, method, target }: SkimmedHead): Exchange {
  const request = { ...known.request, method, target };
  if (bodies.request !== undefined) request.body = bodies.request;
  const response = known.response && { ...known.response };
  if (response !== undefined && bodies.response !== undefined) response.body = bodies.response;
  return name === undefined ? { ...known, request, response } : { ...known, name, request, response };
}

function readSkimmed(source: SourceText, text: string): Exchange {
  if (text === source.text) return readExchange(source);
  try {
    return readExchange({ file: source.file, text, firstLine: 1, names: source.names });
  } catch {
    // The error is to name the line of the file, which takes a while to count.
    return readExchange(source);
  }
}
