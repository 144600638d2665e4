import { describe, expect, test } from "vitest";
import { formatKeyForContainer, normalizeRequest } from "../../src/match/normalize/normalize-request.ts";
import { resolveRules } from "../../src/match/rules/resolve-rules.ts";
import { parseOperation } from "../../src/wire/operations/operation.ts";

function key(line: string, ignore: readonly string[] = []): string {
  const [method = "", target = ""] = line.split(" ");
  return normalizeRequest(
    { method, operation: parseOperation(method, target), headers: [] },
    { rules: resolveRules([{ ignore }]) },
  ).key;
}

function query(filters: unknown): string {
  return encodeURIComponent(JSON.stringify(filters));
}

const LIST = "GET /v1.41/containers/json";
const BUILD = "POST /v1.41/build";
const DOCKERFILE = ".dockerfile.0123456789abcdef0123";

describe("these are equivalent", () => {
  test.each([
    ["order", `${LIST}?all=1&limit=2`, `${LIST}?limit=2&all=1`],
    ["booleans", `${LIST}?all=1`, `${LIST}?all=True`],
    ["booleans that are false", `${LIST}?all=0`, `${LIST}?all=false`],
    ["empty and absent", "POST /containers/web/wait?condition=", "POST /containers/web/wait"],
    [
      "filters as map and as list",
      `${LIST}?filters=${query({ name: { x: true, y: true } })}`,
      `${LIST}?filters=${query({ name: ["y", "x"] })}`,
    ],
    [
      "the order of filters",
      `${LIST}?filters=${query({ a: ["1"], b: ["2"] })}`,
      `${LIST}?filters=${query({ b: ["2"], a: ["1"] })}`,
    ],
    ["numbers in filters", `${LIST}?filters=${query({ exited: [0] })}`, `${LIST}?filters=${query({ exited: ["0"] })}`],
    ["the order of equal parameters", "GET /images/get?names=a&names=b", "GET /images/get?names=b&names=a"],
    ["spaces", `${LIST}?filters=%7B%22name%22%3A+%5B%22x%22%5D%7D`, `${LIST}?filters=${query({ name: ["x"] })}`],
    ["ids of builds and sessions", `${BUILD}?buildid=1&session=a&t=x`, `${BUILD}?t=x&buildid=2&session=b`],
    [
      "random names of Dockerfiles",
      `${BUILD}?dockerfile=${DOCKERFILE}`,
      `${BUILD}?dockerfile=${DOCKERFILE.replace("0", "f")}`,
    ],
    [
      "random names of Dockerfiles by docker-py, one of them with a zero before it",
      `${BUILD}?dockerfile=.dockerfile.${"1f".repeat(20)}`,
      `${BUILD}?dockerfile=.dockerfile.${"e2".repeat(19)}3`,
    ],
    ["moments of today", "GET /events?since=1&until=2", "GET /events?since=3"],
    ["sizes of a window", "POST /exec/1/resize?h=1&w=2", "POST /exec/1/resize?h=3&w=4"],
  ])("%s", (_, one, other) => {
    expect(key(one)).toBe(key(other));
  });
});

describe("these do not", () => {
  test.each([
    ["methods", "GET /containers/web", "DELETE /containers/web"],
    ["versions", "GET /v1.41/info", "GET /v1.40/info"],
    ["a version and none", "GET /v1.41/info", "GET /info"],
    ["paths", "GET /containers/a/json", "GET /containers/b/json"],
    ["values", `${LIST}?limit=1`, `${LIST}?limit=2`],
    ["true and absent", `${LIST}?all=1`, LIST],
    ["filters", `${LIST}?filters=${query({ name: ["x"] })}`, `${LIST}?filters=${query({ name: ["y"] })}`],
    [
      "a filter that is off",
      `${LIST}?filters=${query({ name: { x: false } })}`,
      `${LIST}?filters=${query({ name: { x: true } })}`,
    ],
    [
      "a name that only begins like a random one",
      `${BUILD}?dockerfile=.dockerfile.x`,
      `${BUILD}?dockerfile=.dockerfile.y`,
    ],
    ["since, where it is no moment", `${LIST}?since=a`, `${LIST}?since=b`],
  ])("%s", (_, one, other) => {
    expect(key(one)).not.toBe(key(other));
  });
});

test("an ignored parameter is not compared, whatever its value", () => {
  expect(key(`${BUILD}?t=a&q=1`, ["query.t"])).toBe(key(`${BUILD}?q=1`));
});

test("under its long id, a container has one key for all its names", () => {
  const under = (target: string): string => {
    const head = { method: "GET", operation: parseOperation("GET", target), headers: [] };
    return formatKeyForContainer(normalizeRequest(head, { rules: resolveRules([]) }), "LONG");
  };
  expect(under("/v1.41/containers/web/json?size=1")).toBe(under("/v1.41/containers/3f1c/json?size=true"));
  expect(under("/v1.41/containers/web/json")).not.toBe(under("/v1.41/containers/web/top"));
});
