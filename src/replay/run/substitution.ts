/**
 * Replaces recorded text in responses and events by the text that stands for it today (match/bindings.ts). Lengths of
 * frames and bodies follow the new bytes. Sidecars are sent as they are.
 */
import { cutIntoPieces } from "../../base/bytes.ts";
import type {
  BytesEvent,
  FrameCut,
  FramesEvent,
  MessageEvent,
  RecordedResponse,
  StdinEvent,
  WebsocketEvent,
} from "../../cassette/model.ts";
import { insertCaptures, type PathCaptures } from "../../match/rules/path-pattern.ts";
import type { HeaderField } from "../../wire/http/head.ts";

/** What the daemon writes piece by piece: frames, messages of a JSON stream, or plain bytes. */
export type OutputEvent = FramesEvent | MessageEvent | BytesEvent;

/** Recorded text into today's. The bindings do it, the published ports, and the captures of a path pattern. */
export interface TextSubstitution {
  readonly isEmpty: boolean;
  toToday(text: string): string;
  /** The same for bytes, given and returned as latin1 text. */
  toTodayLatin1(latin1: string): string;
}

/** Applies `first`, then `second` to its result. */
export function combineSubstitutions(first: TextSubstitution, second: TextSubstitution): TextSubstitution {
  return {
    get isEmpty() {
      return first.isEmpty && second.isEmpty;
    },
    toToday: (text) => second.toToday(first.toToday(text)),
    toTodayLatin1: (latin1) => second.toTodayLatin1(first.toTodayLatin1(latin1)),
  };
}

/** `{id}` in a response becomes what `{id}` in the recorded path captured. */
export function toSubstitution(captures: PathCaptures): TextSubstitution {
  const latin1 = new Map([...captures].map(([name, text]) => [name, Buffer.from(text).toString("latin1")]));
  return {
    isEmpty: false,
    toToday: (text) => insertCaptures(text, captures),
    toTodayLatin1: (text) => insertCaptures(text, latin1),
  };
}

export function substituteInResponse(response: RecordedResponse, substitution: TextSubstitution): RecordedResponse {
  if (substitution.isEmpty) return response;
  const { body, exactHead, trailers, chunks, ...rest } = response;
  const newBody = Buffer.isBuffer(body) ? substituteInBytes(body, substitution) : body;
  const isResized = Buffer.isBuffer(body) && Buffer.isBuffer(newBody) && newBody.length !== body.length;
  const substituteFields = (fields: readonly HeaderField[]): HeaderField[] => substituteInFields(fields, substitution);
  return {
    ...rest,
    headers: substituteFields(response.headers),
    ...(exactHead === undefined ? {} : { exactHead: withContentLength(substituteFields(exactHead), newBody) }),
    ...(trailers === undefined ? {} : { trailers: substituteFields(trailers) }),
    ...(chunks === undefined || isResized ? {} : { chunks }),
    ...(newBody === undefined ? {} : { body: newBody }),
  };
}

/** An event of the daemon's output. */
export function substituteInOutput(event: OutputEvent, substitution: TextSubstitution): OutputEvent {
  if (substitution.isEmpty) return event;
  if (event.kind === "frames") return substituteInFrames(event, substitution);
  if (event.kind === "message") return { ...event, json: substituteInBytes(event.json, substitution) };
  return { ...event, bytes: substituteInBytes(event.bytes, substitution) };
}

/** A message of either side. */
export function substituteInMessage(event: WebsocketEvent, substitution: TextSubstitution): WebsocketEvent {
  return substitution.isEmpty ? event : { ...event, payload: substituteInBytes(event.payload, substitution) };
}

/** The client's bytes, as the player expects them today. */
export function substituteInStdin(
  content: StdinEvent["content"],
  substitution: TextSubstitution,
): StdinEvent["content"] {
  return Buffer.isBuffer(content) && !substitution.isEmpty ? substituteInBytes(content, substitution) : content;
}

/** Latin1 keeps bytes that are no text as they are. */
function substituteInBytes(bytes: Buffer, substitution: TextSubstitution): Buffer {
  const text = bytes.toString("latin1");
  const today = substitution.toTodayLatin1(text);
  return today === text ? bytes : Buffer.from(today, "latin1");
}

function substituteInFrames(event: FramesEvent, substitution: TextSubstitution): FramesEvent {
  const { payload, cut } = event;
  if (cut === undefined || cut === "lines") return { ...event, payload: substituteInBytes(payload, substitution) };
  const frames = cutIntoPieces(payload, cut).map((frame) => substituteInBytes(frame, substitution));
  return { ...event, payload: Buffer.concat(frames), cut: frames.map(({ length }) => length) satisfies FrameCut };
}

/** Headers or trailers. */
export function substituteInFields(fields: readonly HeaderField[], substitution: TextSubstitution): HeaderField[] {
  return fields.map(([name, value]) => [name, substituteInValue(value, substitution)]);
}

/** Some headers hold JSON in base64 (X-Docker-Container-Path-Stat). */
function substituteInValue(value: string, substitution: TextSubstitution): string {
  const decoded = Buffer.from(value, "base64").toString("utf8");
  if (!decoded.startsWith("{")) return substitution.toToday(value);
  const today = substitution.toToday(decoded);
  return today === decoded ? value : Buffer.from(today).toString("base64");
}

/** An exact head that names the body's length names the new length. */
function withContentLength(fields: readonly HeaderField[], body: RecordedResponse["body"]): HeaderField[] {
  return fields.map(([name, value]) => {
    const isLength = Buffer.isBuffer(body) && name.toLowerCase() === "content-length";
    return [name, isLength ? String(body.length) : value];
  });
}
