import { describe, expect, it } from "vitest";
import { WireError } from "../../../src/base/errors.ts";
import type { HeaderField } from "../../../src/wire/http/fields.ts";
import { PREFACE } from "../../../src/wire/http2/frame-reader.ts";
import { Http2Decoder } from "../../../src/wire/http2/http2-decoder.ts";
import type { Http2Event, Http2Side } from "../../../src/wire/http2/http2-event.ts";
import { catchError, listDeliveries } from "../deliveries.ts";
import { ACK, END_HEADERS, END_STREAM, frame, headerBlock, PADDED, PRIORITY, settings, uint } from "./frames.ts";

const REQUEST: HeaderField[] = [
  [":method", "POST"],
  [":path", "/a.B/C"],
  ["followpaths", "x"],
  ["followpaths", "y"],
];
const BLOCK = headerBlock(REQUEST);
const BEGIN = Buffer.concat([PREFACE, settings()]);

/** Events in words that do not depend on how the bytes came. */
function describeEvent(event: Http2Event): string {
  switch (event.kind) {
    case "headers": {
      const fields = event.fields.map((field) => field.join("=")).join(" ");
      return `headers ${event.stream}${event.isPromise ? " promised" : ""} ${fields}${event.endStream ? " END" : ""}`;
    }
    case "data":
      return `data ${event.stream} ${event.bytes.toString("latin1")}${event.endStream ? " END" : ""}`;
    case "reset":
      return `reset ${event.stream} ${event.code}`;
    case "goaway":
      return `goaway ${event.lastStream} ${event.code} ${event.debug.toString("latin1")}`;
    case "settings":
      return `settings ${event.isAck ? "ack" : JSON.stringify(event.settings)}`;
    case "end":
      return `end ${event.isWhole}`;
  }
}

function decode(pieces: readonly Buffer[], side: Http2Side = "client", decoder = new Http2Decoder()): string[] {
  return pieces.flatMap((piece) => decoder.push(side, piece)).map(describeEvent);
}

const FIELDS = ":method=POST :path=/a.B/C followpaths=x followpaths=y";

describe("a direction of HTTP/2", () => {
  const rows: [claim: string, frames: Buffer[], events: string[]][] = [
    ["has settings", [settings([1, 0], [5, 20000])], ["settings [[1,0],[5,20000]]"]],
    ["has acknowledgements", [frame("SETTINGS", ACK, 0)], ["settings ack"]],
    ["has headers", [frame("HEADERS", END_HEADERS, 1, BLOCK)], [`headers 1 ${FIELDS}`]],
    ["ends a stream by headers", [frame("HEADERS", 5, 1, BLOCK)], [`headers 1 ${FIELDS} END`]],
    [
      "has priorities and padding in headers",
      [
        frame(
          "HEADERS",
          END_HEADERS | PADDED | PRIORITY,
          3,
          Buffer.concat([uint(2, 1, 1, 4, 9, 1), BLOCK, uint(0, 2)]),
        ),
      ],
      [`headers 3 ${FIELDS}`],
    ],
    [
      "continues headers",
      [
        frame("HEADERS", END_STREAM, 1, BLOCK.subarray(0, 5)),
        frame("CONTINUATION", 0, 1, ""),
        frame("CONTINUATION", END_HEADERS, 1, BLOCK.subarray(5)),
      ],
      [`headers 1 ${FIELDS} END`],
    ],
    [
      "has promises",
      [frame("PUSH_PROMISE", END_HEADERS, 1, Buffer.concat([uint(2, 4), BLOCK]))],
      [`headers 2 promised ${FIELDS}`],
    ],
    ["has data", [frame("DATA", 0, 1, "hello"), frame("DATA", END_STREAM, 1)], ["data 1 hello", "data 1  END"]],
    ["has data that is padded", [frame("DATA", PADDED, 1, "\x03hello\0\0\0")], ["data 1 hello"]],
    ["has nothing but padding", [frame("DATA", PADDED | END_STREAM, 1, "\x02\0\0")], ["data 1  END"]],
    ["resets", [frame("RST_STREAM", 0, 5, uint(8, 4))], ["reset 5 8"]],
    ["goes away", [frame("GOAWAY", 0, 0, Buffer.concat([uint(7, 4, 2, 4), Buffer.from("why")]))], ["goaway 7 2 why"]],
    [
      "skips what says nothing to a watcher",
      [
        frame("PING", 0, 0, uint(0, 4, 1, 4)),
        frame("WINDOW_UPDATE", 0, 0, uint(9, 4)),
        frame("WINDOW_UPDATE", 0, 1, uint(9, 4)),
        frame("PRIORITY", 0, 1, uint(0, 5)),
        frame(0x10, 0xff, 0, "an extension"),
        frame("RST_STREAM", 0, 1, uint(0, 4)),
      ],
      ["reset 1 0"],
    ],
    ["has a reserved bit that is ignored", [frame("DATA", 0, 0x80000001, "x")], ["data 1 x"]],
  ];
  for (const [claim, frames, events] of rows) {
    for (const { how, pieces } of listDeliveries(Buffer.concat([BEGIN, ...frames]))) {
      it(`${claim} (${how})`, () => {
        expect(decode(pieces)).toEqual(["settings []", ...events]);
      });
    }
  }

  it("may be the server's, without a preface", () => {
    for (const { pieces } of listDeliveries(Buffer.concat([settings([3, 250]), frame("DATA", 0, 1, "x")]))) {
      expect(decode(pieces, "daemon")).toEqual(["settings [[3,250]]", "data 1 x"]);
    }
  });

  it("copies no frame that came whole", () => {
    const bytes = Buffer.concat([BEGIN, frame("DATA", 0, 1, "x".repeat(100))]);
    const [, data] = new Http2Decoder().push("client", bytes);
    expect(data?.kind === "data" && data.bytes.buffer).toBe(bytes.buffer);
  });

  it.each([
    ["after a frame", BEGIN, true],
    ["inside a frame", BEGIN.subarray(0, -1), false],
    ["inside a header block", Buffer.concat([BEGIN, frame("HEADERS", 0, 1, BLOCK)]), false],
    ["before it began", Buffer.alloc(0), true],
  ])("tells whether it ended %s", (_, bytes, isWhole) => {
    const decoder = new Http2Decoder();
    decoder.push("client", bytes);
    expect(decoder.end("client")).toEqual([{ kind: "end", side: "client", isWhole }]);
  });
});

describe("both directions", () => {
  it("have an HTTP/2 client, whichever began with the preface", () => {
    const decoder = new Http2Decoder();
    expect(decoder.http2Client).toBeUndefined();
    decoder.push("client", settings().subarray(0, 1));
    expect(decoder.http2Client).toBe("daemon");
    decoder.push("daemon", BEGIN);
    expect(decoder.http2Client).toBe("daemon");
    const other = new Http2Decoder();
    other.push("daemon", settings());
    expect(other.http2Client).toBe("client");
  });

  it("have one only", () => {
    const decoder = new Http2Decoder();
    decoder.push("client", PREFACE);
    expect(() => decoder.push("daemon", PREFACE)).toThrow("got a preface from both sides, expected one HTTP/2 client");
    const other = new Http2Decoder();
    other.push("client", settings());
    expect(() => other.push("daemon", settings())).toThrow("got no preface, expected one HTTP/2 client");
  });

  it("may send what the other side announced", () => {
    const large = frame("DATA", 0, 1, "x".repeat(20_000));
    const decoder = new Http2Decoder();
    decoder.push("client", BEGIN);
    decoder.push("daemon", settings([5, 20_000]));
    expect(decode([large], "client", decoder)).toHaveLength(1);
    expect(() => decoder.push("daemon", large)).toThrow("got a frame of 20000 bytes, expected at most 16384");
  });

  it("have header tables of their own", () => {
    const decoder = new Http2Decoder();
    const indexed = Buffer.concat([Buffer.from([0x40]), headerBlock([["a", "b"]]).subarray(1)]);
    const once = frame("HEADERS", END_HEADERS, 1, indexed);
    const again = frame("HEADERS", END_HEADERS, 1, Buffer.from([0xbe]));
    decoder.push("daemon", settings());
    expect(decode([BEGIN, once, again], "client", decoder).slice(1)).toEqual(["headers 1 a=b", "headers 1 a=b"]);
    expect(() => decoder.push("daemon", again)).toThrow("the index 62");
  });
});

describe("broken HTTP/2 is refused for", () => {
  const rows: [claim: string, bytes: Buffer, message: string][] = [
    ["a broken preface", Buffer.from("PRI * HTTP/1"), "got `PRI * HTTP/1`, expected the preface"],
    ["text", Buffer.from("POST / HTTP/1.1\r\n"), "expected the preface"],
    ["text of a server", Buffer.from("HTTP/1.1 200 OK\r\n"), "got a frame of 4740180 bytes, expected at most 16384"],
    ["a first frame that is no SETTINGS", Buffer.concat([PREFACE, frame("DATA", 0, 1)]), "got DATA first"],
    ["data on no stream", frame("DATA", 0, 0), "got DATA on stream 0, expected a stream above 0"],
    ["headers on no stream", frame("HEADERS", END_HEADERS, 0), "got HEADERS on stream 0"],
    ["settings on a stream", frame("SETTINGS", 0, 1), "got SETTINGS on stream 1, expected stream 0"],
    ["a PING of 7 bytes", frame("PING", 0, 0, "1234567"), "got PING of 7 bytes, expected 8 bytes"],
    ["a reset of 5 bytes", frame("RST_STREAM", 0, 1, "12345"), "got RST_STREAM of 5 bytes, expected 4 bytes"],
    ["a short GOAWAY", frame("GOAWAY", 0, 0, "1234567"), "got GOAWAY of 7 bytes, expected 8 bytes at least"],
    ["a short WINDOW_UPDATE", frame("WINDOW_UPDATE", 0, 0, "1"), "got WINDOW_UPDATE of 1 bytes"],
    ["a short PRIORITY", frame("PRIORITY", 0, 1, "1"), "got PRIORITY of 1 bytes"],
    ["a short PUSH_PROMISE", frame("PUSH_PROMISE", END_HEADERS, 1, "1"), "got PUSH_PROMISE of 1 bytes"],
    ["headers without their priority", frame("HEADERS", PRIORITY, 1, "1234"), "expected 5 bytes of priority"],
    ["settings of 5 bytes", frame("SETTINGS", 0, 0, "12345"), "expected a multiple of 6"],
    ["an acknowledgement with settings", frame("SETTINGS", ACK, 0, "123456"), "expected none with ACK"],
    ["ENABLE_PUSH 2", settings([2, 2]), "got SETTINGS_ENABLE_PUSH 2, expected 0 or 1"],
    ["a window that is too large", settings([4, 0x80000000]), "got SETTINGS_INITIAL_WINDOW_SIZE 2147483648"],
    ["frames that are too small", settings([5, 16_383]), "got SETTINGS_MAX_FRAME_SIZE 16383"],
    ["frames that are too large", settings([5, 0x1000000]), "got SETTINGS_MAX_FRAME_SIZE 16777216"],
    ["padding without a length", frame("DATA", PADDED, 1), "expected the length of its padding"],
    ["more padding than payload", frame("DATA", PADDED, 1, "\x03ab"), "got DATA with 3 bytes of padding"],
    ["a continuation of nothing", frame("CONTINUATION", END_HEADERS, 1, BLOCK), "it behind a header block only"],
    [
      "a frame inside a header block",
      Buffer.concat([frame("HEADERS", 0, 1, BLOCK), frame("DATA", 0, 1)]),
      "got DATA on stream 1, expected CONTINUATION of stream 1",
    ],
    [
      "an extension inside a header block",
      Buffer.concat([frame("HEADERS", 0, 1, BLOCK), frame(99, 0, 1)]),
      "got an extension on stream 1",
    ],
    [
      "a continuation of another stream",
      Buffer.concat([frame("HEADERS", 0, 1, BLOCK), frame("CONTINUATION", 4, 3, "")]),
      "expected CONTINUATION of stream 1",
    ],
    [
      "a flood of continuations",
      Buffer.concat([frame("HEADERS", 0, 1, BLOCK), ...Array(120_000).fill(frame("CONTINUATION", 0, 1))]),
      "expected at most 1048576",
    ],
    ["a frame beyond the limit", frame("DATA", 0, 1, "x".repeat(16_385)), "got a frame of 16385 bytes"],
  ];
  for (const [claim, bytes, message] of rows) {
    it(claim, () => {
      const isBeginning = /preface|first|text/.test(claim);
      const sent = isBeginning ? bytes : Buffer.concat([BEGIN, bytes]);
      for (const { pieces } of sent.length > 100_000 ? [{ pieces: [sent] }] : listDeliveries(sent)) {
        const decoder = new Http2Decoder();
        const side = claim.endsWith("a server") ? "daemon" : "client";
        const error = catchError(() => decode(pieces, side, decoder));
        expect(error).toBeInstanceOf(WireError);
        expect(error.code).toBe("WHALESONG_BAD_HTTP2");
        expect(() => decoder.push("client", Buffer.alloc(0))).toThrow(error);
        if (pieces.length === 1 || !message.includes("`")) expect(error.message).toContain(message);
      }
    });
  }
});
