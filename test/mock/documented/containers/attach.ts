/** Endpoints that attach a client to a container. */

import { expect } from "vitest";
import { getRuntime } from "../../../../src/mock/runtime/engine-runtime.ts";
import { findFieldValue } from "../../../../src/wire/http/head.ts";
import { RAW_STREAM } from "../../../playbook/http.ts";
import { decodeFrames, type TestResponse } from "../../../playbook/mocked.ts";
import {
  type EndpointRow,
  endpointRow,
  OLD,
  respondsByFault,
  respondsNotFound,
  respondsWith,
  SINCE_1_18,
  type StatusCase,
} from "../endpoint-row.ts";

const UPGRADE = ["Connection: Upgrade", "Upgrade: tcp"];
const WEBSOCKET = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Origin: http://docker",
];
/** moby hijacks the connection before it checks the container, so even errors go out as a raw stream. */
const IN_THE_STREAM = { versions: SINCE_1_18, contentType: RAW_STREAM } satisfies Partial<StatusCase>;
const NO_SUCH_KEYS = {
  pathValue: "web",
  query: "stream=1&stdout=1&detachKeys=nosuch",
  matches: "nosuch",
} satisfies Partial<StatusCase>;

const attach = endpointRow(
  "POST /containers/{id}/attach",
  "Attach to a container",
  respondsWith(101, "the client requests an upgrade", {
    pathValue: "job",
    query: "logs=1&stream=0&stdout=1",
    headers: UPGRADE,
    contentType: RAW_STREAM,
    check: (answer) => {
      expect(findFieldValue(answer.head.fields, "Upgrade")).toBe("tcp");
      expectStreams("begun\nover\n")(answer);
    },
  }),
  respondsWith(200, "its past output on stdout", {
    pathValue: "job",
    query: "logs=1&stream=0&stdout=1",
    contentType: RAW_STREAM,
    check: expectStreams("begun\nover\n"),
  }),
  respondsWith(200, "its past output on stderr", {
    pathValue: "job",
    query: "logs=1&stderr=1",
    contentType: RAW_STREAM,
    check: expectStreams("failed\n"),
  }),
  respondsWith(200, "its later output", {
    pathValue: "chat",
    setup: { containers: [{ name: "chat", image: "busybox", command: "sleep 3; echo late" }] },
    query: "stream=1&stdout=1",
    listensMs: 4000,
    contentType: RAW_STREAM,
    check: expectStreams("late\n"),
  }),
  respondsWith(200, "its output for the client's input", {
    pathValue: "chat",
    first: [
      {
        asks: "POST /containers/create?name=chat",
        body: { Image: "busybox", Cmd: ["cat"], OpenStdin: true, StdinOnce: true, AttachStdin: true },
      },
      "POST /containers/chat/start",
    ],
    query: "stream=1&stdin=1&stdout=1",
    matches: "hello",
    contentType: RAW_STREAM,
    sendsAfterHead: "hello\n",
  }),
  respondsWith(400, "the detach keys are invalid", { versions: OLD, ...NO_SUCH_KEYS }),
  respondsWith(400, "the detach keys are invalid", { ...NO_SUCH_KEYS, ...IN_THE_STREAM }),
  respondsNotFound("container", "No such container: nosuch", { versions: OLD, query: "stream=1&stdout=1" }),
  respondsNotFound("container", "No such container: nosuch", { query: "stream=1&stdout=1", ...IN_THE_STREAM }),
  respondsByFault(500, "web", { query: "stream=1&stdout=1" }),
);

const websocket = endpointRow(
  "GET /containers/{id}/attach/ws",
  "Attach to a container (websocket)",
  respondsWith(200, "its past output, as messages", {
    realStatus: 101,
    realDifference: "it is a websocket from its head on, as RFC 6455 wants it",
    pathValue: "job",
    query: "logs=1&stdout=1",
    headers: WEBSOCKET,
    contentType: undefined,
    matches: /begun\n.*over\n/s,
  }),
  respondsWith(200, "its past output on stderr, as messages", {
    realStatus: 101,
    realDifference: "it is a websocket from its head on, as RFC 6455 wants it",
    pathValue: "job",
    query: "logs=1&stderr=1&stream=0&stdin=0",
    headers: WEBSOCKET,
    contentType: undefined,
    matches: "failed\n",
  }),
  respondsWith(400, "the request is not a websocket handshake", {
    pathValue: "web",
    query: "stream=1&stdout=1",
    contentType: undefined,
    matches: "not websocket protocol",
  }),
  respondsNotFound("container", "No such container: nosuch", { headers: WEBSOCKET }),
  respondsByFault(500, "web", { headers: WEBSOCKET }),
);

const resize = endpointRow(
  "POST /containers/{id}/resize",
  "Resize a container TTY",
  respondsWith(200, "the terminal has another size", {
    versions: SINCE_1_18,
    realDifference: "an answer without a body says no type",
    pathValue: "shell",
    setup: { containers: [{ name: "shell", image: "busybox", tty: true }] },
    query: "h=40&w=80",
    contentType: undefined,
    check: (_, { engine }) => {
      const { run } = getRuntime(engine, engine.containers.find("shell"));
      expect(run?.terminal?.window).toEqual({ rows: 40, columns: 80 });
    },
  }),
  respondsNotFound("container", "No such container: nosuch", { query: "h=40&w=80" }),
  respondsByFault(500, "web", { query: "h=40&w=80", realDifference: "what has no terminal any more is told with 409" }),
);

export const containersAttach: readonly EndpointRow[] = [attach, websocket, resize];

function expectStreams(expected: string): (answer: TestResponse) => void {
  return ({ text }) => expect(decodeFrames(text)).toBe(expected);
}
