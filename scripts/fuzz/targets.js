/**
 * What is fuzzed: each codec of src/wire, and all that reads a text of strangers. A target reads bytes that came in
 * pieces and says what it read, in words that do not depend on the pieces.
 */
import { ByteQueue } from "../../build/base/bytes.js";
import { checkCassette } from "../../build/cassette/check.js";
import { openCassette } from "../../build/cassette/read.js";
import { readFaults } from "../../build/faults/read-faults.js";
import { parseBehaviours } from "../../build/mock/runtime/behaviours/parse-behaviours.js";
import { readImageArchive } from "../../build/wire/archive/image-archive.js";
import { readTar } from "../../build/wire/archive/tar.js";
import { BUILDKIT_SCHEMA, BUILDKIT_TABLES } from "../../build/wire/buildkit/buildkit-schema.js";
import { FileObserver } from "../../build/wire/buildkit/files/file-observer.js";
import { decodeFilePacket, encodeFilePacket } from "../../build/wire/buildkit/files/file-packet.js";
import { encodeRpcStatus, readRpcStatus } from "../../build/wire/buildkit/status-details.js";
import { encodeGoJson } from "../../build/wire/go-json.js";
import { GrpcDecoder } from "../../build/wire/grpc/grpc-decoder.js";
import { GrpcMessageReader } from "../../build/wire/grpc/messages.js";
import { decodeBinaryMetadata } from "../../build/wire/grpc/metadata.js";
import { decodeGrpcStatusMessage, encodeGrpcStatusMessage } from "../../build/wire/grpc/status.js";
import { BodyDecoder } from "../../build/wire/http/body.js";
import { resolveRequestFraming, resolveResponseFraming } from "../../build/wire/http/framing.js";
import { parseRequestHead, parseResponseHead, takeHead } from "../../build/wire/http/head.js";
import { findProducts } from "../../build/wire/http/user-agent.js";
import { HpackDecoder } from "../../build/wire/http2/hpack-decoder.js";
import { Http2Decoder } from "../../build/wire/http2/http2-decoder.js";
import { parseOperation } from "../../build/wire/operations/operation.js";
import { decodeMessage } from "../../build/wire/protobuf/decode-message.js";
import { encodeMessage } from "../../build/wire/protobuf/encode-message.js";
import { decodeLossless } from "../../build/wire/protobuf/lossless.js";
import { quoteForMessage } from "../../build/wire/quote.js";
import { JsonStreamDecoder } from "../../build/wire/streams/json-stream.js";
import { FrameDecoder } from "../../build/wire/streams/stdcopy.js";
import { WebsocketDecoder } from "../../build/wire/streams/websocket.js";

/**
 * @typedef {(pieces: readonly Buffer[]) => unknown | Promise<unknown>} Read
 * @typedef {object} Target
 * @property {Read} read
 * @property {boolean} [isWhole] it reads whole texts: they are not cut into pieces
 * @property {number} [cost] how many times as long as a usual target it takes; it gets as many cases fewer
 * @property {(bytes: Buffer) => Buffer} [mend] makes checksums right again, which few changes survive
 */

const MESSAGES = BUILDKIT_TABLES.flatMap(({ package: home, messages }) =>
  Object.keys(messages).map((name) => `${home}.${name}`),
);

/** @type {Readonly<Record<string, Target>>} */
export const TARGETS = {
  "request-head": {
    read: readHeads((head) => [parseRequestHead(head), resolveRequestFraming(parseRequestHead(head))]),
  },
  "response-head": {
    read: readHeads((head) => [parseResponseHead(head), resolveResponseFraming(parseResponseHead(head), "GET")]),
  },
  "chunked-body": { read: readBody({ kind: "chunked" }) },
  "sized-body": { read: readBody({ kind: "length", length: 24 }) },
  stdcopy: {
    read: (pieces) => {
      const decoder = new FrameDecoder(4096);
      return pieces.flatMap((piece) => decoder.push(piece).map(({ stream, payload }) => `${stream} ${toHex(payload)}`));
    },
  },
  "json-stream": {
    read: (pieces) => {
      const decoder = new JsonStreamDecoder(4096);
      return pieces.flatMap((piece) => decoder.push(piece).map(({ dialect, json }) => `${dialect} ${toHex(json)}`));
    },
  },
  websocket: {
    read: (pieces) => {
      const decoder = new WebsocketDecoder(4096);
      return pieces.flatMap((piece) => decoder.push(piece).map((frame) => JSON.stringify(frame)));
    },
  },
  http2: { read: (pieces) => joinData(feed(new Http2Decoder(), pieces)) },
  grpc: { read: (pieces) => feed(new GrpcDecoder(), pieces) },
  "grpc-messages": {
    read: (pieces) => {
      const reader = new GrpcMessageReader();
      return pieces.flatMap((piece) => reader.push(piece).map(toHex));
    },
  },
  hpack: { isWhole: true, read: ([bytes = Buffer.alloc(0)]) => new HpackDecoder(4096).decode(bytes) },
  protobuf: { isWhole: true, read: readMessage },
  "file-packets": { isWhole: true, read: readPacket },
  "rpc-status": {
    isWhole: true,
    read: ([bytes = Buffer.alloc(0)]) => encodeRpcStatus(readRpcStatus(bytes)),
  },
  "grpc-texts": {
    isWhole: true,
    read: ([bytes = Buffer.alloc(0)]) => {
      const text = bytes.toString("latin1");
      return [decodeGrpcStatusMessage(text), encodeGrpcStatusMessage(text), decodeBinaryMetadata(text)];
    },
  },
  operation: {
    isWhole: true,
    read: ([bytes = Buffer.alloc(0)]) => {
      const text = bytes.toString("latin1");
      const { name, params, query } = parseOperation("GET", text);
      return [name, params, query, quoteForMessage(bytes), findProducts([["User-Agent", text]])];
    },
  },
  "go-json": {
    isWhole: true,
    read: ([bytes = Buffer.alloc(0)]) => {
      const value = bytes.toString("utf8");
      if (JSON.parse(encodeGoJson(value)) !== value.toWellFormed()) throw new Error("Go's JSON says another string");
    },
  },
  tar: { cost: 10, mend: mendChecksums, read: (pieces) => readTar(toSource(pieces)) },
  "image-archive": { cost: 20, mend: mendChecksums, read: (pieces) => readImageArchive(toSource(pieces)) },
  cassette: {
    cost: 200,
    isWhole: true,
    read: ([bytes = Buffer.alloc(0)]) => checkCassette(openCassette(bytes, "fuzz.yaml")).length,
  },
  faults: { cost: 100, isWhole: true, read: ([bytes]) => readFaults(String(bytes), "faults.yaml").length },
  behaviours: { cost: 100, isWhole: true, read: ([bytes]) => parseBehaviours(String(bytes), "behaviours.yaml").length },
};

/** @param {(head: Buffer) => unknown} parse @returns {Read} */
function readHeads(parse) {
  return (pieces) => {
    const queue = new ByteQueue();
    return pieces.flatMap((piece) => {
      queue.push(piece);
      const heads = [];
      for (let head = takeHead(queue, 4096); head !== undefined; head = takeHead(queue, 4096)) {
        heads.push(JSON.stringify(parse(head)));
      }
      return heads;
    });
  };
}

/** @param {ConstructorParameters<typeof BodyDecoder>[0]} framing @returns {Read} */
function readBody(framing) {
  return (pieces) => {
    const decoder = new BodyDecoder(framing, { chunkLine: 64, trailers: 256 });
    const events = pieces.flatMap((piece) => decoder.push(piece));
    const body = events.map((event) => (event.kind === "bytes" ? toHex(event.bytes) : "")).join("");
    const trailers = events.filter(({ kind }) => kind === "trailers");
    return [body, trailers, decoder.isDone, toHex(decoder.rest)];
  };
}

/** @param {{ push(side: "client", bytes: Buffer): unknown[] }} decoder @param {readonly Buffer[]} pieces */
function feed(decoder, pieces) {
  return pieces.flatMap((piece) => decoder.push("client", piece));
}

/** A data frame may come in pieces. @param {readonly unknown[]} events */
function joinData(events) {
  return events.map((event) => JSON.stringify(event));
}

/** The first byte chooses the message. @type {Read} */
function readMessage([bytes = Buffer.alloc(0)]) {
  const name = MESSAGES[(bytes[0] ?? 0) % MESSAGES.length] ?? "";
  const rest = bytes.subarray(1);
  const message = decodeMessage(BUILDKIT_SCHEMA, name, rest);
  encodeMessage(BUILDKIT_SCHEMA, name, message);
  return decodeLossless(BUILDKIT_SCHEMA, name, rest) === undefined;
}

/** @type {Read} */
function readPacket([bytes = Buffer.alloc(0)]) {
  const observer = new FileObserver();
  const packet = decodeFilePacket(bytes);
  observer.push(bytes.length % 2 === 0 ? "sender" : "receiver", packet);
  return [encodeFilePacket(packet), observer.transfer];
}

/** @param {readonly Buffer[]} pieces */
async function* toSource(pieces) {
  yield* pieces;
}

/** Of each block that looks like a header of a tar. @param {Buffer} bytes */
function mendChecksums(bytes) {
  const copy = Buffer.from(bytes);
  for (let at = 0; at + 512 <= copy.length; at += 512) {
    const block = copy.subarray(at, at + 512);
    if (block.toString("latin1", 257, 262) !== "ustar") continue;
    block.fill(" ", 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  }
  return copy;
}

/** @param {Buffer} bytes */
function toHex(bytes) {
  return bytes.toString("hex");
}
