/** Exchanges that one side does not see to their end. */
import {
  answer,
  encodeChunkedAnswer,
  encodeHead,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  request,
  UPGRADED,
} from "../../playbook/http.ts";
import { ATTACH, ID, type Kind, LOGS } from "./kind.ts";

const NOT_FOUND = '{"message":"No such container: web"}\n';
const RAW_LOGS = answer("200 OK", { late: ["Transfer-Encoding: chunked"] });

export const BREAKS: readonly Kind[] = [
  {
    kind: "a client that hangs up early",
    scenario: async ({ talk }) => {
      const { asks, answers, clientLeaves } = await talk();
      await asks(request("GET /v1.41/events"));
      await answers(encodeChunkedAnswer("200 OK"), encodeTextChunk('{"status":"start"}\n'));
      await clientLeaves();
    },
    cassette: `---
request: GET /v1.41/events
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - jsonl: {"status":"start"}
  - eof: client
`,
  },
  {
    kind: "a client that hangs up before it is answered",
    scenario: async ({ talk }) => {
      const { asks, clientLeaves } = await talk();
      await asks(request("GET /v1.41/containers/web/stats?stream=0"));
      await clientLeaves();
    },
    cassette: `---
request: GET /v1.41/containers/web/stats?stream=0
response: none
stream:
  - eof: client
`,
  },
  {
    kind: "run -d: an abandoned wait, and what the daemon still sent",
    scenario: async ({ talk }) => {
      const { asks, answers, clientEnds, answersNobody } = await talk();
      await asks(request(`POST /v1.41/containers/${ID}/wait?condition=next-exit`));
      await answers(encodeChunkedAnswer("200 OK"));
      await clientEnds();
      await answersNobody(encodeTextChunk('{"Error":{"Message":"context canceled"},"StatusCode":-1}\n'), LAST_CHUNK);
    },
    cassette: `---
request: POST /v1.41/containers/${ID}/wait?condition=next-exit
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - eof: client
  - jsonl: {"Error":{"Message":"context canceled"},"StatusCode":-1}
`,
  },
  {
    kind: "a daemon that breaks off inside a body",
    scenario: async ({ talk }) => {
      const { asks, answers, daemonResets } = await talk();
      await asks(request("GET /v1.41/containers/json"));
      await answers(
        answer("200 OK", { own: ["Content-Type: application/json"], late: ["Content-Length: 100"] }),
        '[{"Id":',
      );
      await daemonResets();
    },
    cassette: `---
request: GET /v1.41/containers/json
response:
  status: 200 OK
  head:
    - "Api-Version: 1.41"
    - "Content-Type: application/json"
    - "Docker-Experimental: false"
    - "Ostype: linux"
    - "Server: Docker/20.10.24 (linux)"
    - "Date: Fri, 20 Nov 2026 00:00:00 GMT"
    - "Content-Length: 100"
  framing: length
stream:
  - text: "[{\\"Id\\":"
  - reset
`,
  },
  {
    kind: "a daemon that breaks off inside a stream",
    scenario: async ({ talk }) => {
      const { asks, answers, daemonResets } = await talk();
      await asks(LOGS);
      await answers(RAW_LOGS, encodeTextChunk(encodeTextFrame("stdout", "one\n")));
      await daemonResets();
    },
    cassette: `---
request: GET /v1.41/containers/${ID}/logs?stdout=1
response: 200 OK
stream:
  - stdout: "one\\n"
  - reset
`,
  },
  {
    kind: "a daemon that breaks off inside a frame of a hijack",
    scenario: async ({ talk }) => {
      const { asks, answers, daemonResets } = await talk();
      await asks(ATTACH);
      await answers(UPGRADED, encodeTextFrame("stdout", "one\n"), encodeTextFrame("stdout", "two\n").slice(0, 10));
      await daemonResets();
    },
    cassette: `---
request: POST /v1.41/containers/${ID}/attach?stream=1&stdin=1&stdout=1&stderr=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - stdout: "one\\n"
  - text: "\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x04tw"
  - reset
`,
  },
  {
    kind: "an early 404 while the client uploads",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      const fields = ["Host: docker", "Content-Type: application/x-tar", "Transfer-Encoding: chunked"];
      await asks(
        encodeHead("PUT /v1.41/containers/web/archive?path=/ HTTP/1.1", fields),
        encodeTextChunk("t".repeat(600)),
      );
      const late = [`Content-Length: ${NOT_FOUND.length}`, "Connection: close"];
      await answers(answer("404 Not Found", { own: ["Content-Type: application/json"], late, body: NOT_FOUND }));
    },
    cassette: `---
request:
  line: PUT /v1.41/containers/web/archive?path=/
  headers: {Content-Type: application/x-tar}
  partial: true
response:
  status: 404 Not Found
  headers: {Content-Type: application/json, Connection: close}
  json: {"message":"No such container: web"}
`,
  },
  {
    kind: "a client that leaves when it is asked for its body",
    scenario: async ({ talk }) => {
      const { asks, answers, clientLeaves } = await talk();
      const fields = ["Host: docker", "Content-Length: 2", "Expect: 100-continue"];
      await asks(encodeHead("POST /v1.41/containers/create HTTP/1.1", fields));
      await answers("HTTP/1.1 100 Continue\r\n\r\n");
      await clientLeaves();
    },
    cassette: `---
request:
  line: POST /v1.41/containers/create
  partial: true
response: none
stream:
  - eof: client
`,
  },
];
