/** Further commands in a container that runs. */

import { expect } from "vitest";
import { runtimeOf } from "../../../src/mock/runtime/engine-runtime.ts";
import { RAW_STREAM } from "../../playbook/http.ts";
import { unframed } from "../../playbook/mocked.ts";
import { answers, type Before, noSuch, type Row, row, SINCE_1_18, struck } from "./row.ts";

const ECHO = { AttachStdout: true, Cmd: ["echo", "hello"] };
const NO_EXEC = "No such exec instance: nosuch";

function created(body: Record<string, unknown> = ECHO): Before {
  return { asks: "POST /containers/web/exec", body, keeps: "exec" };
}

const RUNNING: readonly Before[] = [
  created({ Cmd: ["sleep", "600"], Tty: true }),
  { asks: "POST /exec/{exec}/start", body: { Detach: true } },
];

const create = row(
  "POST /containers/{id}/exec",
  "Exec Create",
  answers(201, "it is there, to be started", {
    of: "web",
    body: { ...ECHO, AttachStdin: true, AttachStderr: true, Tty: true },
    shape: { Id: "text", Warnings: "list" },
    misfits: ["Warnings: missing"],
    otherwise: "there is nothing to be warned of",
  }),
  noSuch("container", "No such container: nosuch", { body: ECHO }),
  answers(409, "the container is paused", {
    of: "web",
    first: ["POST /containers/web/pause"],
    body: ECHO,
    says: "is paused, unpause the container before exec",
  }),
  struck(500, "web", { body: ECHO, otherwise: "no word of a command is told with 400" }),
);

const start = row(
  "POST /exec/{id}/start",
  "Exec Start",
  answers(200, "what it says", {
    of: "{exec}",
    first: [created()],
    body: { Detach: false, Tty: false },
    type: RAW_STREAM,
    holds: ({ text }) => expect(unframed(text)).toBe("hello\n"),
  }),
  answers(200, "it was started, and nobody listens", {
    of: "{exec}",
    first: [created()],
    body: { Detach: true },
    type: undefined,
    holds: ({ text }) => expect(text).toBe(""),
  }),
  noSuch("exec instance", NO_EXEC, { body: { Detach: false, Tty: false } }),
  answers(409, "the container is paused", {
    of: "{exec}",
    first: [created(), "POST /containers/web/pause"],
    body: { Detach: true },
    says: "is paused, unpause the container before exec",
  }),
);

const resize = row(
  "POST /exec/{id}/resize",
  "Exec Resize",
  answers(201, "its terminal has another size", {
    at: SINCE_1_18,
    instead: 200,
    otherwise: "it is 200, and without a type",
    of: "{exec}",
    first: RUNNING,
    query: "h=40&w=80",
    type: undefined,
    holds: (_, { engine }) => {
      const [run] = runtimeOf(engine, engine.containers.find("web")).execRuns.values();
      expect(run?.terminal?.window).toEqual({ rows: 40, columns: 80 });
    },
  }),
  noSuch("exec instance", NO_EXEC, { query: "h=40&w=80" }),
);

const inspect = row(
  "GET /exec/{id}/json",
  "Exec Inspect",
  answers(200, "all of it", {
    of: "{exec}",
    first: RUNNING,
    shape: {
      ID: "text",
      Running: "flag",
      ExitCode: "number?",
      ProcessConfig: { privileged: "flag", user: "text", tty: "flag", entrypoint: "text", arguments: ["text"] },
      OpenStdin: "flag",
      OpenStderr: "flag",
      OpenStdout: "flag",
      Container: "map",
    },
    misfits: ["Container: missing", "ProcessConfig.user: missing"],
    otherwise: "of its container only the id is told, and no user where none was named; it is JSON, and says so",
  }),
  noSuch("exec instance", NO_EXEC),
  struck(500, "{exec}", { first: RUNNING }),
);

export const exec: readonly Row[] = [create, start, resize, inspect];
