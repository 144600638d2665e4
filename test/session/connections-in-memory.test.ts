/** The parts that a connection in memory is made of: the buffer of what has arrived, the latch, the reader. */
import { describe, expect, test } from "vitest";
import { ConnectionReader } from "../../src/session/connection-reader.ts";
import { Latch } from "../../src/session/latch.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { readJsonBody } from "../../src/session/read-json-body.ts";
import { ReceiveBuffer, UNREAD_LIMIT } from "../../src/session/receive-buffer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { createCall, HOST } from "./session-client.ts";

const bytes = (text: string): Buffer => Buffer.from(text);

describe("a receive buffer", () => {
  test("gives each piece as it arrived, then the end", async () => {
    const buffer = new ReceiveBuffer(() => undefined);
    for (const piece of ["one", "", "two"]) buffer.push(bytes(piece));
    buffer.end();
    buffer.push(bytes("late"));
    expect([String(await buffer.read()), String(await buffer.read())]).toEqual(["one", "two"]);
    expect([await buffer.read(), await buffer.read(), buffer.isOver]).toEqual([undefined, undefined, true]);
  });

  test("gives a waiting reader what arrives, and calls `onRead` only for bytes that had to wait", async () => {
    let reads = 0;
    const buffer = new ReceiveBuffer(() => (reads += 1));
    const waiting = buffer.read();
    buffer.push(bytes("at once"));
    expect([String(await waiting), reads]).toEqual(["at once", 0]);
    buffer.push(bytes("kept"));
    expect([String(await buffer.read()), reads]).toEqual(["kept", 1]);
  });

  test("refuses a second read at the same time", async () => {
    const buffer = new ReceiveBuffer(() => undefined);
    void buffer.read();
    await expect(buffer.read()).rejects.toThrow("one read at a time");
  });

  test("is full beyond its limit, and drops all when it is cleared", async () => {
    const buffer = new ReceiveBuffer(() => undefined);
    buffer.push(Buffer.alloc(UNREAD_LIMIT));
    expect(buffer.isFull).toBe(false);
    buffer.push(bytes("x"));
    expect(buffer.isFull).toBe(true);
    buffer.clear();
    expect([await buffer.read(), buffer.isFull, buffer.isOver]).toEqual([undefined, false, true]);
  });
});

test("a latch lets all through that wait, and makes the next ones wait again", async () => {
  const latch = new Latch();
  const order: string[] = [];
  latch.open();
  void latch.wait().then(() => order.push("one"));
  void latch.wait().then(() => order.push("two"));
  await waitForQuiet();
  expect(order).toEqual([]);
  latch.open();
  void latch.wait().then(() => order.push("three"));
  await waitForQuiet();
  expect(order).toEqual(["one", "two"]);
});

describe("a reader", () => {
  test("reads ahead, and tells more bytes from the end", async () => {
    const [near, far] = connectionPair();
    const reader = new ConnectionReader(far);
    const more = reader.readMore();
    near.write(bytes("one"));
    expect([await more, reader.queue.length, reader.hasEnded]).toEqual([true, 3, false]);
    near.write(bytes("two"));
    expect([await reader.readMore(), reader.queue.length]).toEqual([true, 6]);
    near.end();
    expect([await reader.readMore(), reader.hasEnded]).toEqual([false, true]);
    await reader.ended;
    expect(reader.queue.take().toString()).toBe("onetwo");
  });

  test("sees the peer's end while no consumer waits", async () => {
    const [near, far] = connectionPair();
    const reader = new ConnectionReader(far);
    near.reset();
    await reader.ended;
    expect(reader.hasEnded).toBe(true);
  });

  test("stops at its limit until its consumer needs more", async () => {
    const [near, far] = connectionPair();
    const reader = new ConnectionReader(far);
    for (let piece = 0; piece < 8; piece += 1) near.write(Buffer.alloc(100_000));
    await waitForQuiet();
    expect(reader.queue.length).toBe(300_000);
    expect([await reader.readMore(), reader.queue.length]).toEqual([true, 400_000]);
  });
});

describe("a body as JSON", () => {
  const length = (text: string): string => `Content-Length: ${text.length}`;
  test.each<[what: string, fields: readonly string[], sent: string, value: unknown]>([
    ["is parsed", ["Content-Type: application/json", length('{"a":1}')], '{"a":1}', { a: 1 }],
    ["may name a charset", ["Content-Type: Application/JSON; charset=utf-8", length("[]")], "[]", []],
    ["is undefined without its type", [length("[]")], "[]", undefined],
    ["is undefined for another type", ["Content-Type: application/jsonl", length("[]")], "[]", undefined],
    ["is undefined for bad JSON", ["Content-Type: application/json", length("{")], "{", undefined],
    ["is undefined for an empty body", ["Content-Type: application/json"], "", undefined],
    [
      "is undefined where it is very long",
      ["Content-Type: application/json", "Content-Length: 300000"],
      "[",
      undefined,
    ],
  ])("%s", async (_, fields, sent, value) => {
    const { call, client } = createCall("POST / HTTP/1.1", [HOST, ...fields]);
    client.write(bytes(sent));
    expect(await readJsonBody(call)).toEqual(value);
  });
});
