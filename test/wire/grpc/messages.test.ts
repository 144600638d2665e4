import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../../src/base/errors.ts";
import { encodeGrpcMessage, GrpcMessageReader } from "../../../src/wire/grpc/messages.ts";
import { bytes } from "../arbitraries.ts";
import { catchError, cutIntoPieces, listDeliveries, toLatin1 } from "../deliveries.ts";

function read(pieces: readonly Buffer[], reader = new GrpcMessageReader()): string[] {
  return pieces.flatMap((piece) => reader.push(piece)).map((message) => message.toString("latin1"));
}

describe("a direction of a call", () => {
  const rows: [claim: string, sent: string, messages: string[]][] = [
    ["may have no message", "", []],
    ["may have an empty one", "\0\0\0\0\0", [""]],
    ["may have several", "\0\0\0\0\x01a\0\0\0\0\0\0\0\0\0\x02bc", ["a", "", "bc"]],
    ["has sizes of several bytes", `\0\0\0\x01\x02${"x".repeat(258)}`, ["x".repeat(258)]],
  ];
  for (const [claim, sent, messages] of rows) {
    for (const { how, pieces } of listDeliveries(toLatin1(sent))) {
      it(`${claim} (${how})`, () => {
        const reader = new GrpcMessageReader();
        expect(read(pieces, reader)).toEqual(messages);
        expect(reader.pendingSize).toBe(0);
        reader.end();
      });
    }
  }

  it("gives back what was written, in pieces of any size", () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (messages, size) => {
        const reader = new GrpcMessageReader();
        const sent = Buffer.concat(messages.map(encodeGrpcMessage));
        expect(cutIntoPieces(sent, size).flatMap((piece) => reader.push(piece))).toEqual(messages);
      }),
    );
  });
});

describe("what is no message is refused:", () => {
  it.each([
    ["a compressed one", "\x01\0\0\0\x01a", "got a message with the compressed flag 1, expected 0, uncompressed"],
    ["text", "hello", "the compressed flag 104"],
    ["one beyond the limit", "\0\x01\0\0\x01", "got a message of 16777217 bytes, expected at most 16777216"],
  ])("%s", (_, sent, message) => {
    for (const { pieces } of listDeliveries(toLatin1(sent))) {
      const error = catchError(() => read(pieces));
      expect(error).toBeInstanceOf(WireError);
      expect(error.code).toBe("WHALESONG_BAD_GRPC");
      expect(error.message).toContain(message);
    }
  });

  it("the end inside one", () => {
    const reader = new GrpcMessageReader();
    reader.push(toLatin1("\0\0\0\0\x05hell"));
    expect(() => reader.end()).toThrow("got the end after 9 bytes of a message, expected the rest of it");
  });
});
