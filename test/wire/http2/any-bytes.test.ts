/** Whatever a peer sends is read or refused, and alike however the network cut it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../../src/base/errors.ts";
import { GrpcDecoder } from "../../../src/wire/grpc/grpc-decoder.ts";
import { PREFACE } from "../../../src/wire/http2/frame-reader.ts";
import { Http2Decoder } from "../../../src/wire/http2/http2-decoder.ts";
import { countTries } from "../../playbook/seed.ts";
import { bytes } from "../arbitraries.ts";
import { cutIntoPieces } from "../deliveries.ts";
import { ACK, frame, headerBlock, settings, TYPES } from "./frames.ts";

const REQUEST = headerBlock([
  [":path", "/a"],
  ["x", "y"],
]);
const anyFrame = fc
  .record({
    type: fc.constantFrom(...Object.values(TYPES), 77),
    flags: fc.constantFrom(0, 1, 4, 5, 8, 12, 0x20, 0x2d),
    stream: fc.nat({ max: 3 }),
    payload: fc.oneof(bytes, fc.constantFrom(REQUEST, Buffer.from("\0\0\0\0\x01a"), Buffer.alloc(8), Buffer.alloc(4))),
  })
  .map(({ type, flags, stream, payload }) => frame(type, flags, stream, payload));
const near = fc.array(
  fc.oneof(anyFrame, bytes, fc.constantFrom(settings([5, 20_000], [1, 100]), frame("SETTINGS", ACK, 0))),
  { maxLength: 8 },
);

const DECODERS = [
  ["HTTP/2", () => new Http2Decoder()],
  ["gRPC", () => new GrpcDecoder()],
] as const;

describe.each(DECODERS)("any bytes, read as %s,", (_, start) => {
  it("are read alike or refused alike however they come", () => {
    const property = fc.property(near, fc.boolean(), fc.integer({ min: 1, max: 30 }), (parts, isClient, size) => {
      const sent = Buffer.concat([isClient ? PREFACE : Buffer.alloc(0), settings(), ...parts]);
      const [whole, cut] = [[sent], cutIntoPieces(sent, size)].map((pieces) => outcome(start(), pieces));
      expect(cut?.code).toBe(whole?.code);
      if (whole?.code === undefined) expect(cut?.events).toEqual(whole?.events);
    });
    fc.assert(property, countTries(1000));
  });
});

function outcome(decoder: Http2Decoder | GrpcDecoder, pieces: readonly Buffer[]): { events: unknown[]; code?: string } {
  const events: unknown[] = [];
  try {
    for (const piece of pieces) events.push(...decoder.push("client", piece));
    return { events };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { events, code: error.code };
  }
}
