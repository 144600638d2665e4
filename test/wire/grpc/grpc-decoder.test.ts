import { describe, expect, it } from "vitest";
import type { GrpcEvent } from "../../../src/wire/grpc/call-event.ts";
import { GrpcDecoder } from "../../../src/wire/grpc/grpc-decoder.ts";
import { encodeGrpcMessage } from "../../../src/wire/grpc/messages.ts";
import type { HeaderField } from "../../../src/wire/http/fields.ts";
import { PREFACE } from "../../../src/wire/http2/frame-reader.ts";
import type { Http2Side } from "../../../src/wire/http2/http2-event.ts";
import { cutIntoPieces } from "../deliveries.ts";
import { END_HEADERS, END_STREAM, frame, headerBlock, settings, uint } from "../http2/frames.ts";

type Sent = readonly [side: Http2Side, bytes: Buffer];

const REQUEST: HeaderField[] = [
  [":method", "POST"],
  [":path", "/a.B/C"],
  ["dir-name", "context"],
];
const HEAD: HeaderField[] = [[":status", "200"]];
const BEGIN: readonly Sent[] = [
  ["client", Buffer.concat([PREFACE, settings()])],
  ["daemon", settings()],
];
const headers = (stream: number, fields: readonly HeaderField[], flags = 0): Buffer =>
  frame("HEADERS", END_HEADERS | flags, stream, headerBlock(fields));
const data = (stream: number, text: string, flags = 0): Buffer =>
  frame("DATA", flags, stream, encodeGrpcMessage(Buffer.from(text)));
const trailers = (stream: number, code: string): Buffer => headers(stream, [["grpc-status", code]], END_STREAM);

function describeEvent(event: GrpcEvent): string {
  switch (event.kind) {
    case "call":
      return `${event.stream} ${event.caller} calls ${event.path}`;
    case "message":
      return `${event.stream} ${event.side} says ${event.bytes}`;
    case "status":
      return `${event.stream} status ${event.status.code} ${event.status.message}`.trim();
    case "reset":
      return `${event.stream} reset by ${event.side} ${event.code}`;
    case "goaway":
      return `goaway ${event.side} ${event.code}`;
    default:
      return `${event.stream} ${event.kind}`;
  }
}

function watch(sent: readonly Sent[], size: number): { events: string[]; decoder: GrpcDecoder } {
  const decoder = new GrpcDecoder();
  const events = [...BEGIN, ...sent].flatMap(([side, bytes]) =>
    cutIntoPieces(bytes, size).flatMap((piece) => decoder.push(side, piece)),
  );
  return { events: events.map(describeEvent), decoder };
}

describe("a watcher of gRPC sees", () => {
  const rows: [claim: string, sent: Sent[], events: string[]][] = [
    [
      "a unary call",
      [
        ["client", Buffer.concat([headers(1, REQUEST), data(1, "ask", END_STREAM)])],
        ["daemon", Buffer.concat([headers(1, HEAD), data(1, "tell"), trailers(1, "0")])],
      ],
      ["1 client calls /a.B/C", "1 client says ask", "1 half-close", "1 head", "1 daemon says tell", "1 status 0"],
    ],
    [
      "a call that fails at once",
      [
        ["client", headers(1, REQUEST, END_STREAM)],
        ["daemon", headers(1, [...HEAD, ["grpc-status", "12"], ["grpc-message", "no%20such"]], END_STREAM)],
      ],
      ["1 client calls /a.B/C", "1 half-close", "1 status 12 no such"],
    ],
    [
      "streams that interleave",
      [
        ["client", Buffer.concat([headers(1, REQUEST), headers(3, REQUEST)])],
        ["daemon", Buffer.concat([headers(3, HEAD), data(3, "b"), headers(1, HEAD), data(1, "a")])],
        ["client", Buffer.concat([data(1, "c"), data(3, "d", END_STREAM)])],
        ["daemon", trailers(3, "0")],
      ],
      [
        "1 client calls /a.B/C",
        "3 client calls /a.B/C",
        "3 head",
        "3 daemon says b",
        "1 head",
        "1 daemon says a",
        "1 client says c",
        "3 client says d",
        "3 half-close",
        "3 status 0",
      ],
    ],
    [
      "a message in several frames",
      [
        ["client", headers(1, REQUEST)],
        ["client", frame("DATA", 0, 1, "\0\0\0\0\x05he")],
        ["client", frame("DATA", 0, 1, "llo")],
      ],
      ["1 client calls /a.B/C", "1 client says hello"],
    ],
    [
      "a half-close without a message",
      [
        ["client", headers(1, REQUEST)],
        ["client", frame("DATA", END_STREAM, 1)],
      ],
      ["1 client calls /a.B/C", "1 half-close"],
    ],
    [
      "a reset, and nothing of the stream behind it",
      [
        ["client", Buffer.concat([headers(1, REQUEST), frame("RST_STREAM", 0, 1, uint(8, 4))])],
        ["daemon", Buffer.concat([headers(1, HEAD), data(1, "late"), trailers(1, "0")])],
      ],
      ["1 client calls /a.B/C", "1 reset by client 8"],
    ],
    [
      "an end without a status",
      [
        ["client", headers(1, REQUEST, END_STREAM)],
        ["daemon", Buffer.concat([headers(1, HEAD), data(1, "x", END_STREAM)])],
      ],
      [
        "1 client calls /a.B/C",
        "1 half-close",
        "1 head",
        "1 daemon says x",
        "1 status 2 the stream ended without a status",
      ],
    ],
    [
      "the answer before the request is complete",
      [
        ["client", headers(1, REQUEST)],
        ["daemon", Buffer.concat([headers(1, [[":status", "100"]]), headers(1, HEAD), trailers(1, "0")])],
        ["client", frame("DATA", END_STREAM, 1)],
      ],
      ["1 client calls /a.B/C", "1 head", "1 status 0", "1 half-close"],
    ],
    ["goodbyes", [["daemon", frame("GOAWAY", 0, 0, uint(1, 4, 2, 4))]], ["goaway daemon 2"]],
  ];
  it.each(rows)("%s", (_, sent, events) => {
    for (const size of [1, 7, 1000]) {
      const { events: seen, decoder } = watch(sent, size);
      expect(seen).toEqual(events);
      expect(decoder.caller).toBe("client");
      const ended = events.filter((event) => /status|reset/.test(event)).length;
      const begun = events.filter((event) => event.includes("calls")).length;
      if (ended === begun) expect(decoder.openStreams).toEqual([]);
    }
  });

  it("the calls of a daemon", () => {
    const decoder = new GrpcDecoder();
    const events = decoder.push("daemon", Buffer.concat([PREFACE, settings(), headers(1, REQUEST, END_STREAM)]));
    expect(events.map(describeEvent)).toEqual(["1 daemon calls /a.B/C", "1 half-close"]);
    expect(decoder.caller).toBe("daemon");
    expect(decoder.openStreams).toEqual([1]);
    expect(events[0]).toMatchObject({ fields: REQUEST });
  });

  it("no message that is cut off by the end", () => {
    const decoder = new GrpcDecoder();
    decoder.push("client", Buffer.concat([PREFACE, settings(), headers(1, REQUEST)]));
    expect(() => decoder.push("client", frame("DATA", END_STREAM, 1, "\0\0\0\0\x05he"))).toThrow(
      "got the end after 7 bytes of a message",
    );
  });
});
