import { describe, expect, it } from "vitest";
import { ByteQueue } from "../../src/base/bytes.ts";
import { WireError } from "../../src/base/errors.ts";
import { HEAD_LIMIT, takeHead } from "../../src/wire/http/head.ts";
import { catchError, cutIntoPieces, listTrailedDeliveries, toLatin1 } from "./deliveries.ts";

const PING = "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n";
const LONG = `GET / HTTP/1.1\r\nA: ${"x".repeat(9000)}\r\nB: y\r\n\r\n`;

/** Pushes all pieces, asking after each one; returns the first head found. */
function takeHeadOf(queue: ByteQueue, pieces: readonly Buffer[], limit?: number): Buffer | undefined {
  let head: Buffer | undefined;
  for (const piece of pieces) {
    queue.push(piece);
    head ??= takeHead(queue, limit);
  }
  return head;
}

describe("taking a head", () => {
  const rows: [claim: string, sent: string, head: string][] = [
    ["ends it with its blank line", PING, PING],
    ["takes one without fields", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"],
    ["takes bare line feeds", "GET / HTTP/1.1\nHost:\n\n", "GET / HTTP/1.1\nHost:\n\n"],
    ["takes mixed line ends", "GET / HTTP/1.1\r\nHost:\n\r\n", "GET / HTTP/1.1\r\nHost:\n\r\n"],
    ["drops blank lines before it", `\r\n\n\r\n${PING}`, PING],
    ["grows beyond its first window", LONG, LONG],
  ];
  for (const [claim, sent, head] of rows) {
    for (const { how, pieces, trailing } of listTrailedDeliveries(toLatin1(sent))) {
      it(`${claim} (${how})`, () => {
        const queue = new ByteQueue();
        expect(takeHeadOf(queue, pieces)?.toString("latin1")).toBe(head);
        expect(queue.take().equals(trailing)).toBe(true);
      });
    }
  }

  it("finds an end at every place around the edge of its window", () => {
    for (let size = 4080; size < 4112; size += 1) {
      const head = toLatin1(`GET / HTTP/1.1\r\nA: ${"x".repeat(size - 23)}\r\n\r\n`);
      const queue = new ByteQueue();
      queue.push(Buffer.concat([head, Buffer.alloc(5000)]));
      expect(takeHead(queue)?.length).toBe(size);
    }
  });

  it.each(["", "\r", "\r\n", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r"])(
    "waits for more after %j",
    (sent) => {
      const queue = new ByteQueue();
      expect(takeHeadOf(queue, cutIntoPieces(toLatin1(sent), 1))).toBeUndefined();
    },
  );

  it("takes pipelined heads one by one", () => {
    const queue = new ByteQueue();
    queue.push(toLatin1(PING + LONG + PING));
    const heads = [takeHead(queue), takeHead(queue), takeHead(queue), takeHead(queue)];
    expect(heads.map((head) => head?.toString("latin1"))).toEqual([PING, LONG, PING, undefined]);
  });

  it("does not join what waits behind the head", () => {
    const queue = new ByteQueue();
    const body = Buffer.alloc(100_000);
    queue.push(toLatin1(PING.repeat(200)));
    queue.push(body);
    takeHead(queue);
    queue.drop(queue.length - body.length);
    expect(queue.take().buffer).toBe(body.buffer);
  });
});

describe("the limit of a head", () => {
  it("lets a head of just that size pass, however it comes", () => {
    for (const { pieces } of listTrailedDeliveries(toLatin1(PING))) {
      expect(takeHeadOf(new ByteQueue(), pieces, PING.length)?.toString("latin1")).toBe(PING);
    }
  });

  it("refuses one byte more, naming size and limit, however it comes", () => {
    for (const { pieces } of listTrailedDeliveries(toLatin1(PING))) {
      const error = catchError(() => takeHeadOf(new ByteQueue(), pieces, PING.length - 1));
      expect(error).toBeInstanceOf(WireError);
      expect(error.code).toBe("WHALESONG_HEAD_TOO_LARGE");
      expect(error.message).toContain(
        `${error.fields?.size} bytes without its end, expected at most ${PING.length - 1}`,
      );
    }
  });

  it("is 1 MiB, as Go's, and a head of that size in network-sized reads is no trouble", () => {
    const head = toLatin1(`GET / HTTP/1.1\r\nA: ${"x".repeat(HEAD_LIMIT - 23)}\r\n\r\n`);
    expect(head.length).toBe(1_048_576);
    expect(takeHeadOf(new ByteQueue(), cutIntoPieces(head, 1460))?.length).toBe(HEAD_LIMIT);
    const tooMuch = cutIntoPieces(Buffer.alloc(HEAD_LIMIT + 1, "x"), 65_536);
    expect(catchError(() => takeHeadOf(new ByteQueue(), tooMuch)).code).toBe("WHALESONG_HEAD_TOO_LARGE");
  });
});
