/** Connections that leave HTTP. */
import {
  encodeChunkedAnswer,
  encodeHead,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  NO_CONTENT,
  RAW_OK,
  RAW_STREAM,
  request,
  UPGRADED,
  upgradeRequest,
} from "../../playbook/http.ts";
import { ATTACH, ID, type Kind, STARTED } from "./kind.ts";

export const HIJACKS: readonly Kind[] = [
  {
    kind: "run: attach, wait with its early head, start",
    scenario: async ({ talk, passes }) => {
      const [api, attach, start] = [await talk(), await talk(), await talk()];
      await attach.asks(ATTACH);
      await attach.answers(UPGRADED);
      await api.asks(request(`POST /v1.41/containers/${ID}/wait?condition=next-exit`));
      await api.answers(encodeChunkedAnswer("200 OK"));
      await passes(20);
      await start.asks(STARTED);
      await passes(60);
      await attach.answers(encodeTextFrame("stdout", "hello\n"));
      await start.answers(NO_CONTENT);
      await attach.daemonEnds();
      await passes(20);
      await api.answers(encodeTextChunk('{"Error":null,"StatusCode":6}\n'), LAST_CHUNK);
    },
    cassette: `---
request: POST /v1.41/containers/${ID}/attach?stream=1&stdin=1&stdout=1&stderr=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - cue: start
  - wait: 50ms
  - stdout: "hello\\n"
  - mark: said
  - eof: daemon
---
request: POST /v1.41/containers/${ID}/wait?condition=next-exit
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - cue: start
  - until: said
  - wait: 20ms
  - jsonl: {"Error":null,"StatusCode":6}
---
name: start
request: POST /v1.41/containers/${ID}/start
response: 204 No Content
`,
  },
  {
    kind: "attach answered 200, raw until the end",
    scenario: async ({ talk }) => {
      const { asks, answers, clientEnds, daemonEnds } = await talk();
      await asks(request(`POST /v1.41/containers/${ID}/attach?stream=1&stdin=1&stdout=1`));
      await answers(RAW_OK, encodeTextFrame("stdout", "ready\n"));
      await asks("go\n");
      await clientEnds();
      await answers(encodeTextFrame("stdout", "gone\n"), encodeTextFrame("stderr", "bye\n"));
      await daemonEnds();
    },
    cassette: `---
request: POST /v1.41/containers/${ID}/attach?stream=1&stdin=1&stdout=1
response:
  status: 200 OK
  headers: {Content-Type: application/vnd.docker.raw-stream}
  hijack: true
stream:
  - stdout: "ready\\n"
  - stdin: "go\\n"
  - eof: client
  - stdout: "gone\\n"
  - stderr: "bye\\n"
  - eof: daemon
`,
  },
  {
    kind: "a terminal: exec with an upgrade",
    scenario: async ({ talk }) => {
      const { asks, answers, daemonEnds } = await talk();
      const common = [
        "Api-Version: 1.41",
        "Docker-Experimental: false",
        "Ostype: linux",
        "Server: Docker/20.10.24 (linux)",
      ];
      await asks(upgradeRequest("POST /v1.41/exec/77ab10/start", '{"Detach":false,"Tty":true}'));
      await answers(
        encodeHead("HTTP/1.1 101 UPGRADED", [
          `Content-Type: ${RAW_STREAM}`,
          "Connection: Upgrade",
          "Upgrade: tcp",
          ...common,
        ]),
      );
      await answers("\x1b[1;32m/ # \x1b[0m");
      await asks("ls\r");
      await answers("ls\r\n", "bin   dev\r\n");
      await asks("\x04");
      await daemonEnds();
    },
    cassette: `---
request:
  line: POST /v1.41/exec/77ab10/start
  json-bare: {"Detach":false,"Tty":true}
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - tty: "\\e[1;32m/ # \\e[0m"
  - stdin: "ls\\r"
  - tty: "ls\\r\\nbin   dev\\r\\n"
  - stdin: "\\x04"
  - eof: daemon
`,
  },
  {
    kind: "stdin, half-close, and output after it",
    scenario: async ({ talk }) => {
      const { asks, answers, clientEnds, daemonEnds } = await talk();
      await asks(ATTACH);
      await answers(UPGRADED);
      await asks("two\n", "lines\n");
      await clientEnds();
      await answers(encodeTextFrame("stdout", "two\n"), encodeTextFrame("stdout", "lines\n"));
      await daemonEnds();
    },
    cassette: `---
request: POST /v1.41/containers/${ID}/attach?stream=1&stdin=1&stdout=1&stderr=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - stdin: |
      two
      lines
  - eof: client
  - stdout: |
      two
      lines
    frames: lines
  - eof: daemon
`,
  },
  {
    kind: "stdin that came along with the request",
    scenario: async ({ talk }) => {
      const { asks, answers, daemonEnds } = await talk();
      await asks(Buffer.concat([ATTACH, Buffer.from("early\n")]));
      await answers(UPGRADED + encodeTextFrame("stdout", "early\n"));
      await daemonEnds();
    },
    cassette: `---
request: POST /v1.41/containers/${ID}/attach?stream=1&stdin=1&stdout=1&stderr=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - stdin: "early\\n"
  - stdout: "early\\n"
  - eof: daemon
`,
  },
  {
    kind: "a websocket",
    scenario: async ({ talk }) => {
      const { asks, answers, daemonEnds } = await talk();
      const upgrade = ["Upgrade: websocket", "Connection: Upgrade"];
      await asks(
        request(`GET /v1.41/containers/${ID}/attach/ws?stream=1`, {
          headers: [...upgrade, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
        }),
      );
      await answers(
        encodeHead("HTTP/1.1 101 Switching Protocols", [
          ...upgrade,
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        ]),
      );
      await asks(Buffer.from([0x82, 0x82, 1, 2, 3, 4, 0x68 ^ 1, 0x69 ^ 2]));
      await answers(
        Buffer.from([0x82, 2, 0x68, 0x69]),
        Buffer.from([0x81, 3, 0x6f, 0x6e, 0x65]),
        Buffer.from([0x88, 2, 3, 0xe8]),
      );
      await daemonEnds();
    },
    cassette: `---
request:
  line: GET /v1.41/containers/${ID}/attach/ws?stream=1
  headers: {Upgrade: websocket}
response:
  status: 101 Switching Protocols
  head:
    - "Upgrade: websocket"
    - "Connection: Upgrade"
    - "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
stream:
  - ws: {from: client, base64: "aGk="}
  - ws: {from: daemon, base64: "aGk="}
  - ws: {from: daemon, text: "one"}
  - ws: {from: daemon, close: 1000}
  - eof: daemon
`,
  },
];
