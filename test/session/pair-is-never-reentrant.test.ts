import { Duplex, PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { fromSocket } from "../../src/io/connections/from-socket.ts";
import { connectionPair } from "../../src/session/pair.ts";

test("a write returns before its reader goes on", async () => {
  const [near, far] = connectionPair();
  const order: string[] = [];
  const reading = far.read().then(() => order.push("read"));
  near.write(Buffer.from("x"));
  order.push("written");
  await reading;
  expect(order).toEqual(["written", "read"]);
});

test("a reset leaves at the peer what had arrived, and says that it was broken off", async () => {
  const [near, far] = connectionPair();
  near.write(Buffer.from("x"));
  near.reset();
  expect([far.isGone, far.isBroken]).toEqual([true, false]);
  expect(String(await far.read())).toBe("x");
  expect(await far.read()).toBeUndefined();
  expect(far.isBroken).toBe(true);
});

test("a peer that had ended before the reset is not broken", async () => {
  const [near, far] = connectionPair();
  near.end();
  near.reset();
  expect(await far.read()).toBeUndefined();
  expect(far.isBroken).toBe(false);
});

test("pieces that queue up are read one by one, also across a pause", async () => {
  const stream = new PassThrough({ highWaterMark: 1024 * 1024 });
  const connection = fromSocket(stream);
  const pieces = Array.from({ length: 10 }, (_, index) => Buffer.alloc(60_000, index));
  for (const piece of pieces) stream.write(piece);
  stream.end();
  for (const piece of pieces) expect((await connection.read())?.equals(piece)).toBe(true);
  expect(await connection.read()).toBeUndefined();
});

test("a Duplex that fails is a connection that is broken", async () => {
  const stream = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done(new Error("no more")) });
  const connection = fromSocket(stream);
  connection.write(Buffer.from("x"));
  await connection.closed;
  expect(await connection.read()).toBeUndefined();
  expect([connection.isGone, connection.isBroken]).toEqual([true, true]);
});

test("a Duplex that was destroyed before is gone from the start", async () => {
  const stream = new PassThrough();
  stream.destroy();
  const connection = fromSocket(stream);
  expect(await connection.read()).toBeUndefined();
  await connection.closed;
  expect(connection.isGone).toBe(true);
});
