/** Answers whose end is known. */
import {
  answer,
  encodeChunkedAnswer,
  encodeHead,
  encodeJsonAnswer,
  encodeJsonRequest,
  encodeTextChunk,
  LAST_CHUNK,
  NO_CONTENT,
  RAW_STREAM,
  request,
} from "../../playbook/http.ts";
import { ID, type Kind, STARTED } from "./kind.ts";

const LONG = "x".repeat(3000);

export const BODIES: readonly Kind[] = [
  {
    kind: "a plain answer with its length",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(encodeJsonRequest("POST /v1.41/containers/create?name=web", { Image: "alpine:3.20", Cmd: ["cat"] }));
      await answers(encodeJsonAnswer("201 Created", `{"Id":"${ID}","Warnings":[]}\n`));
    },
    cassette: `---
request:
  line: POST /v1.41/containers/create?name=web
  json-bare: {"Image":"alpine:3.20","Cmd":["cat"]}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {"Id":"${ID}","Warnings":[]}
`,
  },
  {
    kind: "an answer that is too long for a length, in one chunk",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(request("GET /v1.41/info"));
      await answers(
        encodeChunkedAnswer("200 OK", ["Content-Type: text/plain"]),
        encodeTextChunk(`${LONG}\n`),
        LAST_CHUNK,
      );
    },
    cassette: `---
request: GET /v1.41/info
response:
  status: 200 OK
  headers: {Content-Type: text/plain}
  text: "${LONG}\\n"
`,
  },
  {
    kind: "a body in odd chunks, with trailers",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(request("GET /v1.41/version"));
      await answers(
        encodeChunkedAnswer("200 OK"),
        encodeTextChunk("{"),
        encodeTextChunk('"a":'),
        encodeTextChunk("1}\n"),
        "0\r\nX-Sum: 7\r\n\r\n",
      );
    },
    cassette: `---
request: GET /v1.41/version
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  framing: chunked
  chunks: [1, 4, 3]
  trailers: {X-Sum: "7"}
  json: {"a":1}
`,
  },
  {
    kind: "a body that ends with the connection",
    scenario: async ({ talk }) => {
      const { asks, answers, daemonEnds } = await talk();
      await asks(request("POST /v1.41/containers/web/attach?stream=1"));
      await answers(
        encodeHead("HTTP/1.1 404 Not Found", [`Content-Type: ${RAW_STREAM}`]),
        "No such container: web\r\n",
      );
      await daemonEnds();
    },
    cassette: `---
request: POST /v1.41/containers/web/attach?stream=1
response:
  status: 404 Not Found
  head:
    - "Content-Type: application/vnd.docker.raw-stream"
  framing: close
  text: "No such container: web\\r\\n"
`,
  },
  {
    kind: "HEAD, whose length has no body",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      const own = [
        "Cache-Control: no-cache",
        "Content-Length: 0",
        "Content-Type: text/plain; charset=utf-8",
        "Pragma: no-cache",
      ];
      await asks(request("HEAD /_ping"));
      await answers(answer("200 OK", { own }));
      await asks(request("HEAD /v1.41/containers/web/archive?path=/x"));
      await answers(answer("404 Not Found", { own: ["Content-Type: application/json"], late: ["Content-Length: 64"] }));
    },
    cassette: `---
request: HEAD /_ping
response:
  status: 200 OK
  headers: {Cache-Control: no-cache, Content-Length: "0", Content-Type: text/plain; charset=utf-8, Pragma: no-cache}
---
request: HEAD /v1.41/containers/web/archive?path=/x
response:
  status: 404 Not Found
  head:
    - "Api-Version: 1.41"
    - "Content-Type: application/json"
    - "Docker-Experimental: false"
    - "Ostype: linux"
    - "Server: Docker/20.10.24 (linux)"
    - "Date: Fri, 20 Nov 2026 00:00:00 GMT"
    - "Content-Length: 64"
`,
  },
  {
    kind: "204, which has no body",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(STARTED);
      await answers(NO_CONTENT);
    },
    cassette: `---
request: POST /v1.41/containers/${ID}/start
response: 204 No Content
`,
  },
  {
    kind: "pipelined requests",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(Buffer.concat([request("GET /v1.41/version"), STARTED, request("GET /v1.41/version")]));
      await answers(encodeJsonAnswer("200 OK", '{"n":1}\n'), NO_CONTENT + encodeJsonAnswer("200 OK", '{"n":2}\n'));
    },
    cassette: `---
request: GET /v1.41/version
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: {"n":1}
---
request: POST /v1.41/containers/${ID}/start
response: 204 No Content
---
request: GET /v1.41/version
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: {"n":2}
`,
  },
  {
    kind: "a body that waits for 100 Continue",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      const fields = ["Host: docker", "Expect: 100-continue", "Content-Length: 2"];
      await asks(encodeHead("POST /v1.41/networks/create HTTP/1.1", fields));
      await answers("HTTP/1.1 100 Continue\r\n\r\n");
      await asks("{}");
      await answers(encodeJsonAnswer("201 Created", '{"Id":"n1","Warning":""}\n'));
    },
    cassette: `---
request:
  line: POST /v1.41/networks/create
  json-bare: {}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {"Id":"n1","Warning":""}
`,
  },
  {
    kind: "an error in plain text, under API 1.24",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      const own = ["Content-Type: text/plain; charset=utf-8", "X-Content-Type-Options: nosniff"];
      await asks(request("GET /v1.23/containers/nope/json"));
      await answers(answer("404 Not Found", { own, late: ["Content-Length: 24"], body: "No such container: nope\n" }));
    },
    cassette: `---
request: GET /v1.23/containers/nope/json
response:
  status: 404 Not Found
  headers: {Content-Type: text/plain; charset=utf-8, X-Content-Type-Options: nosniff}
  text: "No such container: nope\\n"
`,
  },
  {
    kind: "HTTP/1.0, whose answer ends with the connection",
    scenario: async ({ talk }) => {
      const { asks, answers, daemonEnds } = await talk();
      await asks("GET /v1.41/info HTTP/1.0\r\n\r\n");
      await answers(
        answer("200 OK", { own: ["Content-Type: application/json"] }).replace("HTTP/1.1", "HTTP/1.0"),
        "[1,2]\n",
      );
      await daemonEnds();
    },
    cassette: `---
request: GET /v1.41/info
response:
  status: 200 OK
  head:
    - "Api-Version: 1.41"
    - "Content-Type: application/json"
    - "Docker-Experimental: false"
    - "Ostype: linux"
    - "Server: Docker/20.10.24 (linux)"
    - "Date: Fri, 20 Nov 2026 00:00:00 GMT"
  framing: close
  json: [1,2]
`,
  },
];
