import {
  entriesOf,
  type Fields,
  fieldsOf,
  isText,
  keyPlace,
  type Place,
  shapeError,
  unknownWord,
} from "../../yaml/place.ts";
import { base64Of, choiceOf, countOf, durationOf, flagOf, textOf, wordOf } from "../../yaml/values.ts";
import type { BreakEvent, BytesEvent, FrameCut, FramesEvent, MessageEvent, StdinEvent, StreamEvent } from "../model.ts";
import { bytesOf, hasKey } from "./bytes.ts";
import { jsonTextOf } from "./json.ts";
import { referenceOf } from "./names.ts";
import { sidecarOf } from "./sidecar.ts";
import { sizesOf } from "./sizes.ts";
import { websocketOf } from "./websocket.ts";

/** One verb of a stream: the keys that may stand beside it, and how its value is read. */
interface Verb {
  readonly beside: readonly string[];
  read(value: Place, fields: Fields): StreamEvent;
}

const VERBS: Readonly<Record<string, Verb>> = {
  stdin: alone((value) => ({ kind: "stdin", content: stdinOf(value) })),
  stdout: frames("stdout"),
  stderr: frames("stderr"),
  systemerr: frames("systemerr"),
  echo: frames("stdin"),
  tty: bytes(["joined"], true, bytesOf),
  progress: message("progress"),
  jsonl: message("jsonl"),
  "json-seq": message("json-seq"),
  text: bytes(["joined"], false, (value) => Buffer.from(textOf(value))),
  base64: bytes(["tty", "joined"], false, base64Of),
  file: alone((value) => ({ kind: "file", file: sidecarOf(value) })),
  ws: alone(websocketOf),
  wait: alone((value) => ({ kind: "wait", ms: durationOf(value) })),
  cue: alone((value) => ({ kind: "cue", name: referenceOf(value) })),
  mark: alone((value) => ({ kind: "mark", name: wordOf(value, "a name") })),
  until: alone((value) => ({ kind: "until", name: wordOf(value, "the name of a mark") })),
  eof: alone((value) => ({ kind: "eof", side: choiceOf(value, ["client", "daemon"]) })),
  reset: alone((value) => ({ kind: breakOf(value, "reset") })),
  cut: alone((value) => ({ kind: breakOf(value, "cut") })),
  hold: alone((value) => ({ kind: breakOf(value, "hold") })),
  repeat: alone((value) => ({ kind: "repeat", ms: pauseOf(value) })),
};

const VERB_NAMES: readonly string[] = Object.keys(VERBS);
const BARE_VERBS = ["reset", "cut", "hold"] as const;

/** One item of `stream:`. */
export function eventOf(item: Place): StreamEvent {
  if (isText(item)) return { kind: bareVerb(item) };
  const fields = entriesOf(item, "events like `stdout: ...`");
  const name = verbOf(item, fields);
  const verb = VERBS[name] as Verb;
  checkBeside(item, fields, name, verb.beside);
  return verb.read(fields.get(name) as Place, fields);
}

function bareVerb(item: Place): BreakEvent["kind"] {
  const text = textOf(item);
  const verb = BARE_VERBS.find((word) => word === text);
  if (verb !== undefined) return verb;
  if (VERB_NAMES.includes(text)) throw shapeError(item, `\`${text}\` must be followed by \`:\` and a value`);
  throw unknownWord(item, `verb \`${text}\``, text, VERB_NAMES);
}

/** `tty` is a verb, and stands beside `base64` where a terminal's bytes are no text. */
function verbOf(item: Place, fields: Fields): string {
  const names = [...fields.keys()];
  const [verb, second] = names.filter((name) => name in VERBS && !(name === "tty" && fields.has("base64")));
  if (verb === undefined) throw noVerb(item, names);
  if (second === undefined) return verb;
  throw shapeError(keyPlace(item, second) ?? item, `an event has one verb, got \`${verb}\` and \`${second}\``);
}

function noVerb(item: Place, names: readonly string[]): Error {
  const word = names[0] ?? "";
  return unknownWord(keyPlace(item, word) ?? item, `verb \`${word}\``, word, VERB_NAMES);
}

function checkBeside(item: Place, fields: Fields, verb: string, beside: readonly string[]): void {
  for (const name of fields.keys()) {
    if (name === verb || beside.includes(name)) continue;
    throw unknownWord(keyPlace(item, name) ?? item, `key \`${name}\` beside \`${verb}\``, name, [verb, ...beside]);
  }
}

function alone(read: (value: Place) => StreamEvent): Verb {
  return { beside: [], read };
}

function frames(stream: FramesEvent["stream"]): Verb {
  return { beside: ["frames", "joined"], read: (value, fields) => framesOf(stream, value, fields) };
}

function framesOf(stream: FramesEvent["stream"], value: Place, fields: Fields): FramesEvent {
  const payload = bytesOf(value);
  const frames = fields.get("frames");
  const cut = frames === undefined ? {} : { cut: cutOf(frames, payload.length) };
  return { kind: "frames", stream, payload, ...cut, ...joinedOf(fields) };
}

function cutOf(place: Place, size: number): FrameCut {
  return isText(place) ? choiceOf(place, ["lines"]) : sizesOf(place, size);
}

function message(dialect: MessageEvent["dialect"]): Verb {
  const read = (value: Place, fields: Fields): MessageEvent => {
    return { kind: "message", dialect, json: Buffer.from(jsonTextOf(value, "escaped")), ...joinedOf(fields) };
  };
  return { beside: ["joined"], read };
}

function bytes(beside: readonly string[], isTty: boolean, payloadOf: (value: Place) => Buffer): Verb {
  const read = (value: Place, fields: Fields): BytesEvent => {
    return { kind: "bytes", isTty: isTty || ttyOf(fields), bytes: payloadOf(value), ...joinedOf(fields) };
  };
  return { beside, read };
}

function ttyOf(fields: Fields): boolean {
  const place = fields.has("base64") ? fields.get("tty") : undefined;
  return place !== undefined && flagOf(place) === true;
}

function joinedOf(fields: Fields): { readonly joined?: true } {
  const place = fields.get("joined");
  return place !== undefined && flagOf(place) === true ? { joined: true } : {};
}

function stdinOf(value: Place): StdinEvent["content"] {
  if (!hasKey(value, "file") && !hasKey(value, "redacted")) return bytesOf(value);
  const fields = fieldsOf(value, hasKey(value, "file") ? ["file"] : ["redacted"], "`stdin`");
  const file = fields.get("file");
  return file === undefined ? { redactedSize: countOf(fields.get("redacted") as Place) } : sidecarOf(file);
}

function breakOf<const T extends BreakEvent["kind"]>(value: Place, kind: T): T {
  if (flagOf(value) !== true)
    throw shapeError(value, `\`${kind}\` must be \`true\`; leave the line out where it is not`);
  return kind;
}

/** Without a pause a repetition would say nothing else, as fast as it can. */
function pauseOf(value: Place): number {
  const ms = durationOf(value);
  if (ms < 1) throw shapeError(value, `\`repeat\` must be a pause of at least \`1ms\`, got \`${textOf(value)}\``);
  return ms;
}
