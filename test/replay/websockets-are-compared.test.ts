import { expect, test } from "vitest";
import type { WebsocketEvent } from "../../src/cassette/model.ts";
import { ClientStream } from "../../src/replay/play/client-stream.ts";
import { WebsocketReader } from "../../src/replay/play/websocket-reader.ts";
import { formatMismatch } from "../../src/replay/run/stdin-mismatch.ts";
import { Call } from "../../src/session/call.ts";
import { ConnectionReader } from "../../src/session/connection-reader.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { describeRequest } from "../../src/session/parsed-request.ts";
import { parseRequestHead } from "../../src/wire/http/head.ts";
import { encodeWebsocketFrame, type WebsocketOpcode } from "../../src/wire/streams/websocket.ts";

/** A client that has sent these, and closed its side. */
function streamOf(sent: readonly [WebsocketOpcode, string][]): ClientStream {
  const [client, server] = connectionPair();
  const head = Buffer.from("GET /containers/web/attach/ws HTTP/1.1\r\nHost: d\r\n\r\n");
  const stage = new ClientStream(
    new Call(describeRequest(head, parseRequestHead(head)), server, new ConnectionReader(server)),
    true,
  );
  for (const [kind, text] of sent) client.write(encodeWebsocketFrame(kind, Buffer.from(text)));
  client.end();
  return stage;
}

/** What is said of a recorded message when the client sends these. */
async function complaintAbout(opcode: WebsocketEvent["opcode"], payload: string, ...sent: [WebsocketOpcode, string][]) {
  const complaint = await new WebsocketReader().compare(streamOf(sent), {
    kind: "ws",
    from: "client",
    opcode,
    payload: Buffer.from(payload),
  });
  return complaint && formatMismatch(complaint, "c.yaml:1");
}

test.each<[string, WebsocketEvent["opcode"], string, [WebsocketOpcode, string][]]>([
  ["the same message", "text", "ping\n", [["text", "ping\n"]]],
  ["the same bytes in the other opcode", "text", "ping\n", [["binary", "ping\n"]]],
  [
    "pings before the message",
    "text",
    "a",
    [
      ["ping", ""],
      ["pong", ""],
      ["text", "a"],
    ],
  ],
  ["a close with another code", "close", "\u0003\u00e8", [["close", ""]]],
  ["a connection that ends where it was closed", "close", "", []],
])("%s is taken", async (_, opcode, payload, sent) => {
  expect(await complaintAbout(opcode, payload, ...sent)).toBeUndefined();
});

test.each<[string, WebsocketEvent["opcode"], string, [WebsocketOpcode, string][], string]>([
  ["another message", "text", "ping\n", [["text", "pong\n"]], 'expected "ping\\n", got "pong\\n"'],
  ["a message where it closed", "close", "", [["text", "more"]], 'got "more"'],
  ["a close where it spoke", "text", "ping\n", [["close", ""]], 'expected "ping\\n"'],
  ["silence where it spoke", "text", "ping\n", [], "the client closed its half"],
])("%s is a mismatch that shows both", async (_, opcode, payload, sent, shown) => {
  expect(await complaintAbout(opcode, payload, ...sent)).toContain(shown);
});

test.each<[string, [WebsocketOpcode, string][], string | undefined]>([
  ["nothing", [], undefined],
  [
    "pings and a close",
    [
      ["ping", "a"],
      ["close", ""],
    ],
    undefined,
  ],
  ["a message", [["text", "rm -rf /"]], "rm -rf /"],
])("behind the last recorded message, %s is read", async (_, sent, expected) => {
  expect((await new WebsocketReader().readSurplus(streamOf(sent)))?.toString()).toBe(expected);
});
