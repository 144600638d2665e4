/** Recorded answers in today's words (see match/bindings.ts). Frame lengths and sizes follow from the new bytes. */

import { cutInto } from "../../base/bytes.ts";
import type { Exchange, FrameCut, FramesEvent, RecordedResponse, StreamEvent } from "../../cassette/model.ts";
import { type Caught, withCaught } from "../../match/pattern.ts";
import type { HeaderField } from "../../wire/head.ts";

/** How recorded words are said today: the bindings, or what a pattern caught. */
export interface Words {
  readonly isEmpty: boolean;
  toToday(text: string): string;
  /** The same for bytes, spelled in latin1. */
  bytesToToday(latin1: string): string;
}

/** First the one, then the other. */
export function wordsInTurn(first: Words, second: Words): Words {
  return {
    get isEmpty() {
      return first.isEmpty && second.isEmpty;
    },
    toToday: (text) => second.toToday(first.toToday(text)),
    bytesToToday: (latin1) => second.bytesToToday(first.bytesToToday(latin1)),
  };
}

/** The exchange with what its path caught named in the answer. */
export function exchangeWithCaught(exchange: Exchange, caught: Caught): Exchange {
  const words = wordsCaught(caught);
  const { stream } = exchange;
  const answer = exchangeToday(exchange, words);
  return stream === undefined ? answer : { ...answer, stream: stream.map((event) => eventToday(event, words)) };
}

function wordsCaught(caught: Caught): Words {
  const bytes = new Map([...caught].map(([name, text]) => [name, Buffer.from(text).toString("latin1")]));
  return {
    isEmpty: false,
    toToday: (text) => withCaught(text, caught),
    bytesToToday: (latin1) => withCaught(latin1, bytes),
  };
}

/** Recorded bytes in today's words; latin1 keeps bytes that are no text. */
function bytesToday(words: Words, bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  const today = words.bytesToToday(text);
  return today === text ? bytes : Buffer.from(today, "latin1");
}

/** The response as it is to be sent today. Sidecars are sent as they are. */
export function responseToday(response: RecordedResponse, words: Words): RecordedResponse {
  if (words.isEmpty) return response;
  const { body, exactHead, trailers } = response;
  const isInline = Buffer.isBuffer(body);
  const today = isInline ? bytesToday(words, body) : body;
  const isResized = isInline && today !== undefined && Buffer.isBuffer(today) && today.length !== body.length;
  const { chunks, ...rest } = response;
  return {
    ...rest,
    headers: fieldsToday(response.headers, words),
    ...(exactHead === undefined ? {} : { exactHead: resized(fieldsToday(exactHead, words), today) }),
    ...(trailers === undefined ? {} : { trailers: fieldsToday(trailers, words) }),
    ...(chunks === undefined || isResized ? {} : { chunks }),
    ...(today === undefined ? {} : { body: today }),
  };
}

/** The event as it is to be said, or awaited, today. */
export function eventToday(event: StreamEvent, words: Words): StreamEvent {
  if (words.isEmpty) return event;
  switch (event.kind) {
    case "frames":
      return framesToday(event, words);
    case "message":
      return { ...event, json: bytesToday(words, event.json) };
    case "bytes":
      return { ...event, bytes: bytesToday(words, event.bytes) };
    case "ws":
      return { ...event, payload: bytesToday(words, event.payload) };
    case "stdin":
      return Buffer.isBuffer(event.content) ? { ...event, content: bytesToday(words, event.content) } : event;
    default:
      return event;
  }
}

export function exchangeToday(exchange: Exchange, words: Words): Exchange {
  const { response } = exchange;
  return words.isEmpty || response === undefined ? exchange : { ...exchange, response: responseToday(response, words) };
}

function framesToday(event: FramesEvent, words: Words): FramesEvent {
  const { payload, cut } = event;
  if (cut === undefined || cut === "lines") return { ...event, payload: bytesToday(words, payload) };
  const frames = cutInto(payload, cut).map((frame) => bytesToday(words, frame));
  return { ...event, payload: Buffer.concat(frames), cut: frames.map(({ length }) => length) satisfies FrameCut };
}

function fieldsToday(fields: readonly HeaderField[], words: Words): HeaderField[] {
  return fields.map(([name, value]) => [name, valueToday(value, words)]);
}

/** Some headers hold JSON in base64 (X-Docker-Container-Path-Stat). */
function valueToday(value: string, words: Words): string {
  const inside = Buffer.from(value, "base64").toString("utf8");
  if (!inside.startsWith("{")) return words.toToday(value);
  const today = words.toToday(inside);
  return today === inside ? value : Buffer.from(today).toString("base64");
}

/** An exact head that names the body's length must name today's. */
function resized(fields: readonly HeaderField[], body: RecordedResponse["body"]): HeaderField[] {
  return fields.map(([name, value]) => {
    const isLength = Buffer.isBuffer(body) && name.toLowerCase() === "content-length";
    return [name, isLength ? String(body.length) : value];
  });
}
