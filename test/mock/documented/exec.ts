/** Further commands in a container that runs. */

import { expect } from "vitest";
import { getRuntime } from "../../../src/mock/runtime/engine-runtime.ts";
import { RAW_STREAM } from "../../playbook/http.ts";
import { decodeFrames } from "../../playbook/mocked.ts";
import {
  type EndpointRow,
  endpointRow,
  respondsByFault,
  respondsNotFound,
  respondsWith,
  type SetupRequest,
  SINCE_1_18,
} from "./endpoint-row.ts";

const ECHO = { AttachStdout: true, Cmd: ["echo", "hello"] };
const NO_EXEC = "No such exec instance: nosuch";

function createExec(body: Record<string, unknown> = ECHO): SetupRequest {
  return { asks: "POST /containers/web/exec", body, keeps: "exec" };
}

const RUNNING: readonly SetupRequest[] = [
  createExec({ Cmd: ["sleep", "600"], Tty: true }),
  { asks: "POST /exec/{exec}/start", body: { Detach: true } },
];

const create = endpointRow(
  "POST /containers/{id}/exec",
  "Exec Create",
  respondsWith(201, "the exec exists", {
    pathValue: "web",
    body: { ...ECHO, AttachStdin: true, AttachStderr: true, Tty: true },
    shape: { Id: "text", Warnings: "list" },
    misfits: ["Warnings: missing"],
    realDifference: "there is nothing to be warned of",
  }),
  respondsNotFound("container", "No such container: nosuch", { body: ECHO }),
  respondsWith(409, "the container is paused", {
    pathValue: "web",
    first: ["POST /containers/web/pause"],
    body: ECHO,
    matches: "is paused, unpause the container before exec",
  }),
  respondsByFault(500, "web", { body: ECHO, realDifference: "no word of a command is told with 400" }),
);

const start = endpointRow(
  "POST /exec/{id}/start",
  "Exec Start",
  respondsWith(200, "the output", {
    pathValue: "{exec}",
    first: [createExec()],
    body: { Detach: false, Tty: false },
    contentType: RAW_STREAM,
    check: ({ text }) => expect(decodeFrames(text)).toBe("hello\n"),
  }),
  respondsWith(200, "it is started, detached", {
    pathValue: "{exec}",
    first: [createExec()],
    body: { Detach: true },
    contentType: undefined,
    check: ({ text }) => expect(text).toBe(""),
  }),
  respondsNotFound("exec instance", NO_EXEC, { body: { Detach: false, Tty: false } }),
  respondsWith(409, "the container is paused", {
    pathValue: "{exec}",
    first: [createExec(), "POST /containers/web/pause"],
    body: { Detach: true },
    matches: "is paused, unpause the container before exec",
  }),
);

const resize = endpointRow(
  "POST /exec/{id}/resize",
  "Exec Resize",
  respondsWith(201, "the terminal has another size", {
    versions: SINCE_1_18,
    realStatus: 200,
    realDifference: "it is 200, and without a type",
    pathValue: "{exec}",
    first: RUNNING,
    query: "h=40&w=80",
    contentType: undefined,
    check: (_, { engine }) => {
      const [run] = getRuntime(engine, engine.containers.find("web")).execRuns.values();
      expect(run?.terminal?.window).toEqual({ rows: 40, columns: 80 });
    },
  }),
  respondsNotFound("exec instance", NO_EXEC, { query: "h=40&w=80" }),
);

const inspect = endpointRow(
  "GET /exec/{id}/json",
  "Exec Inspect",
  respondsWith(200, "the whole object", {
    pathValue: "{exec}",
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
    realDifference: "of its container only the id is told, and no user where none was named; it is JSON, and says so",
  }),
  respondsNotFound("exec instance", NO_EXEC),
  respondsByFault(500, "{exec}", { first: RUNNING }),
);

export const exec: readonly EndpointRow[] = [create, start, resize, inspect];
