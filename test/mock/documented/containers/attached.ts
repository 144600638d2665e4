/** Who listens to a container, and talks with it. */

import { expect } from "vitest";
import { runtimeOf } from "../../../../src/mock/runtime/engine-runtime.ts";
import { fieldValue } from "../../../../src/wire/head.ts";
import { RAW_STREAM } from "../../../playbook/http.ts";
import { type Heard, unframed } from "../../../playbook/mocked.ts";
import { answers, noSuch, OLD, type Row, row, SINCE_1_18, struck } from "../row.ts";

const UPGRADE = ["Connection: Upgrade", "Upgrade: tcp"];
const WEBSOCKET = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Origin: http://docker",
];
/** moby takes the connection over before it looks: so even errors are told in a raw stream. */
const IN_THE_STREAM = { at: SINCE_1_18, type: RAW_STREAM };
const NO_SUCH_KEYS = { of: "web", query: "stream=1&stdout=1&detachKeys=nosuch", says: "nosuch" };

const attach = row(
  "POST /containers/{id}/attach",
  "Attach to a container",
  answers(101, "the client would leave HTTP", {
    of: "job",
    query: "logs=1&stream=0&stdout=1",
    headers: UPGRADE,
    type: RAW_STREAM,
    holds: (answer) => {
      expect(fieldValue(answer.head.fields, "Upgrade")).toBe("tcp");
      heardAs("begun\nover\n")(answer);
    },
  }),
  answers(200, "what it has said on stdout", {
    of: "job",
    query: "logs=1&stream=0&stdout=1",
    type: RAW_STREAM,
    holds: heardAs("begun\nover\n"),
  }),
  answers(200, "what it has said on stderr", {
    of: "job",
    query: "logs=1&stderr=1",
    type: RAW_STREAM,
    holds: heardAs("failed\n"),
  }),
  answers(200, "what it says from now on", {
    of: "chat",
    given: { containers: [{ name: "chat", image: "busybox", command: "sleep 1; echo late" }] },
    query: "stream=1&stdout=1",
    hears: 2000,
    type: RAW_STREAM,
    holds: heardAs("late\n"),
  }),
  answers(200, "what it makes of what the client says", {
    of: "chat",
    first: [
      {
        asks: "POST /containers/create?name=chat",
        body: { Image: "busybox", Cmd: ["cat"], OpenStdin: true, StdinOnce: true, AttachStdin: true },
      },
      "POST /containers/chat/start",
    ],
    query: "stream=1&stdin=1&stdout=1",
    says: "hello",
    type: RAW_STREAM,
    sends: "hello\n",
  }),
  answers(400, "there are no such keys to leave it by", { at: OLD, ...NO_SUCH_KEYS }),
  answers(400, "there are no such keys to leave it by", { ...NO_SUCH_KEYS, ...IN_THE_STREAM }),
  noSuch("container", "No such container: nosuch", { at: OLD, query: "stream=1&stdout=1" }),
  noSuch("container", "No such container: nosuch", { query: "stream=1&stdout=1", ...IN_THE_STREAM }),
  struck(500, "web", { query: "stream=1&stdout=1" }),
);

const websocket = row(
  "GET /containers/{id}/attach/ws",
  "Attach to a container (websocket)",
  answers(200, "what it has said, as messages", {
    instead: 101,
    otherwise: "it is a websocket from its head on, as RFC 6455 wants it",
    of: "job",
    query: "logs=1&stdout=1",
    headers: WEBSOCKET,
    type: undefined,
    says: /begun\n.*over\n/s,
  }),
  answers(200, "what it has said on stderr, as messages", {
    instead: 101,
    otherwise: "it is a websocket from its head on, as RFC 6455 wants it",
    of: "job",
    query: "logs=1&stderr=1&stream=0&stdin=0",
    headers: WEBSOCKET,
    type: undefined,
    says: "failed\n",
  }),
  answers(400, "it was asked for without a websocket", {
    of: "web",
    query: "stream=1&stdout=1",
    type: undefined,
    says: "not websocket protocol",
  }),
  noSuch("container", "No such container: nosuch", { headers: WEBSOCKET }),
  struck(500, "web", { headers: WEBSOCKET }),
);

const resize = row(
  "POST /containers/{id}/resize",
  "Resize a container TTY",
  answers(200, "its terminal has another size", {
    at: SINCE_1_18,
    otherwise: "an answer without a body says no type",
    of: "shell",
    given: { containers: [{ name: "shell", image: "busybox", tty: true }] },
    query: "h=40&w=80",
    type: undefined,
    holds: (_, { engine }) => {
      const { run } = runtimeOf(engine, engine.containers.find("shell"));
      expect(run?.terminal?.window).toEqual({ rows: 40, columns: 80 });
    },
  }),
  noSuch("container", "No such container: nosuch", { query: "h=40&w=80" }),
  struck(500, "web", { query: "h=40&w=80", otherwise: "what has no terminal any more is told with 409" }),
);

export const containersAttached: readonly Row[] = [attach, websocket, resize];

function heardAs(wanted: string): (answer: Heard) => void {
  return ({ text }) => expect(unframed(text)).toBe(wanted);
}
