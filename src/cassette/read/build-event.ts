/** Reads the items of `build:`. */
import type { HeaderField } from "../../wire/http/fields.ts";
import {
  createShapeError,
  createUnknownWordError,
  createValueError,
  findKey,
  isText,
  readEntries,
  readFields,
  type YamlFields,
  type YamlPlace,
} from "../../yaml/place.ts";
import { listPlaces, readDuration, readText, readWord } from "../../yaml/values.ts";
import { isUnary } from "../build/call-names.ts";
import type {
  BuildAnswerEvent,
  BuildEvent,
  SecretRequestEvent,
  TransferKind,
  TransferStartEvent,
} from "../build-model.ts";
import { requireSendable } from "./fields.ts";
import { readStatus, STATUS_KEYS } from "./grpc-status.ts";
import { readJsonText } from "./json.ts";
import { MESSAGE_KEYS, readMessageKey } from "./message.ts";
import { readTransferEnd } from "./transfer-end.ts";

interface BuildVerb {
  /** Keys that may stand beside the verb. */
  readonly beside: readonly string[];
  read(value: YamlPlace, fields: YamlFields): BuildEvent;
}

/** All verbs but those of progress. */
export const BUILD_VERBS: Readonly<Record<string, BuildVerb>> = {
  call: { beside: MESSAGE_KEYS, read: readCall },
  answer: { beside: MESSAGE_KEYS, read: readAnswer },
  end: { beside: [], read: readEnd },
  failed: { beside: ["grpc", ...STATUS_KEYS], read: readFailure },
  cancel: { beside: [], read: (value) => ({ kind: "cancel", ...readCallName(value) }) },
  progress: { beside: [], read: (value) => ({ kind: "line", json: Buffer.from(readJsonText(value, "escaped")) }) },
  text: { beside: [], read: (value) => ({ kind: "line", json: Buffer.from(readText(value)) }) },
  sync: createTransferVerb("sync"),
  upload: createTransferVerb("upload"),
  export: createTransferVerb("export"),
  synced: createTransferEndVerb("sync"),
  uploaded: createTransferEndVerb("upload"),
  exported: createTransferEndVerb("export"),
  secret: createSecretVerb("secret"),
  ssh: createSecretVerb("ssh"),
  login: createSecretVerb("login"),
  wait: { beside: [], read: (value) => ({ kind: "wait", ms: readDuration(value) }) },
};

/** The event of an item whose verb is among `BUILD_VERBS`. */
export function readBuildEvent(item: YamlPlace, verb: string, fields: YamlFields): BuildEvent {
  const { beside, read } = BUILD_VERBS[verb] as BuildVerb;
  for (const key of fields.keys()) {
    if (key === verb || beside.includes(key)) continue;
    throw createUnknownWordError(findKey(item, key) ?? item, `key \`${key}\` beside \`${verb}\``, key, [
      verb,
      ...beside,
    ]);
  }
  return read(fields.get(verb) as YamlPlace, fields);
}

function readCall(value: YamlPlace, fields: YamlFields): BuildEvent {
  const message = readMessageKey(fields);
  return { kind: "call", ...readCallName(value), ...(message === undefined ? {} : { message }) };
}

/** Unary calls end with their only answer. */
function readAnswer(value: YamlPlace, fields: YamlFields): BuildAnswerEvent {
  const name = readCallName(value);
  return { kind: "answer", ...name, message: readMessageKey(fields) ?? { json: {} }, isLast: isUnary(name.method) };
}

function readEnd(value: YamlPlace): BuildEvent {
  if (isText(value) && readText(value) === "response") return { kind: "response-end" };
  return { kind: "end", ...readCallName(value), status: { code: 0, message: "", details: [] } };
}

function readFailure(value: YamlPlace, fields: YamlFields): BuildEvent {
  const code = fields.get("grpc");
  if (code === undefined) throw createShapeError(value, "`failed` must have beside it `grpc`, a status like `UNKNOWN`");
  return { kind: "end", ...readCallName(value), status: readStatus(code, fields) };
}

/** `Control/Solve`, or `{method: Control/Solve, build: 2}`. */
function readCallName(value: YamlPlace): { readonly method: string; readonly build: number } {
  if (isText(value)) return { method: readMethod(value), build: 1 };
  const fields = readFields(value, ["method", "build"], `\`${value.what}\``);
  const method = fields.get("method");
  if (method === undefined)
    throw createShapeError(value, `\`${value.what}\` must have a \`method\` like \`Control/Solve\``);
  return { method: readMethod(method), build: readNumber(fields.get("build")) };
}

function readMethod(place: YamlPlace): string {
  const text = readText(place);
  if (!/^[\w.]+\/\w+$/.test(text)) throw createValueError(place, "a call like `Control/Solve`");
  return text;
}

/** The number of a build or a session; the first one where there is no key. */
export function readNumber(place: YamlPlace | undefined): number {
  if (place === undefined) return 1;
  const text = readText(place);
  if (!/^[1-9]\d{0,5}$/.test(text)) throw createValueError(place, "a number, counted from 1");
  return Number(text);
}

function createTransferVerb(transfer: TransferKind): BuildVerb {
  return { beside: [], read: (value) => readTransfer(transfer, value) };
}

function readTransfer(transfer: TransferKind, value: YamlPlace): TransferStartEvent {
  const fields = readFields(value, ["as", "session", "metadata"], `\`${value.what}\``);
  const as = fields.get("as");
  if (as === undefined) throw createShapeError(value, `\`${value.what}\` must have a name, \`as\``);
  const metadata = fields.get("metadata");
  return {
    kind: "transfer",
    transfer,
    as: readWord(as, "a name"),
    session: readNumber(fields.get("session")),
    metadata: metadata === undefined ? [] : readMetadata(metadata),
  };
}

function readMetadata(place: YamlPlace): readonly HeaderField[] {
  return [...readEntries(place)].flatMap(([name, value]) =>
    listPlaces(value).map((item) => requireSendable([name, readText(item)], item)),
  );
}

function createTransferEndVerb(transfer: TransferKind): BuildVerb {
  return { beside: ["entries"], read: (value, fields) => readTransferEnd(transfer, value, fields.get("entries")) };
}

function createSecretVerb(of: SecretRequestEvent["of"]): BuildVerb {
  return { beside: [], read: (value) => ({ kind: "secret", of, id: readText(value) }) };
}
