/**
 * Peers send anything. Whatever it is, a codec either reads it or throws a WireError, and says the same however the
 * network cut the bytes.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteQueue } from "../../src/base/bytes.ts";
import { WireError } from "../../src/base/errors.ts";
import { BodyDecoder } from "../../src/wire/http/body.ts";
import { parseRequestHead, parseResponseHead, takeHead } from "../../src/wire/http/head.ts";
import { JsonStreamDecoder } from "../../src/wire/streams/json-stream.ts";
import { FrameDecoder } from "../../src/wire/streams/stdcopy.ts";
import { WebsocketDecoder } from "../../src/wire/streams/websocket.ts";
import { countTries } from "../playbook/seed.ts";
import { bytes } from "./arbitraries.ts";
import { cutIntoPieces, toLatin1 } from "./deliveries.ts";

/** Feeds one piece; returns what came out of it in words that do not depend on the pieces. */
type Feed = (piece: Buffer) => string[];

function feedHead(parse: (head: Buffer) => unknown): () => Feed {
  return () => {
    const queue = new ByteQueue();
    return (piece) => {
      queue.push(piece);
      const heads: string[] = [];
      for (let head = takeHead(queue, 200); head !== undefined; head = takeHead(queue, 200)) {
        heads.push(JSON.stringify(parse(head)));
      }
      return heads;
    };
  };
}

function feedChunked(): Feed {
  const decoder = new BodyDecoder({ kind: "chunked" }, { chunkLine: 20, trailers: 50 });
  return (piece) =>
    decoder.push(piece).flatMap((event) => {
      if (event.kind === "bytes") return [...event.bytes].map((byte) => `byte ${byte}`);
      return [event.kind === "trailers" ? JSON.stringify(event.fields) : event.kind];
    });
}

const CODECS: [name: string, start: () => Feed, words: string[]][] = [
  ["request heads", feedHead(parseRequestHead), ["GET / HTTP/1.1", "\r\n", "\n", "\r", "A: b", ":", " ", "\x00"]],
  ["response heads", feedHead(parseResponseHead), ["HTTP/1.1 200 OK", "\r\n", "\n", "\r", "A: b", "HTTP/1.0 404"]],
  ["chunked bodies", feedChunked, ["0", "1", "2", "\r\n", "\n", "a", "5\r\nhello\r\n", "0\r\n\r\n", "A: b", ";x"]],
  [
    "frames",
    () => {
      const decoder = new FrameDecoder(300);
      return (piece) => decoder.push(piece).map(({ stream, payload }) => `${stream} ${payload.toString("hex")}`);
    },
    ["\x01\0\0\0", "\0\0\0\x01", "\0\0\0\0", "\x02\0\0\0\0\0\0\x02", "\x04", "a"],
  ],
  [
    "JSON streams",
    () => {
      const decoder = new JsonStreamDecoder(20);
      return (piece) => decoder.push(piece).map(({ dialect, json }) => `${dialect} ${json.toString("hex")}`);
    },
    ["\n", "\r\n", "\x1e", "{}", "\r"],
  ],
  [
    "websocket frames",
    () => {
      const decoder = new WebsocketDecoder(300);
      return (piece) => decoder.push(piece).map((frame) => JSON.stringify(frame));
    },
    ["\x81\x05hello", "\x82", "\x02", "\x85", "\x7e\0", "\x7f", "\0\0\0\0", "\x88\0"],
  ],
];

function decodeAll(feed: Feed, pieces: readonly Buffer[]): { said: string[]; code: string | undefined } {
  const said: string[] = [];
  try {
    for (const piece of pieces) said.push(...feed(piece));
    return { said, code: undefined };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { said, code: error.code };
  }
}

describe.each(CODECS)("any bytes, read as %s,", (_, start, words) => {
  const near = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words).map(toLatin1) }, bytes), {
    maxLength: 12,
  });

  it("are read alike or refused alike however they come", () => {
    const property = fc.property(near, fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const sent = Buffer.concat(parts);
      const whole = decodeAll(start(), [sent]);
      const cut = decodeAll(start(), cutIntoPieces(sent, size));
      expect(cut.code).toBe(whole.code);
      // What came before the error may have been in the same piece as the error.
      if (whole.code === undefined) expect(cut.said).toEqual(whole.said);
    });
    fc.assert(property, countTries(1000));
  });
});
