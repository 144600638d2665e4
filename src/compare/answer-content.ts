/**
 * What an exchange says, as one value: how the bytes were cut, timed and ordered between two sides is left out. Two
 * answers with equal contents mean the same to a client.
 */
import { joinBytes } from "../base/bytes.ts";
import { WireError } from "../base/errors.ts";
import type { BuildkitCall, RecordedMessage } from "../cassette/build-model.ts";
import type { Exchange, RecordedBody, RecordedResponse, SidecarRef, StreamEvent } from "../cassette/model.ts";
import { identifyContent } from "../cassette/sidecar-ref.ts";
import { readTar } from "../wire/archive/tar.ts";
import type { HeaderField } from "../wire/http/head.ts";
import { toBuildContent } from "./build-content.ts";
import { toContentText } from "./content-text.ts";
import { foldProgress } from "./fold-progress.ts";

/** Reads the bytes of a sidecar of the recording. */
export type SidecarReader = (sidecar: SidecarRef) => AsyncIterable<Buffer>;

/** Values of JSON. */
export type ContentValue = unknown;

/** Larger sidecars are compared by their digest. */
const READ_LIMIT = 64 * 1024 * 1024;
/** What only tells how and when an answer was sent. */
const INCIDENTAL_HEADERS: ReadonlySet<string> = new Set(["date", "content-length", "transfer-encoding", "connection"]);

/** The answer to a request: status, headers, body or stream. */
export async function toAnswerContent(exchange: Exchange, read: SidecarReader): Promise<ContentValue> {
  const { response, stream, build, call } = exchange;
  return {
    ...(response === undefined ? {} : await toHeadContent(response, read)),
    ...(stream === undefined ? {} : await toStreamContent(stream, read)),
    ...(build === undefined ? {} : { build: await toBuildContent(build, (file) => toSidecarContent(file, read)) }),
    ...(call === undefined ? {} : await toCallContent(call, read)),
  };
}

async function toHeadContent(response: RecordedResponse, read: SidecarReader): Promise<Record<string, ContentValue>> {
  const { status, headers, exactHead, trailers = [], body, isHijack, isLeft } = response;
  return {
    status,
    headers: toHeaderContent(exactHead ?? headers),
    ...(trailers.length === 0 ? {} : { trailers: toHeaderContent(trailers) }),
    ...(isHijack === true ? { hijack: true } : {}),
    ...(isLeft === true ? { left: true } : {}),
    ...(body === undefined ? {} : { body: await toBodyContent(body, read) }),
  };
}

function toHeaderContent(fields: readonly HeaderField[]): Record<string, ContentValue> {
  const telling = fields.filter(([name]) => !INCIDENTAL_HEADERS.has(name.toLowerCase()));
  return Object.fromEntries(telling.map(([name, value]) => [name.toLowerCase(), decodeHeader(value)]));
}

/** Some headers hold JSON in base64 (X-Docker-Container-Path-Stat). */
function decodeHeader(value: string): ContentValue {
  const decoded = Buffer.from(value, "base64").toString("utf8");
  return decoded.startsWith("{") ? (parseJson(decoded) ?? value) : value;
}

async function toBodyContent(body: RecordedBody, read: SidecarReader): Promise<ContentValue> {
  return Buffer.isBuffer(body) ? toBytesContent(body) : toSidecarContent(body, read);
}

function toBytesContent(bytes: Buffer): ContentValue {
  const text = toContentText(bytes);
  return (/^\s*[[{"]/.test(text) ? parseJson(bytes.toString("utf8")) : undefined) ?? text;
}

function parseJson(text: string): ContentValue {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function toSidecarContent(file: SidecarRef, read: SidecarReader): Promise<ContentValue> {
  if (file.size > READ_LIMIT) return { size: file.size, sha256: identifyContent(file) };
  if (file.path.endsWith(".tar")) return (await toTarContent(file, read)) ?? { sha256: identifyContent(file) };
  return toBytesContent(await joinBytes(read(file)));
}

/** The times of files are those of the run. */
async function toTarContent(file: SidecarRef, read: SidecarReader): Promise<ContentValue | undefined> {
  try {
    const entries = await readTar(read(file));
    const facts = entries.map(({ name, type, mode, linkname = "", sha256 }) => [
      name,
      `${type} ${(mode & 0o7777).toString(8)} ${linkname} ${sha256.slice(0, 16)}`,
    ]);
    return Object.fromEntries(facts);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

async function toCallContent(call: BuildkitCall, read: SidecarReader): Promise<Record<string, ContentValue>> {
  const toMessage = (message: RecordedMessage): Promise<ContentValue> => toMessageContent(message, read);
  return {
    status: call.status.code,
    ...(call.status.message === "" ? {} : { reason: call.status.message }),
    messages: await Promise.all(call.answers.map(toMessage)),
  };
}

async function toMessageContent(message: RecordedMessage, read: SidecarReader): Promise<ContentValue> {
  if ("json" in message) return message.json;
  return "bytes" in message ? toContentText(message.bytes) : toSidecarContent(message.file, read);
}

/** Each side's output by itself: which one was faster is not compared. */
async function toStreamContent(
  stream: readonly StreamEvent[],
  read: SidecarReader,
): Promise<Record<string, ContentValue>> {
  const outputs = new Map<string, Buffer[]>();
  const lists = new Map<string, ContentValue[]>();
  const append = (name: string, bytes: Buffer): unknown => outputs.get(name)?.push(bytes) ?? outputs.set(name, [bytes]);
  const push = (name: string, value: ContentValue): unknown => lists.set(name, [...(lists.get(name) ?? []), value]);
  for (const event of stream) {
    if (event.kind === "frames") append(event.stream === "stdin" ? "echo" : event.stream, event.payload);
    else if (event.kind === "bytes") append(event.isTty ? "tty" : "bytes", event.bytes);
    else if (event.kind === "message") push(event.dialect, toBytesContent(event.json));
    else if (event.kind === "ws") push(`ws of ${event.from}`, `${event.opcode} ${toContentText(event.payload)}`);
    else if (event.kind === "file") push("file", await toSidecarContent(event.file, read));
    else if (event.kind === "stdin") await appendInput(event.content, { append, push, read });
    else if (event.kind === "eof" || event.kind === "reset" || event.kind === "cut")
      push("ends", event.kind === "eof" ? `eof of ${event.side}` : event.kind);
  }
  const texts = [...outputs].map(([name, pieces]) => [name, toContentText(Buffer.concat(pieces))] as const);
  return { ...Object.fromEntries(texts), ...Object.fromEntries([...lists].map(sortList)) };
}

interface InputSink {
  readonly append: (name: string, bytes: Buffer) => unknown;
  readonly push: (name: string, value: ContentValue) => unknown;
  readonly read: SidecarReader;
}

async function appendInput(
  content: Extract<StreamEvent, { kind: "stdin" }>["content"],
  { append, push, read }: InputSink,
): Promise<void> {
  if (Buffer.isBuffer(content)) append("stdin", content);
  else if ("path" in content) push("stdin", await toSidecarContent(content, read));
  else push("stdin", content);
}

/** Messages of a progress are folded. Ends of both sides have no order. */
function sortList([name, values]: readonly [string, ContentValue[]]): readonly [string, ContentValue] {
  if (name === "progress") return [name, foldProgress(values)];
  return [name, name === "ends" ? [...values].sort() : values];
}
