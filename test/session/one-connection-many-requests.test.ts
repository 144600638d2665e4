/** One connection carries many requests: keep-alive, pipelining, half-closes, bodies that are not read. */
import { describe, expect, test } from "vitest";
import type { Responder } from "../../src/session/call.ts";
import { encodeHead, encodeTextChunk, LAST_CHUNK, request } from "../playbook/http.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { connectClient, echo, HOST, okResponse, readText, respondEarly, respondWith } from "./session-client.ts";

test("a connection is kept for one request after another, until the client closes it", async () => {
  const { client, held } = connectClient(echo);
  await client.sends(request("GET /a"));
  await client.hears(okResponse("GET /a "));
  await client.hearsNothing();
  await client.sends(request("POST /b", { body: "body" }));
  await client.hears(okResponse("POST /b body"));
  await client.closesItsHalf();
  await client.hearsEnd();
  expect(await held).toBeUndefined();
});

test("pipelined requests are answered in order", async () => {
  const { client } = connectClient(echo);
  await client.sends(
    Buffer.concat([request("POST /a", { body: "1" }), request("GET /b"), request("POST /c", { body: "3" })]),
  );
  await client.hears(okResponse("POST /a 1"), okResponse("GET /b "), okResponse("POST /c 3"));
});

test("a request may come byte by byte, its body in chunks", async () => {
  const { client } = connectClient(echo);
  const whole =
    encodeHead("POST /a HTTP/1.1", [HOST, "Transfer-Encoding: chunked"]) +
    encodeTextChunk("one") +
    encodeTextChunk("two") +
    LAST_CHUNK;
  for (const byte of whole) await client.sends(byte);
  await client.hears(okResponse("POST /a onetwo"));
});

describe("the connection is closed after the answer", () => {
  test.each([
    ["HTTP/1.1, Connection: close", encodeHead("GET /a HTTP/1.1", [HOST, "Connection: close"]), "HTTP/1.1"],
    ["HTTP/1.1, Connection: TE, Close", encodeHead("GET /a HTTP/1.1", [HOST, "Connection: TE, Close"]), "HTTP/1.1"],
    ["HTTP/1.0", encodeHead("GET /a HTTP/1.0", []), "HTTP/1.0"],
  ])("of %s", async (_, sent, version) => {
    const { client } = connectClient(echo);
    await client.sends(sent);
    await client.hears(okResponse("GET /a ").replace("HTTP/1.1", version));
    await client.hearsEnd();
  });
});

test("it is kept for HTTP/1.0 with Connection: keep-alive", async () => {
  const { client } = connectClient(echo);
  await client.sends(encodeHead("GET /a HTTP/1.0", ["Connection: keep-alive"]));
  await client.hears(okResponse("GET /a ").replace("HTTP/1.1", "HTTP/1.0"));
  await client.hearsNothing();
});

describe("a client that waits for 100 Continue", () => {
  const asking = encodeHead("POST /a HTTP/1.1", [HOST, "Expect: 100-continue", "Content-Length: 4"]);

  test("gets it once, when its body is read", async () => {
    const { client } = connectClient(echo);
    await client.sends(asking);
    await client.hears("HTTP/1.1 100 Continue\r\n\r\n");
    await client.sends("bo");
    await client.hearsNothing();
    await client.sends("dy");
    await client.hears(okResponse("POST /a body"));
  });

  test("does not get it when its body has come already", async () => {
    const { client } = connectClient(echo);
    await client.sends(`${asking}body`);
    await client.hears(okResponse("POST /a body"));
  });

  test("does not get it behind the response: a body or another request could follow, and nothing tells which", async () => {
    const { client } = connectClient(respondEarly);
    await client.sends(asking);
    await client.hears(okResponse("/a"));
    await client.hearsEnd();
  });
});

test("a body that was not read is drained, so that the next request is seen", async () => {
  const { client } = connectClient(respondEarly);
  await client.sends(encodeHead("POST /a HTTP/1.1", [HOST, "Content-Length: 1000000"]));
  await client.hears(okResponse("/a"));
  await client.sends("x".repeat(1_000_000) + request("GET /b"));
  await client.hears(okResponse("/b"));
});

test("a client that closed its half right after its request still hears the answer", async () => {
  const { client } = connectClient(echo);
  await client.sends(request("GET /a"));
  await client.closesItsHalf();
  await client.hears(okResponse("GET /a "));
  await client.hearsEnd();
});

test("a client that closed its half inside a body gets an error that says so", async () => {
  const { client } = connectClient(echo);
  await client.sends(encodeHead("POST /a HTTP/1.1", [HOST, "Content-Length: 4"]), "bo");
  await client.closesItsHalf();
  expect(await client.hearsAll()).toContain("peer closed the connection inside a body (got 2 of 4 bytes)");
});

test("a client that breaks off inside its body ends its connection", async () => {
  const { client, held } = connectClient(echo);
  await client.sends(encodeHead("POST /a HTTP/1.1", [HOST, "Content-Length: 4"]));
  await client.breaksOff();
  await held;
});

test("a connection without a request ends when the client closes its half", async () => {
  const { client, held } = connectClient(echo);
  await client.closesItsHalf();
  await client.hearsEnd();
  expect(await held).toBeUndefined();
});

test("responders run in order until one answers; a body that the first one read, the second one can read again", async () => {
  const declines: Responder = async (call) => {
    for await (const _ of call.readWholeBody());
    return false;
  };
  const reads: Responder = async (call) => {
    return respondWith(call, await readText(call.readWholeBody()));
  };
  const { client } = connectClient(declines, () => false, reads, echo);
  await client.sends(request("POST /a", { body: "again" }));
  await client.hears(okResponse("again"));
});

test("without a responder that answers, the connection breaks and the daemon throws", async () => {
  const { client, held } = connectClient(() => false);
  await client.sends(request("GET /a"));
  await client.hearsReset();
  expect(await held).toMatchObject({ code: "WHALESONG_NO_RESPONDER", message: "no responder answers GET /a" });
});

test("a responder may close or reset the connection instead of keeping it", async () => {
  for (const afterwards of ["close", "reset"] as const) {
    const { client } = connectClient((call) => {
      call.connectionFate = afterwards;
      return true;
    });
    await client.sends(request("GET /a"));
    await (afterwards === "close" ? client.hearsEnd() : client.hearsReset());
  }
});

test("after our half is closed, what the client still sends is read and dropped until it closes too", async () => {
  const { client, held } = connectClient(respondEarly);
  await client.sends(encodeHead("POST /a HTTP/1.1", [HOST, "Connection: close", "Content-Length: 5000000"]));
  await client.hears(okResponse("/a"));
  await client.hearsEnd();
  await client.sends("x".repeat(3_000_000));
  await waitForQuiet();
  await client.closesItsHalf();
  expect(await held).toBeUndefined();
});

test("a responder that does not read stops the client from writing, after a limit", async () => {
  let release: () => void = () => undefined;
  const waits: Responder = async (call) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return respondEarly(call);
  };
  const { client } = connectClient(waits);
  await client.sends(encodeHead("POST /a HTTP/1.1", [HOST, "Content-Length: 4000000"]));
  const sending = client.sends(...Array.from({ length: 40 }, () => "x".repeat(100_000))).then(() => "all sent");
  expect(await Promise.race([sending, waitForQuiet().then(() => "blocked")])).toBe("blocked");
  release();
  await client.hears(okResponse("/a"));
  expect(await sending).toBe("all sent");
});
