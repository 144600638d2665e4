import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../src/base/errors.ts";
import {
  BodyDecoder,
  type BodyEvent,
  encodeChunk,
  encodeLastChunk,
  LAST_CHUNK,
  type MessageFraming,
} from "../../src/wire/http/body.ts";
import { bytes, fields } from "./arbitraries.ts";
import { catchError, listDeliveries, listTrailedDeliveries, toLatin1 } from "./deliveries.ts";

const CHUNKED: MessageFraming = { kind: "chunked" };

/** Events as a reader cares for them: bytes that follow each other are one word. */
function summarize(events: readonly BodyEvent[]): string[] {
  const words: string[] = [];
  let text = "";
  for (const event of events) {
    if (event.kind === "bytes") text += event.bytes.toString("latin1");
    else {
      if (text !== "") words.push(`"${text}"`);
      text = "";
      words.push(event.kind === "trailers" ? `trailers ${JSON.stringify(event.fields)}` : event.kind);
    }
  }
  return text === "" ? words : [...words, `"${text}"`];
}

function decode(decoder: BodyDecoder, pieces: readonly Buffer[]): BodyEvent[] {
  return pieces.flatMap((piece) => decoder.push(piece));
}

describe("decoding a body", () => {
  const rows: [claim: string, framing: MessageFraming, sent: string, events: string[]][] = [
    ["counts a length", { kind: "length", length: 5 }, "hello", ['"hello"', "end"]],
    ["ends a chunked one at the last-chunk", CHUNKED, "0\r\n\r\n", ["end"]],
    [
      "tells chunks apart",
      CHUNKED,
      "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n",
      ['"hello"', "chunk-end", '"!"', "chunk-end", "end"],
    ],
    [
      "reads sizes in either case",
      CHUNKED,
      "a\r\n0123456789\r\nA\r\n0123456789\r\n000\r\n\r\n",
      ['"0123456789"', "chunk-end", '"0123456789"', "chunk-end", "end"],
    ],
    ["leaves extensions aside", CHUNKED, '1;a=b;c="d"\r\nx\r\n0;z\r\n\r\n', ['"x"', "chunk-end", "end"]],
    ["forgives blanks behind a size", CHUNKED, "1 \t\r\nx\r\n0  \r\n\r\n", ['"x"', "chunk-end", "end"]],
    ["keeps line ends within chunks", CHUNKED, "4\r\n\r\n\r\n\r\n0\r\n\r\n", ['"\r\n\r\n"', "chunk-end", "end"]],
    [
      "gives trailers",
      CHUNKED,
      "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n",
      ['"x"', "chunk-end", 'trailers [["A","b"],["C",""]]', "end"],
    ],
  ];
  for (const [claim, framing, sent, events] of rows) {
    for (const { how, pieces, trailing } of listTrailedDeliveries(toLatin1(sent))) {
      it(`${claim} (${how})`, () => {
        const decoder = new BodyDecoder(framing);
        expect(decoder.isDone).toBe(false);
        expect(summarize(decode(decoder, pieces))).toEqual(events);
        expect(decoder.isDone).toBe(true);
        expect(decoder.rest.equals(trailing)).toBe(true);
        expect(decoder.end()).toEqual([]);
      });
    }
  }

  it.each([{ kind: "none" }, { kind: "length", length: 0 }] as const)(
    "is done from the start with framing %j",
    (framing) => {
      const decoder = new BodyDecoder(framing);
      expect(decoder.isDone).toBe(true);
      expect(decoder.push(Buffer.alloc(0))).toEqual([{ kind: "end" }]);
      expect(decoder.push(toLatin1("next"))).toEqual([]);
      expect(decoder.push(toLatin1(" one"))).toEqual([]);
      expect(decoder.rest.toString()).toBe("next one");
    },
  );

  it("tells the end of an empty body to a peer's closing as well, and once", () => {
    const decoder = new BodyDecoder({ kind: "none" });
    expect(decoder.end()).toEqual([{ kind: "end" }]);
    expect(decoder.end()).toEqual([]);
  });

  it("has nothing beyond the end while there is no end", () => {
    const decoder = new BodyDecoder({ kind: "length", length: 3 });
    decoder.push(toLatin1("ab"));
    expect(decoder.rest.length).toBe(0);
  });

  it("reads on until the peer closes where that is the end", () => {
    for (const { pieces } of listDeliveries(toLatin1("all of it"))) {
      const decoder = new BodyDecoder({ kind: "close" });
      expect(summarize(decode(decoder, pieces))).toEqual(['"all of it"']);
      expect(decoder.isDone).toBe(false);
      expect(summarize(decoder.end())).toEqual(["end"]);
      expect(decoder.isDone).toBe(true);
    }
  });

  it("copies no bytes", () => {
    const sent = toLatin1("5\r\nhello\r\n");
    const [event] = new BodyDecoder(CHUNKED).push(sent);
    expect(event).toMatchObject({ kind: "bytes" });
    expect((event as { bytes: Buffer }).bytes.buffer).toBe(sent.buffer);
    expect((event as { bytes: Buffer }).bytes.byteOffset).toBe(sent.byteOffset + 3);
  });
});

describe("a chunked body that cannot be", () => {
  it.each([
    ["a size in another alphabet", "g\r\n"],
    ["no size", "\r\n"],
    ["only an extension", ";a=b\r\n"],
    ["a sign", "-1\r\n"],
    ["a prefix", "0x5\r\n"],
    ["a blank before", " 5\r\n"],
    ["a bare line feed behind the size", "5\nhello\r\n"],
    ["a carriage return in an extension", "5;a\rb\r\n"],
    ["a size no number can hold", "20000000000000\r\n"],
    ["a size beyond 64 bits", "ffffffffffffffffff\r\n"],
    ["more bytes than the size says", "5\r\nhello!\r\n"],
    ["a bare line feed behind the bytes", "5\r\nhello\n0\r\n\r\n"],
    ["no line feed behind the bytes", "5\r\nhello\r0"],
    ["a bad trailer", "0\r\nno colon\r\n\r\n"],
  ])("is one with %s", (_, sent) => {
    for (const { pieces } of listDeliveries(toLatin1(sent))) {
      const error = catchError(() => decode(new BodyDecoder(CHUNKED), pieces));
      expect(error).toBeInstanceOf(WireError);
      expect(error.code).toBe("WHALESONG_BAD_CHUNK");
    }
  });

  it("stays one, whatever follows", () => {
    const decoder = new BodyDecoder({ kind: "chunked" });
    for (const bytes of ["zz\r\n", "", "2\r\n{}\r\n0\r\n\r\n"]) {
      expect(() => decoder.push(toLatin1(bytes))).toThrow(WireError);
    }
    expect(decoder.isDone).toBe(false);
  });

  it("says what was found and expected", () => {
    expect(() => new BodyDecoder(CHUNKED).push(toLatin1("5\r\nhello!\r\n"))).toThrow(
      "cannot read a chunked body: got `!\\r\\n`, expected CRLF behind the 5 bytes of a chunk",
    );
  });
});

describe("the limits of a chunked body", () => {
  const line = `5;${"x".repeat(18)}\r\nhello\r\n`;

  it("are 4096 bytes of chunk-size line and 64 KiB of trailers", () => {
    const fits = `5;${"x".repeat(4094)}\r\nhello\r\n0\r\nA: ${"y".repeat(65_531)}\r\n\r\n`;
    expect(summarize(new BodyDecoder(CHUNKED).push(toLatin1(fits))).at(-1)).toBe("end");
    expect(() => new BodyDecoder(CHUNKED).push(toLatin1(`5;${"x".repeat(4095)}\r\n`))).toThrow("at most 4096 bytes");
    expect(() => new BodyDecoder(CHUNKED).push(toLatin1(`0\r\nA: ${"y".repeat(65_534)}\r\n`))).toThrow("at most 65536");
  });

  it("hold for the chunk-size line with its extensions, however it comes", () => {
    for (const { pieces } of listDeliveries(toLatin1(line))) {
      expect(summarize(decode(new BodyDecoder(CHUNKED, { chunkLine: 20 }), pieces))[0]).toBe('"hello"');
      const error = catchError(() => decode(new BodyDecoder(CHUNKED, { chunkLine: 19 }), pieces));
      expect(error).toMatchObject({ code: "WHALESONG_BAD_CHUNK", fields: { limit: 19 } });
    }
  });

  it("hold for a chunk-size line without an end", () => {
    const pieces = listDeliveries(Buffer.alloc(5000, "0")).flatMap(({ pieces: some }) => [some]);
    for (const some of pieces) expect(() => decode(new BodyDecoder(CHUNKED), some)).toThrow("at most 4096 bytes");
  });

  it("hold for all trailers together, however they come", () => {
    const sent = toLatin1(`0\r\n${"A: 1\r\n".repeat(5)}\r\n`);
    for (const { pieces } of listDeliveries(sent)) {
      expect(summarize(decode(new BodyDecoder(CHUNKED, { trailers: 30 }), pieces)).at(-1)).toBe("end");
      const error = catchError(() => decode(new BodyDecoder(CHUNKED, { trailers: 20 }), pieces));
      expect(error.code).toBe("WHALESONG_BAD_CHUNK");
    }
  });
});

describe("a body that is cut off", () => {
  const rows: [sent: string, framing: MessageFraming, said: string, got: number, expected: number | undefined][] = [
    ["he", { kind: "length", length: 5 }, "inside a body (got 2 of 5 bytes)", 2, 5],
    ["", { kind: "length", length: 5 }, "inside a body (got 0 of 5 bytes)", 0, 5],
    ["5\r\nhe", CHUNKED, "inside a chunk (got 2 of 5 bytes)", 2, 5],
    ["", CHUNKED, "inside a chunked body, before the next chunk's size", 0, undefined],
    ["5\r\nhello\r", CHUNKED, "inside a chunked body, before the end of a chunk's line", 0, undefined],
    ["0\r\nA: b\r\n", CHUNKED, "inside a chunked body, before the end of its trailers", 0, undefined],
  ];
  it.each(rows)("after %j is told from a whole one", (sent, framing, said, got, expected) => {
    const decoder = new BodyDecoder(framing);
    decoder.push(toLatin1(sent));
    const error = catchError(() => decoder.end());
    expect(error).toBeInstanceOf(WireError);
    expect(error).toMatchObject({ code: "WHALESONG_TRUNCATED_BODY", fields: { got, expected } });
    expect(error.message).toBe(`peer closed the connection ${said}`);
  });
});

describe("encoding chunks", () => {
  it("writes the size in hexadecimal", () => {
    expect(encodeChunk(Buffer.alloc(26, "x")).toString()).toBe(`1a\r\n${"x".repeat(26)}\r\n`);
  });

  it("writes nothing for no bytes, which would end the body", () => {
    expect(encodeChunk(Buffer.alloc(0)).length).toBe(0);
  });

  it("writes the last-chunk with or without trailers", () => {
    expect(encodeLastChunk([])).toEqual(LAST_CHUNK);
    expect(encodeLastChunk([["A", "b"]]).toString()).toBe("0\r\nA: b\r\n\r\n");
  });

  it("is undone by decoding, chunk by chunk, in pieces of any size", () => {
    const pieces = fc.array(
      bytes.filter(({ length }) => length > 0),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(pieces, fields, fc.integer({ min: 1, max: 50 }), (chunks, trailers, size) => {
        const sent = Buffer.concat([...chunks.map(encodeChunk), encodeLastChunk(trailers)]);
        const decoder = new BodyDecoder(CHUNKED);
        const events = [];
        for (let at = 0; at < sent.length; at += size) events.push(...decoder.push(sent.subarray(at, at + size)));
        const expected = chunks.flatMap((chunk) => [`"${chunk.toString("latin1")}"`, "chunk-end"]);
        const trailing = trailers.length > 0 ? [`trailers ${JSON.stringify(trailers)}`] : [];
        expect(summarize(events)).toEqual([...expected, ...trailing, "end"]);
      }),
    );
  });
});
