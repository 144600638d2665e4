/** One request: its body, its expectation, what happens to its connection. */
import { describe, expect, test } from "vitest";
import type { ConnectionFate } from "../../src/session/call.ts";
import type { Connection } from "../../src/session/connection.ts";
import { encodeTextChunk, LAST_CHUNK } from "../playbook/http.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { createCall, HOST, readText } from "./session-client.ts";

describe("a call begins with the fate that its head asks for", () => {
  test.each<[start: string, connection: readonly string[], fate: ConnectionFate]>([
    ["GET / HTTP/1.1", [], "keep-alive"],
    ["GET / HTTP/1.1", ["Connection: keep-alive"], "keep-alive"],
    ["GET / HTTP/1.1", ["Connection: close"], "close"],
    ["GET / HTTP/1.1", ["Connection: TE, Close"], "close"],
    ["GET / HTTP/1.1", ["Connection: closed"], "keep-alive"],
    ["GET / HTTP/1.0", [], "close"],
    ["GET / HTTP/1.0", ["Connection: Keep-Alive"], "keep-alive"],
    ["GET / HTTP/1.0", ["Connection: close"], "close"],
  ])("%s %j: %s", (start, connection, fate) => {
    const { call } = createCall(start, [HOST, ...connection]);
    expect(call.connectionFate).toBe(fate);
    expect(call.requestsClose).toBe(fate === "close");
  });
});

describe("the body of a call", () => {
  test.each<{ what: string; fields: readonly string[]; sent: string; body: string; rest: string }>([
    { what: "is empty without a length", fields: [], sent: "GET /", body: "", rest: "GET /" },
    { what: "is empty with length 0", fields: ["Content-Length: 0"], sent: "next", body: "", rest: "next" },
    { what: "ends after its length", fields: ["Content-Length: 3"], sent: "onenext", body: "one", rest: "next" },
    {
      what: "ends with its last chunk",
      fields: ["Transfer-Encoding: chunked"],
      sent: `${encodeTextChunk("one")}${encodeTextChunk("two")}${LAST_CHUNK}next`,
      body: "onetwo",
      rest: "next",
    },
    {
      what: "leaves out trailers",
      fields: ["Transfer-Encoding: chunked"],
      sent: `${encodeTextChunk("one")}0\r\nA: b\r\n\r\nnext`,
      body: "one",
      rest: "next",
    },
  ])("$what", async ({ fields, sent, body, rest }) => {
    for (const pieces of [[sent], [...sent]]) {
      const { call, client } = createCall("POST / HTTP/1.1", [HOST, ...fields]);
      for (const piece of pieces) client.write(Buffer.from(piece));
      expect(await readText(call.readBody())).toBe(body);
      await waitForQuiet();
      expect([call.isBodyRead, call.reader.queue.take().toString()]).toEqual([true, rest]);
    }
  });

  test.each<[code: string, fields: readonly string[], sent: string]>([
    ["WHALESONG_TRUNCATED_BODY", ["Content-Length: 4"], "bo"],
    ["WHALESONG_TRUNCATED_BODY", ["Transfer-Encoding: chunked"], encodeTextChunk("bo")],
    ["WHALESONG_BAD_CHUNK", ["Transfer-Encoding: chunked"], "zz\r\n"],
  ])("fails with %s: %j %j", async (code, fields, sent) => {
    const { call, client } = createCall("POST / HTTP/1.1", [HOST, ...fields]);
    client.write(Buffer.from(sent));
    client.end();
    await expect(readText(call.readBody())).rejects.toMatchObject({ code });
    expect(call.isBodyRead).toBe(false);
  });

  test("can be read whole again and again, also after a part of it was read", async () => {
    const { call, client } = createCall("POST / HTTP/1.1", [HOST, "Content-Length: 6"]);
    client.write(Buffer.from("one"));
    for await (const _ of call.readWholeBody()) break;
    client.write(Buffer.from("two"));
    expect(await readText(call.readWholeBody())).toBe("onetwo");
    expect(await readText(call.readWholeBody())).toBe("onetwo");
    expect(await readText(call.readBody())).toBe("");
  });

  test("can be drained", async () => {
    const { call, client } = createCall("POST / HTTP/1.1", [HOST, "Content-Length: 3"]);
    client.write(Buffer.from("one"));
    await call.drainBody();
    expect(call.isBodyRead).toBe(true);
  });
});

describe("100 Continue", () => {
  const fields = [HOST, "Expect: 100-Continue", "Content-Length: 3"];

  test("is sent once, when the body is read", async () => {
    const { call, client } = createCall("POST / HTTP/1.1", fields);
    expect(call.isBodyHeldBack).toBe(true);
    const body = readText(call.readBody());
    expect(String(await client.read())).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    expect(call.isBodyHeldBack).toBe(false);
    client.write(Buffer.from("one"));
    expect(await body).toBe("one");
    call.sendContinue();
    call.connection.end();
    expect(await client.read()).toBeUndefined();
  });

  test.each<[what: string, fields: readonly string[], sent: string]>([
    ["without an expectation", [HOST, "Content-Length: 3"], "one"],
    ["when the body has come already", fields, "one"],
    ["for an empty body", [HOST, "Expect: 100-continue", "Content-Length: 0"], ""],
  ])("is not sent %s", async (_, given, sent) => {
    const { call, client } = createCall("POST / HTTP/1.1", given);
    client.write(Buffer.from(sent));
    await waitForQuiet();
    expect(call.isBodyHeldBack).toBe(false);
    expect(await readText(call.readBody())).toBe(sent);
    call.connection.end();
    expect(await client.read()).toBeUndefined();
  });
});

describe("the head of a response", () => {
  test.each<[request: string, status: number, line: string]>([
    ["GET / HTTP/1.1", 200, "HTTP/1.1 200 OK"],
    ["GET / HTTP/1.0", 200, "HTTP/1.0 200 OK"],
    ["GET / HTTP/1.0", 101, "HTTP/1.1 101 OK"],
  ])("to %s with status %i begins with %s", (request, status, line) => {
    const { call } = createCall(request, [HOST]);
    expect([call.isAnswered, call.status]).toEqual([false, undefined]);
    expect(String(call.encodeHead(status, "OK", [["A", "b"]]))).toBe(`${line}\r\nA: b\r\n\r\n`);
    expect([call.isAnswered, call.status]).toEqual([true, status]);
  });
});

test("a wrapper gets what is written from then on; the last wrapper comes first", async () => {
  const { call, client } = createCall("GET / HTTP/1.1", [HOST]);
  const withMark =
    (mark: string) =>
    (connection: Connection): Connection => ({
      ...connection,
      write: (bytes) => connection.write(Buffer.from(`${bytes}${mark}`)),
    });
  call.connection.write(Buffer.from("a"));
  call.wrapConnection(withMark("1"));
  call.wrapConnection(withMark("2"));
  call.connection.write(Buffer.from("b"));
  expect([String(await client.read()), String(await client.read())]).toEqual(["a", "b21"]);
});

test("hooks run one after another, the last one first; without hooks there is nothing to wait for", async () => {
  const { call } = createCall("GET / HTTP/1.1", [HOST]);
  expect(call.runAnsweredHooks()).toBeUndefined();
  const order: string[] = [];
  call.onAnswered(() => void order.push("first"));
  call.onAnswered(async () => {
    await waitForQuiet();
    order.push("second");
  });
  await call.runAnsweredHooks();
  expect(order).toEqual(["second", "first"]);
});
