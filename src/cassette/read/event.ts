import {
  createShapeError,
  createUnknownWordError,
  findKey,
  isText,
  readEntries,
  readFields,
  type YamlFields,
  type YamlPlace,
} from "../../yaml/place.ts";
import { readBase64, readChoice, readCount, readDuration, readFlag, readText, readWord } from "../../yaml/values.ts";
import type { BreakEvent, BytesEvent, FrameCut, FramesEvent, MessageEvent, StdinEvent, StreamEvent } from "../model.ts";
import { readJsonText } from "./json.ts";
import { readReference } from "./names.ts";
import { hasKey, readPayload } from "./payload.ts";
import { readSidecar } from "./sidecar.ts";
import { readSizes } from "./sizes.ts";
import { readWebsocket } from "./websocket.ts";

/** One verb of a stream: the keys that may stand beside it, and how its value is read. */
interface EventVerb {
  readonly beside: readonly string[];
  read(value: YamlPlace, fields: YamlFields): StreamEvent;
}

const VERBS: Readonly<Record<string, EventVerb>> = {
  stdin: createSimpleVerb((value) => ({ kind: "stdin", content: readStdin(value) })),
  stdout: createFramesVerb("stdout"),
  stderr: createFramesVerb("stderr"),
  systemerr: createFramesVerb("systemerr"),
  echo: createFramesVerb("stdin"),
  tty: createBytesVerb(["joined"], true, readPayload),
  progress: createMessageVerb("progress"),
  jsonl: createMessageVerb("jsonl"),
  "json-seq": createMessageVerb("json-seq"),
  text: createBytesVerb(["joined"], false, (value) => Buffer.from(readText(value))),
  base64: createBytesVerb(["tty", "joined"], false, readBase64),
  file: createSimpleVerb((value) => ({ kind: "file", file: readSidecar(value) })),
  ws: createSimpleVerb(readWebsocket),
  wait: createSimpleVerb((value) => ({ kind: "wait", ms: readDuration(value) })),
  cue: createSimpleVerb((value) => ({ kind: "cue", name: readReference(value) })),
  mark: createSimpleVerb((value) => ({ kind: "mark", name: readWord(value, "a name") })),
  until: createSimpleVerb((value) => ({ kind: "until", name: readWord(value, "the name of a mark") })),
  eof: createSimpleVerb((value) => ({ kind: "eof", side: readChoice(value, ["client", "daemon"]) })),
  reset: createSimpleVerb((value) => ({ kind: readBreak(value, "reset") })),
  cut: createSimpleVerb((value) => ({ kind: readBreak(value, "cut") })),
  hold: createSimpleVerb((value) => ({ kind: readBreak(value, "hold") })),
  repeat: createSimpleVerb((value) => ({ kind: "repeat", ms: readPause(value) })),
};

const VERB_NAMES: readonly string[] = Object.keys(VERBS);
const BARE_VERBS = ["reset", "cut", "hold"] as const;

/** One item of `stream:`. */
export function readEvent(item: YamlPlace): StreamEvent {
  if (isText(item)) return { kind: readBareVerb(item) };
  const fields = readEntries(item, "events like `stdout: ...`");
  const name = findVerb(item, fields);
  const verb = VERBS[name] as EventVerb;
  checkBeside(item, fields, name, verb.beside);
  return verb.read(fields.get(name) as YamlPlace, fields);
}

function readBareVerb(item: YamlPlace): BreakEvent["kind"] {
  const text = readText(item);
  const verb = BARE_VERBS.find((word) => word === text);
  if (verb !== undefined) return verb;
  if (VERB_NAMES.includes(text)) throw createShapeError(item, `\`${text}\` must be followed by \`:\` and a value`);
  throw createUnknownWordError(item, `event \`${text}\``, text, VERB_NAMES);
}

/** `tty` is a verb, and a flag beside `base64` if a terminal's bytes are no text. */
function findVerb(item: YamlPlace, fields: YamlFields): string {
  const names = [...fields.keys()];
  const [verb, second] = names.filter((name) => name in VERBS && !(name === "tty" && fields.has("base64")));
  if (verb === undefined) throw createVerbError(item, names);
  if (second === undefined) return verb;
  throw createShapeError(findKey(item, second) ?? item, `one item is one event, got \`${verb}\` and \`${second}\``);
}

function createVerbError(item: YamlPlace, names: readonly string[]): Error {
  const word = names[0] ?? "";
  return createUnknownWordError(findKey(item, word) ?? item, `event \`${word}\``, word, VERB_NAMES);
}

function checkBeside(item: YamlPlace, fields: YamlFields, verb: string, beside: readonly string[]): void {
  for (const name of fields.keys()) {
    if (name === verb || beside.includes(name)) continue;
    throw createUnknownWordError(findKey(item, name) ?? item, `key \`${name}\` beside \`${verb}\``, name, [
      verb,
      ...beside,
    ]);
  }
}

function createSimpleVerb(read: (value: YamlPlace) => StreamEvent): EventVerb {
  return { beside: [], read };
}

function createFramesVerb(stream: FramesEvent["stream"]): EventVerb {
  return { beside: ["frames", "joined"], read: (value, fields) => readFrames(stream, value, fields) };
}

function readFrames(stream: FramesEvent["stream"], value: YamlPlace, fields: YamlFields): FramesEvent {
  const payload = readPayload(value);
  const frames = fields.get("frames");
  const cut = frames === undefined ? {} : { cut: readCut(frames, payload.length) };
  return { kind: "frames", stream, payload, ...cut, ...readJoined(fields) };
}

function readCut(place: YamlPlace, size: number): FrameCut {
  return isText(place) ? readChoice(place, ["lines"]) : readSizes(place, size);
}

function createMessageVerb(dialect: MessageEvent["dialect"]): EventVerb {
  const read = (value: YamlPlace, fields: YamlFields): MessageEvent => {
    return { kind: "message", dialect, json: Buffer.from(readJsonText(value, "escaped")), ...readJoined(fields) };
  };
  return { beside: ["joined"], read };
}

function createBytesVerb(
  beside: readonly string[],
  isTty: boolean,
  readContent: (value: YamlPlace) => Buffer,
): EventVerb {
  const read = (value: YamlPlace, fields: YamlFields): BytesEvent => {
    return { kind: "bytes", isTty: isTty || hasTtyFlag(fields), bytes: readContent(value), ...readJoined(fields) };
  };
  return { beside, read };
}

function hasTtyFlag(fields: YamlFields): boolean {
  const place = fields.has("base64") ? fields.get("tty") : undefined;
  return place !== undefined && readFlag(place) === true;
}

function readJoined(fields: YamlFields): { readonly joined?: true } {
  const place = fields.get("joined");
  return place !== undefined && readFlag(place) === true ? { joined: true } : {};
}

function readStdin(value: YamlPlace): StdinEvent["content"] {
  if (!hasKey(value, "file") && !hasKey(value, "redacted")) return readPayload(value);
  const fields = readFields(value, hasKey(value, "file") ? ["file"] : ["redacted", "line"], "`stdin`");
  const [file, line] = [fields.get("file"), fields.get("line")];
  if (file !== undefined) return readSidecar(file);
  const redactedSize = readCount(fields.get("redacted") as YamlPlace);
  return line !== undefined && readFlag(line) === true ? { redactedSize, isLine: true } : { redactedSize };
}

function readBreak<const T extends BreakEvent["kind"]>(value: YamlPlace, kind: T): T {
  if (readFlag(value) !== true)
    throw createShapeError(value, `\`${kind}\` must be \`true\`; leave the line out where it is not`);
  return kind;
}

/** A repetition without a pause would write as fast as it can, forever. */
function readPause(value: YamlPlace): number {
  const ms = readDuration(value);
  if (ms < 1)
    throw createShapeError(value, `\`repeat\` must be a pause of at least \`1ms\`, got \`${readText(value)}\``);
  return ms;
}
