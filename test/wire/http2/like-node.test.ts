/** Node's own HTTP/2 speaks to itself in memory; what our decoder tells of it is what was said. */
import http2 from "node:http2";
import { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { Http2Decoder } from "../../../src/wire/http2/http2-decoder.ts";
import type { Http2Event, Http2Side } from "../../../src/wire/http2/http2-event.ts";
import { cutIntoPieces } from "../deliveries.ts";

type Sent = (bytes: Buffer) => void;

/** Two ends of one connection; each calls back with what it sends. */
function connectEnds(onFirst: Sent, onSecond: Sent): [Duplex, Duplex] {
  const make = (onSent: Sent, other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(bytes: Buffer, _encoding, done) {
        onSent(bytes);
        other().push(bytes);
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  const first: Duplex = make(onFirst, () => second);
  const second: Duplex = make(onSecond, () => first);
  return [first, second];
}

interface Conversation {
  readonly events: Http2Event[];
  readonly answers: Buffer[];
  readonly decoder: Http2Decoder;
}

/** Calls `/svc/echo` so often with so many bytes; `caller` is the HTTP/2 client. `size` cuts what the decoder sees. */
async function converse(caller: Http2Side, calls: number, body: Buffer, size: number): Promise<Conversation> {
  const decoder = new Http2Decoder();
  const events: Http2Event[] = [];
  const watch = (side: Http2Side) => (bytes: Buffer) => {
    for (const piece of cutIntoPieces(Buffer.from(bytes), size)) events.push(...decoder.push(side, piece));
  };
  const callee = caller === "client" ? "daemon" : "client";
  const [near, far] = connectEnds(watch(caller), watch(callee));
  const server = http2.createServer({ settings: { maxFrameSize: 50_000 } });
  server.on("stream", (stream) => {
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", "grpc-message": "fine" }));
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", "x-many": ["a", "b"] },
      { waitForTrailers: true },
    );
    stream.pipe(stream);
  });
  server.emit("connection", far);
  const session = http2.connect("http://localhost", { createConnection: () => near });
  const answers: Buffer[] = [];
  for (let call = 0; call < calls; call += 1) answers.push(await echo(session, body, call));
  session.close();
  return { events, answers, decoder };
}

function echo(session: http2.ClientHttp2Session, body: Buffer, call: number): Promise<Buffer> {
  const stream = session.request({
    ":method": "POST",
    ":path": "/svc/echo",
    "x-call": `${call}`,
  });
  stream.end(body);
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("end", () => resolve(Buffer.concat(pieces)));
    stream.on("error", reject);
  });
}

function bodyOf(events: readonly Http2Event[], side: Http2Side, stream: number): Buffer {
  return Buffer.concat(
    events.flatMap((event) =>
      event.kind === "data" && event.side === side && event.stream === stream ? [event.bytes] : [],
    ),
  );
}

describe.each(["client", "daemon"] as const)("node:http2, where the %s is the HTTP/2 client,", (caller) => {
  const callee = caller === "client" ? "daemon" : "client";

  it.each([
    [1, 1],
    [1000, 7],
    [100_000, 5000],
    [100_000, 1],
  ])("says what is decoded, with bodies of %d bytes in pieces of %d", async (length, size) => {
    const body = Buffer.alloc(length, "0123456789");
    const { events, answers, decoder } = await converse(caller, 3, body, size);
    expect(decoder.http2Client).toBe(caller);
    for (const [call, stream] of [1, 3, 5].entries()) {
      expect(answers[call]?.equals(body)).toBe(true);
      expect(bodyOf(events, caller, stream).equals(body)).toBe(true);
      expect(bodyOf(events, callee, stream).equals(body)).toBe(true);
      const [request, response, trailers, ...others] = events.filter(
        (event) => event.kind === "headers" && event.stream === stream,
      );
      expect(request).toMatchObject({ side: caller, endStream: false });
      expect(request?.kind === "headers" && request.fields).toContainEqual(["x-call", `${call}`]);
      expect(response).toMatchObject({ side: callee, endStream: false });
      expect(response?.kind === "headers" && response.fields.slice(0, 4)).toEqual([
        [":status", "200"],
        ["content-type", "application/grpc"],
        ["x-many", "a"],
        ["x-many", "b"],
      ]);
      expect(trailers).toMatchObject({
        side: callee,
        endStream: true,
        fields: [
          ["grpc-status", "0"],
          ["grpc-message", "fine"],
        ],
      });
      expect(others).toEqual([]);
    }
  });
});
