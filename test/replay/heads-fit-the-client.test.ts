import { describe, expect, test } from "vitest";
import {
  encodeChunkedAnswer,
  encodeHead,
  encodeJsonAnswer,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  RAW_OK,
  RAW_STREAM,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

/** An attach whose stream is these events. */
function attached(...events: readonly string[]): string {
  const stream = events.map((event) => `  - ${event}\n`).join("");
  return `---
request: POST /v1.41/containers/web/attach?stream=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: ${RAW_STREAM}}
stream:
${stream}`;
}

describe("a head", () => {
  test("of an upgrade and what follows it are two writes (docker-py loses what shares a segment with the head)", async () => {
    const connection = new Theatre(attached('stdout: "a"', "eof: daemon")).connect();
    void connection.write(upgradeRequest("POST /v1.41/containers/web/attach?stream=1"));
    expect(String(await connection.read())).toBe(UPGRADED);
    expect(String(await connection.read())).toBe(encodeTextFrame("stdout", "a"));
  });

  test.each(["docker-sdk-python/7.1.0", "docker-compose/1.29.2 docker-py/5.0.3"])(
    "is read by %s, which reads ahead, before anything follows it",
    async (userAgent) => {
      const theatre = new Theatre(attached('stdout: "a"', "eof: daemon"));
      const client = theatre.client();
      const headers = [`User-Agent: ${userAgent} Linux/6.1`, "Connection: Upgrade", "Upgrade: tcp"];
      await client.sends(request("POST /v1.41/containers/web/attach?stream=1", { headers }));
      await client.hears(UPGRADED);
      await theatre.passes(49);
      await client.hearsNothing();
      await theatre.passes(1);
      await client.hears(encodeTextFrame("stdout", "a"));
    },
  );

  test("has longer to be read on a machine that is busy, where the client is late as well", async () => {
    const theatre = new Theatre(attached('stdout: "a"', "eof: daemon"));
    const client = theatre.client();
    const headers = ["User-Agent: docker-sdk-python/7.1.0", "Connection: Upgrade", "Upgrade: tcp"];
    await client.sends(request("POST /v1.41/containers/web/attach?stream=1", { headers }));
    await client.hears(UPGRADED);
    await theatre.passes(50 + 6);
    await client.hearsNothing();
    await theatre.passes(50);
    await client.hears(encodeTextFrame("stdout", "a"));
  });

  test("answers a websocket's own key, not the recorded one", async () => {
    const recorded = `---
request:
  line: GET /v1.41/containers/web/attach/ws
  headers: {Upgrade: websocket}
response:
  status: 101 Switching Protocols
  head:
    - "Upgrade: websocket"
    - "Connection: Upgrade"
    - "Sec-WebSocket-Accept: of-another-key"
stream:
  - ws: {from: client, text: "hi"}
  - ws: {from: daemon, base64: "aGk="}
  - ws: {from: daemon, close: 1000}
  - eof: daemon
`;
    const client = new Theatre(recorded).client();
    const upgrade = ["Upgrade: websocket", "Connection: Upgrade"];
    await client.sends(
      request("GET /v1.41/containers/web/attach/ws", {
        headers: [...upgrade, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
      }),
    );
    await client.hears(
      encodeHead("HTTP/1.1 101 Switching Protocols", [
        ...upgrade,
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      ]),
    );
    await client.hearsNothing();
    await client.sends(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
    await client.hears(Buffer.from([0x82, 2, 0x68, 0x69]), Buffer.from([0x88, 2, 3, 0xe8]));
    await client.hearsEnd();
  });

  test("of HTTP/1.0 has no chunks: a body that was recorded in chunks ends with the connection", async () => {
    const info = `---\nrequest: GET /v1.41/info\nresponse:\n  status: 200 OK\n  text: "${"x".repeat(3000)}"\n`;
    const logs = '---\nrequest: GET /v1.41/containers/web/logs\nresponse: 200 OK\nstream:\n  - stdout: "a\\n"\n';
    for (const [target, body] of [
      ["/v1.41/info", "x".repeat(3000)],
      ["/v1.41/containers/web/logs", encodeTextFrame("stdout", "a\n")],
    ] as const) {
      const client = new Theatre(info + logs).client();
      await client.sends(`GET ${target} HTTP/1.0\r\n\r\n`);
      const [fields, heard] = (await client.hearsAll()).split("\r\n\r\n");
      expect(fields).toMatch(/^HTTP\/1\.0 200 OK\r\n/);
      expect(fields).not.toContain("Transfer-Encoding");
      expect(heard).toBe(body);
    }
  });

  test("that has `Connection: close` keeps it, however the cassette has it", async () => {
    const gone = (headers: string): string =>
      `---\nrequest: GET /v1.41/info\nresponse:\n  status: 400 Bad Request\n${headers}  text: "no"\n`;
    for (const headers of [
      "  headers: {Connection: close}\n",
      '  head:\n    - "Content-Length: 2"\n    - "connection: close"\n',
    ]) {
      const client = new Theatre(gone(headers)).client();
      await client.sends(request("GET /v1.41/info"));
      await client.hearsUpTo("no");
      await client.hearsEnd();
    }
  });

  test("has it for a client that asked for it, and for no other", async () => {
    const client = new Theatre(
      "---\nrequest: GET /v1.41/info\nresponse:\n  status: 200 OK\n  headers: {Content-Type: application/json}\n  json: {}\n",
    ).client();
    await client.sends(request("GET /v1.41/info"));
    await client.hears(encodeJsonAnswer("200 OK", "{}\n"));
    await client.sends(request("GET /v1.41/info", { headers: ["Connection: close"] }));
    await client.hears(encodeJsonAnswer("200 OK", "{}\n").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    await client.hearsEnd();
  });

  test("of a hijack without an upgrade is answered 200 and is raw", async () => {
    const client = new Theatre(
      attached('tty: "$ "', "eof: daemon").replace("status: 101 UPGRADED", "status: 200 OK\n  hijack: true"),
    ).client();
    await client.sends(request("POST /v1.41/containers/web/attach?stream=1"));
    await client.hears(RAW_OK, "$ ");
    await client.hearsEnd();
  });
});

describe("chunks", () => {
  test("of a stream end with the recorded trailers", async () => {
    const client = new Theatre(
      '---\nrequest: GET /v1.41/events\nresponse:\n  status: 200 OK\n  trailers: {X-Sum: "7"}\nstream:\n  - jsonl: 1\n',
    ).client();
    await client.sends(request("GET /v1.41/events"));
    await client.hears(encodeChunkedAnswer("200 OK", []), encodeTextChunk("1\n"), "0\r\nX-Sum: 7\r\n\r\n");
  });

  test("that were to be shared with an event that never comes are closed", async () => {
    const client = new Theatre(
      "---\nrequest: GET /v1.41/events\nresponse: 200 OK\nstream:\n  - jsonl: 1\n    joined: true\n",
    ).client();
    await client.sends(request("GET /v1.41/events"));
    await client.hears(encodeChunkedAnswer("200 OK", []), encodeTextChunk("1\n"), LAST_CHUNK);
  });

  test("of a body that was edited by hand contain all of it", async () => {
    const edited =
      '---\nrequest: GET /v1.41/info\nresponse:\n  status: 200 OK\n  framing: chunked\n  chunks: [2, 3]\n  text: "0123456789"\n';
    const client = new Theatre(edited).client();
    await client.sends(request("GET /v1.41/info"));
    await client.hears(
      encodeChunkedAnswer("200 OK", []),
      encodeTextChunk("01"),
      encodeTextChunk("234"),
      encodeTextChunk("56789"),
      LAST_CHUNK,
    );
  });
});
