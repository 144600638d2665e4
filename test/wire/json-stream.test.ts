import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../src/base/errors.ts";
import {
  encodeMessage,
  type JsonDialect,
  type JsonMessage,
  JsonStreamDecoder,
} from "../../src/wire/streams/json-stream.ts";
import { bytes } from "./arbitraries.ts";
import { catchError, cutIntoPieces, listDeliveries, listTrailedDeliveries, toLatin1 } from "./deliveries.ts";

function decode(decoder: JsonStreamDecoder, pieces: readonly Buffer[]): JsonMessage[] {
  return pieces.flatMap((piece) => decoder.push(piece));
}

function summarize(messages: readonly JsonMessage[]): string[] {
  return messages.map(({ dialect, json }) => `${dialect} ${json.toString("latin1")}`);
}

describe("decoding a stream of JSON texts", () => {
  const rows: [claim: string, sent: string, messages: string[]][] = [
    ["knows progress by CRLF", '{"a":1}\r\n{"b":2}\r\n', ['progress {"a":1}', 'progress {"b":2}']],
    ["knows events and stats by LF", '{"a":1}\n{"b":2}\n', ['jsonl {"a":1}', 'jsonl {"b":2}']],
    ["knows json-seq by RS", '\x1e{"a":1}\n\x1e{"b":2}\n', ['json-seq {"a":1}', 'json-seq {"b":2}']],
    ["takes a mixture", '{"a":1}\r\n{"b":2}\n', ['progress {"a":1}', 'jsonl {"b":2}']],
    ["keeps blank lines", "\n\r\n\x1e\n", ["jsonl ", "progress ", "json-seq "]],
    ["does not look at the JSON", "not json\n", ["jsonl not json"]],
  ];
  for (const [claim, sent, messages] of rows) {
    for (const { how, pieces, trailing } of listTrailedDeliveries(toLatin1(sent))) {
      it(`${claim} (${how})`, () => {
        const decoder = new JsonStreamDecoder();
        const more = trailing.length > 0 ? ["progress GET /trailing HTTP/1.1"] : [];
        expect(summarize(decode(decoder, pieces))).toEqual([...messages, ...more]);
        expect(decoder.pending.length).toBe(0);
      });
    }
  }

  it("keeps an unfinished message, however it comes", () => {
    for (const { pieces } of listDeliveries(toLatin1('{"a":1}\r\n{"b":\r'))) {
      const decoder = new JsonStreamDecoder();
      expect(summarize(decode(decoder, pieces))).toEqual(['progress {"a":1}']);
      expect(decoder.pending.toString()).toBe('{"b":\r');
    }
  });

  it("copies no message that came whole", () => {
    const sent = toLatin1('{"a":1}\n');
    expect(new JsonStreamDecoder().push(sent)[0]?.json.buffer).toBe(sent.buffer);
  });
});

describe("the limit of a message", () => {
  it("is 16 MiB by default", () => {
    const decoder = new JsonStreamDecoder();
    const mebi = Buffer.alloc(1024 * 1024, "x");
    for (let count = 0; count < 16; count += 1) expect(decoder.push(mebi)).toEqual([]);
    expect(catchError(() => decoder.push(toLatin1("x"))).code).toBe("WHALESONG_MESSAGE_TOO_LARGE");
  });

  it("refuses a longer one however it comes, and loses nothing of it", () => {
    const sent = toLatin1("12345\n123456\n");
    for (const { pieces } of listDeliveries(sent)) {
      const decoder = new JsonStreamDecoder(5);
      const messages: JsonMessage[] = [];
      let pushed = 0;
      const error = catchError(() => {
        for (const piece of pieces) {
          pushed += piece.length;
          messages.push(...decoder.push(piece));
        }
      });
      expect(error).toBeInstanceOf(WireError);
      expect(error).toMatchObject({ code: "WHALESONG_MESSAGE_TOO_LARGE", fields: { limit: 5 } });
      const returned = messages.map(({ dialect, json }) => encodeMessage(dialect, json));
      expect(Buffer.concat([...returned, decoder.pending])).toEqual(sent.subarray(0, pushed));
    }
  });

  it("goes on refusing when more comes", () => {
    const decoder = new JsonStreamDecoder(5);
    expect(() => decoder.push(toLatin1("1\n123456\n"))).toThrow(WireError);
    expect(() => decoder.push(toLatin1("1\n"))).toThrow(WireError);
    expect(decoder.pending.toString()).toBe("1\n123456\n1\n");
  });
});

describe("encoding what was decoded", () => {
  it("gives the same bytes for any lines, in pieces of any size", () => {
    const marks = fc.constantFrom("\r\n", "\n", "\x1e", "\r").map(toLatin1);
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, marks)), fc.integer({ min: 1, max: 40 }), (parts, size) => {
        const sent = Buffer.concat(parts);
        const decoder = new JsonStreamDecoder();
        const messages = decode(decoder, cutIntoPieces(sent, size));
        const again = messages.map(({ dialect, json }) => encodeMessage(dialect, json));
        expect(Buffer.concat([...again, decoder.pending])).toEqual(sent);
      }),
    );
  });

  it("gives the same messages for any JSON", () => {
    const dialect = fc.constantFrom<JsonDialect>("progress", "jsonl", "json-seq");
    const messages = fc.array(fc.record({ dialect, json: fc.json().map((text) => Buffer.from(text)) }));
    fc.assert(
      fc.property(messages, (some) => {
        const sent = Buffer.concat(some.map(({ dialect, json }) => encodeMessage(dialect, json)));
        expect(new JsonStreamDecoder().push(sent)).toEqual(some);
      }),
    );
  });
});
