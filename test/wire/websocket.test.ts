import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../src/base/errors.ts";
import {
  computeWebsocketAccept,
  encodeWebsocketFrame,
  WebsocketDecoder,
  type WebsocketFrame,
  type WebsocketOpcode,
} from "../../src/wire/streams/websocket.ts";
import { bytes } from "./arbitraries.ts";
import { catchError, cutIntoPieces, listDeliveries, toLatin1 } from "./deliveries.ts";

function decode(decoder: WebsocketDecoder, pieces: readonly Buffer[]): WebsocketFrame[] {
  return pieces.flatMap((piece) => decoder.push(piece));
}

function summarize(frames: readonly WebsocketFrame[]): string[] {
  return frames.map(({ opcode, isFinal, payload }) => `${opcode}${isFinal ? "" : "..."} ${payload.toString("latin1")}`);
}

/** As a client sends it. */
function maskFrame(frame: Buffer, mask: Buffer): Buffer {
  const size = frame[1] === 126 ? 4 : frame[1] === 127 ? 10 : 2;
  const header = Buffer.from(frame.subarray(0, size));
  header[1] = (header[1] as number) | 0x80;
  const payload = frame.subarray(size).map((byte, at) => byte ^ (mask[at % 4] as number));
  return Buffer.concat([header, mask, payload]);
}

describe("decoding websocket frames", () => {
  // The first rows are the examples of RFC 6455, 5.7.
  const rows: [claim: string, sent: string, frames: string[]][] = [
    ["takes an unmasked text", "\x81\x05Hello", ["text Hello"]],
    ["takes a masked text", "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", ["text Hello"]],
    ["takes fragments", "\x01\x03Hel\x80\x02lo", ["text... Hel", "continuation lo"]],
    [
      "takes ping and masked pong",
      "\x89\x05Hello\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
      ["ping Hello", "pong Hello"],
    ],
    ["takes 16-bit lengths", `\x82\x7e\x01\0${"x".repeat(256)}`, [`binary ${"x".repeat(256)}`]],
    ["takes 64-bit lengths", `\x82\x7f\0\0\0\0\0\x01\0\0${"x".repeat(65_536)}`, [`binary ${"x".repeat(65_536)}`]],
    ["takes a close without payload", "\x88\0", ["close "]],
    ["takes the close of attach/ws", "\x88\x02\x03\xe8", ["close \x03\xe8"]],
  ];
  for (const [claim, sent, frames] of rows) {
    for (const { how, pieces } of listDeliveries(toLatin1(sent))) {
      it(`${claim} (${how})`, () => {
        expect(summarize(decode(new WebsocketDecoder(), pieces))).toEqual(frames);
      });
    }
  }

  it("gives frames as they become whole, and waits for the rest", () => {
    const decoder = new WebsocketDecoder();
    expect(summarize(decoder.push(toLatin1("\x81\x02hi\x82\x05hal")))).toEqual(["text hi"]);
    expect(summarize(decoder.push(toLatin1("lo")))).toEqual(["binary hallo"]);
  });

  it("leaves the bytes it was given as they were", () => {
    const sent = toLatin1("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
    const before = Buffer.from(sent);
    new WebsocketDecoder().push(sent);
    expect(sent).toEqual(before);
  });
});

describe("websocket frames that cannot be", () => {
  it.each([
    ["an opcode that means nothing", "\x83\0"],
    ["a reserved bit", "\xc1\0"],
    ["a ping in fragments", "\x09\0"],
    ["a long close", "\x88\x7e\0\x7e"],
    ["a payload beyond 16 MiB", "\x82\x7f\0\0\0\0\x01\0\0\x01"],
    ["a length with its highest bit set", "\x82\x7f\x80\0\0\0\0\0\0\0"],
    ["text", "GET / HTTP/1.1\r\n"],
  ])("have %s", (_, sent) => {
    for (const { pieces } of listDeliveries(toLatin1(sent))) {
      const error = catchError(() => decode(new WebsocketDecoder(), pieces));
      expect(error).toBeInstanceOf(WireError);
      expect(error.code).toBe("WHALESONG_BAD_WEBSOCKET_FRAME");
    }
  });

  it("are those beyond the limit that was asked for", () => {
    const frame = encodeWebsocketFrame("binary", toLatin1("hello"));
    expect(summarize(new WebsocketDecoder(5).push(frame))).toEqual(["binary hello"]);
    expect(() => new WebsocketDecoder(4).push(frame)).toThrow(
      "cannot read a websocket frame: got a payload of 5 bytes, expected at most 4 bytes",
    );
  });
});

describe("encoding websocket frames", () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536])("uses the shortest length for %d bytes", (size) => {
    const frame = encodeWebsocketFrame("binary", Buffer.alloc(size));
    expect(frame.length - size).toBe(size < 126 ? 2 : size < 65_536 ? 4 : 10);
    expect(new WebsocketDecoder().push(frame)[0]?.payload.length).toBe(size);
  });

  it("is undone by decoding, masked or not, in pieces of any size", () => {
    const opcode = fc.constantFrom<WebsocketOpcode>("continuation", "text", "binary");
    const mask = fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }).map((array) => Buffer.from(array)));
    const some = fc.array(fc.record({ opcode, payload: bytes, mask }), { maxLength: 6 });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 40 }), (frames, size) => {
        const sent = frames.map(({ opcode, payload, mask }) => {
          const frame = encodeWebsocketFrame(opcode, payload);
          return mask === null ? frame : maskFrame(frame, mask);
        });
        const expected = frames.map(({ opcode, payload }) => ({ opcode, isFinal: true, payload }));
        expect(decode(new WebsocketDecoder(), cutIntoPieces(Buffer.concat(sent), size))).toEqual(expected);
      }),
    );
  });
});

describe("the answer to a websocket key", () => {
  it("is that of RFC 6455, 1.3", () => {
    expect(computeWebsocketAccept("dGhlIHNhbXBsZSBub25jZQ==")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  });
});
