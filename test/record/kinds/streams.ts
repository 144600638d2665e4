/** Answers that go on within HTTP. */
import {
  answer,
  encodeChunkedAnswer,
  encodeJsonAnswer,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  request,
} from "../../playbook/http.ts";
import { ID, type Kind, LOGS } from "./kind.ts";

const RAW_LOGS = answer("200 OK", { late: ["Transfer-Encoding: chunked"] });

export const STREAMS: readonly Kind[] = [
  {
    kind: "progress, a message a chunk, with its tempo",
    scenario: async ({ talk, passes }) => {
      const { asks, answers } = await talk();
      await asks(request("POST /v1.41/images/create?fromImage=alpine&tag=3.20"));
      await passes(40);
      await answers(encodeChunkedAnswer("200 OK"), encodeTextChunk('{"status":"Pulling","id":"3.20"}\r\n'));
      await passes(230);
      await answers(encodeTextChunk('{"status":"Downloading","progress":"[\\u003e  ]"}\r\n{"status":"Done"}\r\n'));
      await answers(LAST_CHUNK);
    },
    cassette: `---
request: POST /v1.41/images/create?fromImage=alpine&tag=3.20
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - progress: {"status":"Pulling","id":"3.20"}
  - wait: 200ms
  - progress: {"status":"Downloading","progress":"[\\u003e  ]"}
    joined: true
  - progress: {"status":"Done"}
`,
  },
  {
    kind: "progress that ends in an error",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(request("POST /v1.41/images/create?fromImage=nothing"));
      await answers(
        encodeChunkedAnswer("200 OK"),
        encodeTextChunk('{"errorDetail":{"message":"no"},"error":"no"}\r\n'),
        LAST_CHUNK,
      );
    },
    cassette: `---
request: POST /v1.41/images/create?fromImage=nothing
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - progress: {"errorDetail":{"message":"no"},"error":"no"}
`,
  },
  {
    kind: "logs in frames, one line each",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(LOGS);
      await answers(
        RAW_LOGS,
        encodeTextChunk(encodeTextFrame("stdout", "one\n")),
        encodeTextChunk(encodeTextFrame("stdout", "two\n")),
        encodeTextChunk(encodeTextFrame("stderr", "three\n")),
        LAST_CHUNK,
      );
    },
    cassette: `---
request: GET /v1.41/containers/${ID}/logs?stdout=1
response: 200 OK
stream:
  - stdout: |
      one
      two
    frames: lines
  - stderr: "three\\n"
`,
  },
  {
    kind: "frames split across chunks, and several in one chunk",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      const [a, b, c] = [
        encodeTextFrame("stdout", "aaaa"),
        encodeTextFrame("stderr", "bb"),
        encodeTextFrame("stdout", "c"),
      ];
      await asks(LOGS);
      await answers(
        RAW_LOGS,
        encodeTextChunk(a.slice(0, 10)),
        encodeTextChunk(a.slice(10)),
        encodeTextChunk(b + c + b),
        encodeTextChunk(b),
        encodeTextChunk(c),
        LAST_CHUNK,
      );
    },
    cassette: `---
request: GET /v1.41/containers/${ID}/logs?stdout=1
response: 200 OK
stream:
  - text: "\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x04aa"
  - text: "aa"
  - stderr: "bb"
    joined: true
  - stdout: "c"
    joined: true
  - stderr: "bb"
  - stderr: "bb"
  - stdout: "c"
`,
  },
  {
    kind: "logs of a terminal, which have no frames",
    scenario: async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(LOGS);
      await answers(RAW_LOGS, encodeTextChunk("one\r\n"), encodeTextChunk("\x1b[1mtwo\x1b[0m\r\n"), LAST_CHUNK);
    },
    cassette: `---
request: GET /v1.41/containers/${ID}/logs?stdout=1
response: 200 OK
stream:
  - text: "one\\r\\n"
  - text: "\\e[1mtwo\\e[0m\\r\\n"
`,
  },
  {
    kind: "a build by BuildKit that the classic builder of podman answers, in lines of its own",
    scenario: async ({ talk }) => {
      const session = await talk();
      await session.asks(request("POST /session", { headers: ["X-Docker-Expose-Session-Uuid: s1"] }));
      await session.answers(encodeJsonAnswer("404 Not Found", '{"message":"no session here"}\n'));
      const { asks, answers } = await talk();
      await asks(request("POST /v1.41/build?remote=client-session&session=s1&version=2"));
      await answers(
        encodeChunkedAnswer("200 OK"),
        encodeTextChunk('{"stream":"STEP 1"}\n'),
        encodeTextChunk('{"error":"no"}\n{"stream":"end"}\n'),
        LAST_CHUNK,
      );
    },
    cassette: `---
request: POST /session
response:
  status: 404 Not Found
  headers: {Content-Type: application/json}
  json: {"message":"no session here"}
---
request: POST /v1.41/build?remote=client-session&session=s1&version=2
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - jsonl: {"stream":"STEP 1"}
  - jsonl: {"error":"no"}
    joined: true
  - jsonl: {"stream":"end"}
`,
  },
];
