import { describe, expect, test } from "vitest";
import { ContainerNames } from "../../src/match/container-names.ts";
import { isWindowChange, resolveResourceUse } from "../../src/match/resources.ts";
import { parseOperation } from "../../src/wire/operations/operation.ts";

const ID = "3f1c0a9be2d4".padEnd(64, "0");
const EXEC = "77ab10".padEnd(64, "1");

function known(): ContainerNames {
  const names = new ContainerNames();
  names.addContainer(ID, "/web");
  names.addExec(EXEC, "web");
  return names;
}

function touch(line: string): string {
  const [method = "", target = ""] = line.split(" ");
  const { role, targets: own, resources: scopes } = resolveResourceUse(method, parseOperation(method, target), known());
  const spelled = (list: readonly string[]): string => list.join(" ").replaceAll(ID, "ID").replaceAll(EXEC, "EXEC");
  return `${role} | ${spelled(own)} | ${spelled(scopes)}`;
}

describe("a request has a role, targets and resources", () => {
  test.each([
    ["GET /_ping", "free |  | "],
    ["HEAD /_ping", "free |  | "],
    ["GET /v1.41/version", "free |  | "],
    ["POST /v1.41/auth", "free |  | "],
    ["POST /session", "free |  | "],
    ["POST /v1.41/containers/web/resize?h=1&w=2", "free |  | "],
    ["POST /v1.41/containers/web/kill?signal=WINCH", "free |  | "],
    ["GET /v1.41/info", "read |  | all"],
    ["GET /v1.41/nobody/knows", "read |  | all"],
    ["GET /v1.41/containers/json", "read |  | containers"],
    ["GET /v1.41/images/alpine/json", "read |  | images"],
    ["GET /v1.41/networks", "read |  | networks"],
    ["GET /v1.41/volumes/v", "read |  | volumes"],
    ["GET /v1.41/services", "read |  | swarm"],
    ["GET /v1.41/plugins", "read |  | plugins"],
    ["GET /v1.41/containers/web/json", "read | container:ID | container:ID"],
    ["GET /v1.41/containers/3f1c0a9be2d4/top", "read | container:ID | container:ID"],
    ["GET /v1.41/containers/other/json", "read | container:other | container:other"],
    [`GET /v1.41/exec/${EXEC}/json`, "read | exec:EXEC container:ID | exec:EXEC processes:ID"],
    ["GET /v1.41/exec/unknown/json", "read | exec:unknown | exec:unknown"],
    ["HEAD /v1.41/containers/web/archive?path=/", "read | container:ID | container:ID"],
    ["POST /v1.41/containers/web/attach", "long | container:ID | container:ID"],
    ["POST /v1.41/containers/web/wait", "long | container:ID | container:ID"],
    ["GET /v1.41/containers/web/logs", "long | container:ID | container:ID"],
    ["GET /v1.41/events", "long | all | all"],
    ["POST /v1.41/containers/web/start", "change | container:ID | container:ID containers all networks processes:ID"],
    ["POST /v1.41/containers/web/pause", "change | container:ID | container:ID containers all processes:ID"],
    [
      "POST /v1.41/containers/create?name=web",
      "change | container:ID | container:ID containers all networks volumes processes:ID",
    ],
    ["POST /v1.41/containers/create", "change |  | containers all networks volumes"],
    [
      "DELETE /v1.41/containers/web",
      "change | container:ID | container:ID containers all networks volumes processes:ID",
    ],
    ["PUT /v1.41/containers/web/archive?path=/", "change | container:ID | container:ID containers all"],
    ["POST /v1.41/containers/web/exec", "change | container:ID | container:ID containers all"],
    [`POST /v1.41/exec/${EXEC}/start`, "change | exec:EXEC container:ID | exec:EXEC container:ID containers all"],
    ["POST /v1.41/images/create?fromImage=a", "change |  | images all"],
    ["POST /v1.41/commit?container=web", "change |  | images all"],
    ["POST /v1.41/build?t=web", "change |  | images all"],
    ["POST /v1.41/networks/n/connect", "change |  | networks all containers"],
    ["POST /v1.41/nobody/knows", "change |  | all"],
  ])("%s: %s", (line, expected) => {
    expect(touch(line)).toBe(expected);
  });
});

describe("only SIGWINCH is a change of the window", () => {
  test.each([
    ["WINCH", true],
    ["SIGWINCH", true],
    ["28", true],
    ["KILL", false],
    ["128", false],
  ])("%s: %s", (signal, expected) => {
    expect(isWindowChange(parseOperation("POST", `/v1.41/containers/web/kill?signal=${signal}`))).toBe(expected);
  });
});
