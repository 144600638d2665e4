/** What Node's own HTTP parser makes of the same bytes; no socket, no time. */
import { createServer, type IncomingMessage, request } from "node:http";
import { Duplex } from "node:stream";
import { ByteQueue } from "../../src/base/bytes.ts";
import { WireError } from "../../src/base/errors.ts";
import {
  BodyDecoder,
  type BodyEvent,
  type MessageFraming,
  resolveRequestFraming,
  resolveResponseFraming,
} from "../../src/wire/http/body.ts";
import { type HeaderField, parseRequestHead, parseResponseHead, takeHead } from "../../src/wire/http/head.ts";

/** A message in terms that both parsers share. */
export interface Understood {
  readonly start: readonly (string | number)[];
  readonly fields: readonly HeaderField[];
  readonly body: string;
  readonly trailers: readonly HeaderField[];
}

/** A connection whose peer says `bytes`, closes its half, and listens to nothing. */
function createConnection(bytes: Buffer): Duplex {
  const connection = new Duplex({ read() {}, write: (_bytes, _encoding, done) => done() });
  connection.push(bytes);
  connection.push(null);
  return connection;
}

/** Undefined where Node refuses the bytes. */
export function parseRequestWithNode(bytes: Buffer): Promise<Understood | undefined> {
  return new Promise((resolve) => {
    const server = createServer({ maxHeaderSize: 1024 * 1024, requireHostHeader: false });
    server.on("clientError", () => resolve(undefined));
    server.on("request", (message: IncomingMessage) => {
      const { method = "", url = "", httpVersion } = message;
      collect(message, [method, url, `HTTP/${httpVersion}`], resolve);
    });
    server.emit("connection", createConnection(bytes));
  });
}

/** Undefined where Node refuses the bytes. */
export function parseResponseWithNode(bytes: Buffer, method: string): Promise<Understood | undefined> {
  return new Promise((resolve) => {
    const call = request({ method, maxHeaderSize: 1024 * 1024, createConnection: () => createConnection(bytes) });
    call.on("error", () => resolve(undefined));
    call.on("response", (message: IncomingMessage) => {
      const { httpVersion, statusCode = 0, statusMessage = "" } = message;
      collect(message, [`HTTP/${httpVersion}`, statusCode, statusMessage], resolve);
    });
    call.end();
  });
}

function collect(
  message: IncomingMessage,
  start: Understood["start"],
  resolve: (understood: Understood | undefined) => void,
): void {
  const pieces: Buffer[] = [];
  message.on("data", (piece: Buffer) => pieces.push(piece));
  message.on("error", () => resolve(undefined));
  message.on("end", () => {
    const body = Buffer.concat(pieces).toString("latin1");
    resolve({ start, fields: toPairs(message.rawHeaders), body, trailers: toPairs(message.rawTrailers) });
  });
}

function toPairs(raw: readonly string[]): HeaderField[] {
  const fields: HeaderField[] = [];
  for (let at = 0; at < raw.length; at += 2) fields.push([raw[at] as string, raw[at + 1] as string]);
  return fields;
}

/** Undefined where whalesong refuses the bytes. */
export function parseRequest(bytes: Buffer): Understood | undefined {
  return catchRefusal(() => {
    const { head, rest } = cutHead(bytes);
    const { method, target, version, fields } = parseRequestHead(head);
    return {
      start: [method, target, version],
      fields,
      ...readBody(resolveRequestFraming(parseRequestHead(head)), rest),
    };
  });
}

/** Undefined where whalesong refuses the bytes. */
export function parseResponse(bytes: Buffer, method: string): Understood | undefined {
  return catchRefusal(() => {
    const { head, rest } = cutHead(bytes);
    const { version, status, reason, fields } = parseResponseHead(head);
    const framing = resolveResponseFraming(parseResponseHead(head), method);
    return { start: [version, status, reason], fields, ...readBody(framing, rest) };
  });
}

function cutHead(bytes: Buffer): { head: Buffer; rest: Buffer } {
  const queue = new ByteQueue();
  queue.push(bytes);
  const head = takeHead(queue);
  if (head === undefined) throw new WireError("INCOMPLETE", "the head is not all there");
  return { head, rest: queue.take() };
}

function readBody(framing: MessageFraming, rest: Buffer): Pick<Understood, "body" | "trailers"> {
  const decoder = new BodyDecoder(framing);
  const events: BodyEvent[] = [...decoder.push(rest), ...decoder.end()];
  const body = events.map((event) => (event.kind === "bytes" ? event.bytes.toString("latin1") : "")).join("");
  return { body, trailers: events.flatMap((event) => (event.kind === "trailers" ? event.fields : [])) };
}

function catchRefusal(read: () => Understood): Understood | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
