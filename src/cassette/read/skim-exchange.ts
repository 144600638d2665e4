/**
 * Reads exchanges that are only looked at, and quickly: many documents have the same frame, and differ in their name,
 * their request line and their JSON. A frame is parsed once; JSON on one line is taken as it stands.
 */

import { parseBoundedJson } from "../../base/parse-json.ts";
import type { SourceText } from "../../yaml/error-at.ts";
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

/** A body that is JSON. */
export interface BodyJson {
  readonly value: unknown;
  /** As it is in the cassette, perhaps with a line end. */
  readonly text: string;
}

/** JSON that was parsed on the way; undefined says nothing of a body. */
export interface SkimmedBodies {
  readonly request: BodyJson | undefined;
  readonly response: BodyJson | undefined;
}

/** An exchange, and what its bodies parsed to: to parse them again takes as long as all the rest. */
export interface SkimmedExchange {
  readonly exchange: Exchange;
  readonly bodies: SkimmedBodies;
}

/** The text of a document without what it does not share with others. */
interface DocumentFrame {
  readonly key: string;
  readonly bodies: SkimmedBodies;
}

const OWN_LINE = /^((?:name|request| {2}line): ).*\n/gm;
/** JSON on the line of its key, or a block behind it. */
const JSON_BODY = /^ {2}json(-bare)?:(?: ([{[].*)|\n((?: {4}[^\n]*\n?)+))/gm;
/** The calls of a build that each session makes are some thousand characters long. */
const REMEMBERED_LENGTH = 8000;
const MOST_REMEMBERED = 500;
const NOT_PARSED: SkimmedBodies = { request: undefined, response: undefined };

/** @param frames the exchanges of a cassette that were parsed, by their frame */
export function skimExchange(source: SourceText, head: SkimmedHead, frames: Map<string, Exchange>): SkimmedExchange {
  const stream = skimStream(source.text, source.names);
  const skimmed = skimDocument(source, stream?.text ?? source.text, head, frames);
  if (stream === undefined) return skimmed;
  return { exchange: { ...skimmed.exchange, stream: stream.events }, bodies: skimmed.bodies };
}

function skimDocument(
  source: SourceText,
  text: string,
  head: SkimmedHead,
  frames: Map<string, Exchange>,
): SkimmedExchange {
  const frame = toFrame(text, head.method);
  const known = frame && frames.get(frame.key);
  if (frame !== undefined && known !== undefined) {
    return { exchange: fillFrame(known, frame.bodies, head), bodies: frame.bodies };
  }
  const exchange = readSkimmed(source, skimJsonBlocks(text));
  if (frame !== undefined && frames.size < MOST_REMEMBERED) frames.set(frame.key, exchange);
  return { exchange, bodies: NOT_PARSED };
}

/** Undefined for a document that is too long to have its like. */
function toFrame(text: string, method: string): DocumentFrame | undefined {
  const response = findKey(text, "response:");
  if (findKey(text, "request:") > response) return undefined;
  const bodies: Record<keyof SkimmedBodies, BodyJson | undefined> = { request: undefined, response: undefined };
  const cutBody = (match: string, bare: string | undefined, line: string, block: string, offset: number): string => {
    if (bare !== undefined) return cutBareBody(match, line, block);
    const json = parseLine(line ?? skimJsonBlock(block));
    if (json === undefined) return match;
    bodies[offset < response ? "request" : "response"] = json;
    return line === undefined ? "  json: {}\n" : "  json: {}";
  };
  const key = `${method} ${text.replace(JSON_BODY, cutBody).replace(OWN_LINE, "$1")}`;
  return key.length > REMEMBERED_LENGTH ? undefined : { key, bodies };
}

/** A block without a line end behind it is a part of the frame, on one line as the others. */
function cutBareBody(match: string, line: string, block: string): string {
  const json = line === undefined ? skimJsonBlock(block) : undefined;
  return json === undefined ? match : `  json-bare: ${json}\n`;
}

/** Undefined if it is not JSON, which YAML's own flow style need not be. */
function parseLine(text: string | undefined): BodyJson | undefined {
  if (text === undefined) return undefined;
  try {
    return { value: parseBoundedJson(text), text };
  } catch {
    return undefined;
  }
}

/** Where a line begins with `key`; -1 if none does. */
function findKey(text: string, key: string): number {
  if (text.startsWith(key)) return 0;
  const before = text.indexOf(`\n${key}`);
  return before === -1 ? -1 : before + 1;
}

/** A frame and its documents have the same members: to add one to a copy takes longer than to replace it. */
function fillFrame(known: Exchange, bodies: SkimmedBodies, { name, method, target }: SkimmedHead): Exchange {
  const request = { ...known.request, method, target };
  if (bodies.request !== undefined) request.body = toBytes(bodies.request);
  const response = known.response && { ...known.response };
  if (response !== undefined && bodies.response !== undefined) response.body = toBytes(bodies.response);
  return name === undefined ? { ...known, request, response } : { ...known, name, request, response };
}

/** `json:` is a text with a line end, as the daemon writes it. */
function toBytes({ text }: BodyJson): Buffer {
  return Buffer.from(`${text}\n`);
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
