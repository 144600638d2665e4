import { describe, expect, test } from "vitest";
import type { Call, Responder } from "../../src/session/call.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { HEAD_LIMIT } from "../../src/wire/head.ts";
import { chunk, head, LAST_CHUNK, request } from "../playbook/http.ts";
import { Peer } from "../playbook/peer.ts";
import { quiet } from "../playbook/quiet.ts";

/** A client of a daemon made of these responders; `held` resolves when the daemon lets go, or with what it threw. */
function clientOf(...responders: readonly Responder[]): { client: Peer; held: Promise<unknown> } {
  const [near, far] = connectionPair();
  const held = createDaemon(...responders)(far).catch((error: unknown) => error);
  return { client: new Peer(near), held };
}

function answer(text: string, fields: readonly string[] = []): string {
  return head("HTTP/1.1 200 OK", [`Content-Length: ${text.length}`, ...fields]) + text;
}

async function say(call: Call, text: string): Promise<true> {
  const fields = [["Content-Length", String(text.length)] as const];
  await call.connection.write(Buffer.concat([call.encodeHead(200, "OK", fields), Buffer.from(text)]));
  return true;
}

/** Answers with method, target and body. */
async function echo(call: Call): Promise<true> {
  const pieces: Buffer[] = [];
  for await (const piece of call.readBody()) pieces.push(piece);
  return say(call, `${call.head.method} ${call.head.target} ${Buffer.concat(pieces)}`);
}

/** Answers without reading the body. */
async function early(call: Call): Promise<true> {
  return say(call, call.head.target);
}

test("a connection is kept for one request after another, until the client closes it", async () => {
  const { client, held } = clientOf(echo);
  await client.sends(request("GET /a"));
  await client.hears(answer("GET /a "));
  await client.hearsNothing();
  await client.sends(request("POST /b", { body: "body" }));
  await client.hears(answer("POST /b body"));
  await client.closesItsHalf();
  await client.hearsEnd();
  expect(await held).toBeUndefined();
});

test("pipelined requests are answered in order", async () => {
  const { client } = clientOf(echo);
  await client.sends(
    Buffer.concat([request("POST /a", { body: "1" }), request("GET /b"), request("POST /c", { body: "3" })]),
  );
  await client.hears(answer("POST /a 1"), answer("GET /b "), answer("POST /c 3"));
});

test("a request may come byte by byte, its body in chunks", async () => {
  const { client } = clientOf(echo);
  const whole =
    head("POST /a HTTP/1.1", ["Host: x", "Transfer-Encoding: chunked"]) + chunk("one") + chunk("two") + LAST_CHUNK;
  for (const byte of whole) await client.sends(byte);
  await client.hears(answer("POST /a onetwo"));
});

describe("the connection is closed after the answer", () => {
  test.each([
    ["HTTP/1.1, Connection: close", head("GET /a HTTP/1.1", ["Connection: close"]), "HTTP/1.1"],
    ["HTTP/1.1, Connection: TE, Close", head("GET /a HTTP/1.1", ["Connection: TE, Close"]), "HTTP/1.1"],
    ["HTTP/1.0", head("GET /a HTTP/1.0", []), "HTTP/1.0"],
  ])("of %s", async (_, asked, version) => {
    const { client } = clientOf(echo);
    await client.sends(asked);
    await client.hears(answer("GET /a ").replace("HTTP/1.1", version));
    await client.hearsEnd();
  });
});

test("it is kept for HTTP/1.0 with Connection: keep-alive", async () => {
  const { client } = clientOf(echo);
  await client.sends(head("GET /a HTTP/1.0", ["Connection: keep-alive"]));
  await client.hears(answer("GET /a ").replace("HTTP/1.1", "HTTP/1.0"));
  await client.hearsNothing();
});

describe("a client that waits for 100 Continue", () => {
  const asking = head("POST /a HTTP/1.1", ["Expect: 100-continue", "Content-Length: 4"]);

  test("is told to go on when its body is read, once", async () => {
    const { client } = clientOf(echo);
    await client.sends(asking);
    await client.hears("HTTP/1.1 100 Continue\r\n\r\n");
    await client.sends("bo");
    await client.hearsNothing();
    await client.sends("dy");
    await client.hears(answer("POST /a body"));
  });

  test("is not told so when its body has come already", async () => {
    const { client } = clientOf(echo);
    await client.sends(`${asking}body`);
    await client.hears(answer("POST /a body"));
  });

  test("is not told to go on behind the answer: nobody knows then whether a body or a request follows", async () => {
    const { client } = clientOf(early);
    await client.sends(asking);
    await client.hears(answer("/a"));
    await client.hearsEnd();
  });
});

test("a body that was not read is drained, so that the next request is seen", async () => {
  const { client } = clientOf(early);
  await client.sends(head("POST /a HTTP/1.1", ["Content-Length: 1000000"]));
  await client.hears(answer("/a"));
  await client.sends("x".repeat(1_000_000) + request("GET /b"));
  await client.hears(answer("/b"));
});

describe("a client that cannot be understood is told why, and let go", () => {
  test.each([
    { what: "garbage", said: "\x16\x03\x01 garbage\r\n\r\n", status: "400 Bad Request" },
    { what: "HTTP/2", said: "PRI * HTTP/2.0\r\n\r\n", status: "400 Bad Request" },
    { what: "a folded header", said: "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", status: "400 Bad Request" },
    {
      what: "two lengths",
      said: head("POST / HTTP/1.1", ["Content-Length: 1", "Content-Length: 2"]),
      status: "400 Bad Request",
    },
    {
      what: "a bad chunk",
      said: head("POST / HTTP/1.1", ["Transfer-Encoding: chunked"]).concat("zz\r\n"),
      status: "400 Bad Request",
    },
    {
      what: "a head too large",
      said: `GET / HTTP/1.1\r\nA: ${"x".repeat(HEAD_LIMIT)}`,
      status: "431 Request Header Fields Too Large",
    },
  ])("$what: $status", async ({ said, status }) => {
    const { client, held } = clientOf(echo);
    await client.sends(said);
    const [told = "", why] = (await client.hearsAll()).split("\r\n\r\n");
    expect(told).toBe(`HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close`);
    expect(why).toMatch(/^cannot .+\n$/);
    await client.closesItsHalf();
    expect(await held).toBeUndefined();
  });
});

test("a head just under the limit is understood", async () => {
  const { client } = clientOf(echo);
  await client.sends(head("GET /a HTTP/1.1", [`A: ${"x".repeat(HEAD_LIMIT - 100)}`]));
  await client.hears(answer("GET /a "));
});

test("a client that closed its half right after its request still hears the answer", async () => {
  const { client } = clientOf(echo);
  await client.sends(request("GET /a"));
  await client.closesItsHalf();
  await client.hears(answer("GET /a "));
  await client.hearsEnd();
});

test("a client that closed its half inside a body is told that it did", async () => {
  const { client } = clientOf(echo);
  await client.sends(head("POST /a HTTP/1.1", ["Content-Length: 4"]), "bo");
  await client.closesItsHalf();
  expect(await client.hearsAll()).toContain("peer closed the connection inside a body (got 2 of 4 bytes)");
});

test("a client that is gone is let go, whatever it was waiting for", async () => {
  const { client, held } = clientOf(echo);
  await client.sends(head("POST /a HTTP/1.1", ["Content-Length: 4"]));
  await client.breaksOff();
  await held;
});

test("a connection on which nothing is ever said is let go when it closes", async () => {
  const { client, held } = clientOf(echo);
  await client.closesItsHalf();
  await client.hearsEnd();
  expect(await held).toBeUndefined();
});

test("responders are asked in order until one answers; what a first one read of the body the second can read again", async () => {
  const declines: Responder = async (call) => {
    for await (const _ of call.readWholeBody());
    return false;
  };
  const reads: Responder = async (call) => {
    const pieces: Buffer[] = [];
    for await (const piece of call.readWholeBody()) pieces.push(piece);
    return say(call, String(Buffer.concat(pieces)));
  };
  const { client } = clientOf(declines, () => false, reads, echo);
  await client.sends(request("POST /a", { body: "again" }));
  await client.hears(answer("again"));
});

test("where nobody answers, the client sees the connection break and the daemon says what is wrong", async () => {
  const { client, held } = clientOf(() => false);
  await client.sends(request("GET /a"));
  await client.hearsReset();
  expect(await held).toMatchObject({ code: "WHALESONG_NO_RESPONDER", message: "no responder answers GET /a" });
});

test("a responder may close or reset the connection instead of keeping it", async () => {
  for (const afterwards of ["close", "reset"] as const) {
    const { client } = clientOf((call) => {
      call.connectionFate = afterwards;
      return true;
    });
    await client.sends(request("GET /a"));
    await (afterwards === "close" ? client.hearsEnd() : client.hearsReset());
  }
});

test("after our half is closed, what the client still sends is read and dropped until it closes too", async () => {
  const { client, held } = clientOf(early);
  await client.sends(head("POST /a HTTP/1.1", ["Connection: close", "Content-Length: 5000000"]));
  await client.hears(answer("/a"));
  await client.hearsEnd();
  await client.sends("x".repeat(3_000_000));
  await quiet();
  await client.closesItsHalf();
  expect(await held).toBeUndefined();
});

test("reading runs ahead of the responder only so far: then the client feels it", async () => {
  let release: () => void = () => undefined;
  const waits: Responder = async (call) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return early(call);
  };
  const { client } = clientOf(waits);
  await client.sends(head("POST /a HTTP/1.1", ["Content-Length: 4000000"]));
  const sending = client.sends(...Array.from({ length: 40 }, () => "x".repeat(100_000))).then(() => "all sent");
  expect(await Promise.race([sending, quiet().then(() => "held back")])).toBe("held back");
  release();
  await client.hears(answer("/a"));
  expect(await sending).toBe("all sent");
});
