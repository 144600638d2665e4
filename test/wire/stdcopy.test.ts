import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../src/base/errors.ts";
import {
  canBeginFrame,
  encodeFrame,
  encodeFrames,
  FRAME_LIMIT,
  FrameDecoder,
  type FrameStream,
  type StdcopyFrame,
} from "../../src/wire/streams/stdcopy.ts";
import { bytes } from "./arbitraries.ts";
import { catchError, cutIntoPieces, listDeliveries, listTrailedDeliveries, toLatin1 } from "./deliveries.ts";

const stream = fc.constantFrom<FrameStream>("stdin", "stdout", "stderr", "systemerr");
const frame: fc.Arbitrary<StdcopyFrame> = fc.record({ stream, payload: bytes });

function decode(decoder: FrameDecoder, pieces: readonly Buffer[]): StdcopyFrame[] {
  return pieces.flatMap((piece) => decoder.push(piece));
}

function summarize(frames: readonly StdcopyFrame[]): string[] {
  return frames.map(({ stream, payload }) => `${stream} ${payload.toString("latin1")}`);
}

describe("decoding frames", () => {
  const rows: [claim: string, sent: string, frames: string[]][] = [
    ["tells the streams apart", "\x01\0\0\0\0\0\0\x03out\x02\0\0\0\0\0\0\x03err", ["stdout out", "stderr err"]],
    ["knows all four streams", "\0\0\0\0\0\0\0\x01a\x03\0\0\0\0\0\0\x01b", ["stdin a", "systemerr b"]],
    ["takes a frame without payload", "\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\x01a", ["stdout ", "stdout a"]],
    ["looks at no payload", "\x01\0\0\0\0\0\0\x08\x02\0\0\0\0\0\0\x01", ["stdout \x02\0\0\0\0\0\0\x01"]],
    ["takes a size of several bytes", `\x01\0\0\0\0\0\x01\x02${"x".repeat(258)}`, [`stdout ${"x".repeat(258)}`]],
  ];
  for (const [claim, sent, frames] of rows) {
    for (const { how, pieces } of listDeliveries(toLatin1(sent))) {
      it(`${claim} (${how})`, () => {
        const decoder = new FrameDecoder();
        expect(summarize(decode(decoder, pieces))).toEqual(frames);
        expect(decoder.pendingSize).toBe(0);
      });
    }
  }

  it("keeps the bytes of an unfinished frame, however they come", () => {
    const begun = [
      toLatin1("\x02"),
      toLatin1("\x02\0\0\0\0\0\0"),
      toLatin1("\x02\0\0\0\0\0\0\x09"),
      toLatin1("\x02\0\0\0\0\0\0\x09half"),
    ];
    for (const rest of begun) {
      for (const { pieces } of listDeliveries(Buffer.concat([encodeFrame("stdout", toLatin1("whole")), rest]))) {
        const decoder = new FrameDecoder();
        expect(summarize(decode(decoder, pieces))).toEqual(["stdout whole"]);
        expect(decoder.pending).toEqual(rest);
        expect(decoder.pendingSize).toBe(rest.length);
      }
    }
  });

  it("copies no payload that came whole", () => {
    const sent = encodeFrame("stdout", toLatin1("hello"));
    expect(new FrameDecoder().push(sent)[0]?.payload.buffer).toBe(sent.buffer);
  });

  it("takes a large frame byte by byte in its stride", () => {
    const payload = Buffer.alloc(1_000_000, "x");
    const [only] = decode(new FrameDecoder(), cutIntoPieces(encodeFrame("stderr", payload), 1));
    expect(only?.payload.equals(payload)).toBe(true);
  });
});

describe("bytes that are no frames", () => {
  it.each([
    ["a stream beyond 3", "\x04\0\0\0\0\0\0\x01a"],
    ["text", "hello world"],
    ["a byte that is not zero", "\x01\0\x01\0\0\0\0\x01a"],
    ["a size beyond 16 MiB", "\x01\0\0\0\x01\0\0\x01"],
    ["a size that looks negative", "\x01\0\0\0\xff\xff\xff\xff"],
    ["a request behind a frame", "\x01\0\0\0\0\0\0\x01aGET / HTTP/1.1\r\n"],
  ])("are refused for %s, and none is lost", (_, sent) => {
    for (const { pieces } of listTrailedDeliveries(toLatin1(sent))) {
      const decoder = new FrameDecoder();
      const frames: StdcopyFrame[] = [];
      const error = catchError(() => {
        for (const piece of pieces) frames.push(...decoder.push(piece));
      });
      expect(error).toBeInstanceOf(WireError);
      expect(error.code).toBe("WHALESONG_BAD_FRAME");
      const returned = Buffer.concat(frames.map(({ stream, payload }) => encodeFrame(stream, payload)));
      expect(Buffer.concat(pieces).subarray(returned.length, returned.length + decoder.pendingSize)).toEqual(
        decoder.pending,
      );
      expect(decoder.pendingSize).toBeGreaterThanOrEqual(8);
    }
  });

  it("stay refused, and are kept, when more comes", () => {
    const decoder = new FrameDecoder();
    const sent = Buffer.concat([encodeFrame("stdout", toLatin1("ok")), toLatin1("not a frame")]);
    expect(() => decoder.push(sent)).toThrow(WireError);
    expect(() => decoder.push(toLatin1(", and more"))).toThrow(WireError);
    expect(decoder.pending).toEqual(Buffer.concat([sent, toLatin1(", and more")]));
  });

  it("are named in the message", () => {
    expect(() => new FrameDecoder().push(toLatin1("hello world"))).toThrow(
      "cannot read a frame: got the header `hello wo`, expected a stream from 0 to 3, three zero bytes and a size of at most 16777216 bytes",
    );
  });
});

describe("the limit of a frame", () => {
  it("is 16 MiB of payload, or what is asked for", () => {
    expect(FRAME_LIMIT).toBe(16_777_216);
    expect(summarize(new FrameDecoder(5).push(encodeFrame("stdout", toLatin1("hello"))))).toEqual(["stdout hello"]);
    for (const { pieces } of listDeliveries(encodeFrame("stdout", toLatin1("hello!")))) {
      const error = catchError(() => decode(new FrameDecoder(5), pieces));
      expect(error).toMatchObject({ code: "WHALESONG_BAD_FRAME", fields: { limit: 5, header: "0100000000000006" } });
    }
  });
});

describe("whether bytes look framed", () => {
  it.each([
    ["nothing yet", "", true],
    ["a stream", "\x01", true],
    ["stream and zeros", "\x02\0\0\0", true],
    ["the first byte of a size", "\x01\0\0\0\0", true],
    ["a whole header", "\x01\0\0\0\0\0\x10\0", true],
    ["a header and more", "\x01\0\0\0\0\0\0\x05hello", true],
    ["a letter", "h", false],
    ["a stream beyond 3", "\x04", false],
    ["a control character and text", "\x01h", false],
    ["a late byte that is not zero", "\x01\0\0\x01", false],
    ["the first byte of too large a size", "\x01\0\0\0\x02", false],
    ["too large a size", "\x01\0\0\0\x01\0\0\x01", false],
    ["an escape sequence", "\x1b[6n", false],
  ])("is told from %s", (_, sent, looksIt) => {
    expect(canBeginFrame(toLatin1(sent))).toBe(looksIt);
  });

  it("is never denied to the start of a frame", () => {
    fc.assert(
      fc.property(frame, fc.nat({ max: 400 }), ({ stream, payload }, size) => {
        expect(canBeginFrame(encodeFrame(stream, payload).subarray(0, size))).toBe(true);
      }),
    );
  });
});

describe("encoding frames", () => {
  it("is undone by decoding, in pieces of any size", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (frames, size) => {
        const sent = Buffer.concat(frames.map(({ stream, payload }) => encodeFrame(stream, payload)));
        expect(decode(new FrameDecoder(), cutIntoPieces(sent, size))).toEqual(frames);
      }),
    );
  });

  it("cuts a payload by sizes as if each part had been encoded", () => {
    fc.assert(
      fc.property(stream, fc.array(bytes, { maxLength: 6 }), (name, parts) => {
        const sizes = parts.map(({ length }) => length);
        expect(encodeFrames(name, Buffer.concat(parts), sizes)).toEqual(
          Buffer.concat(parts.map((part) => encodeFrame(name, part))),
        );
      }),
    );
  });

  it("keeps the whole payload where the sizes do not add up to it", () => {
    const payload = toLatin1("hello");
    const toldOf = (sizes: number[]) => summarize(new FrameDecoder().push(encodeFrames("stdout", payload, sizes)));
    expect(toldOf([2])).toEqual(["stdout he", "stdout llo"]);
    expect(toldOf([2, 9])).toEqual(["stdout he", "stdout llo"]);
    expect(toldOf([])).toEqual(["stdout hello"]);
  });
});
