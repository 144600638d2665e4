import { describe, expect, test } from "vitest";
import type { Behaviour } from "../../../src/mock/runtime/behaviours/behaviour.ts";
import { createBehaviourImage } from "../../../src/mock/runtime/behaviours/behaviour-image.ts";
import { BehaviourSet } from "../../../src/mock/runtime/behaviours/behaviour-set.ts";
import { isMatch } from "../../../src/mock/runtime/behaviours/behaviour-target.ts";
import { findAnswer } from "../../../src/mock/runtime/behaviours/find-answer.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

const TARGET = { image: "127.0.0.1:5000/tide/web:1.2", container: "web-1", argv: ["/usr/bin/psql", "-c", "select 1"] };

describe("a behaviour matches", () => {
  test.each<[Behaviour, boolean]>([
    [{}, true],
    [{ image: "127.0.0.1:5000/tide/web:1.2" }, true],
    [{ image: "127.0.0.1:5000/tide/web" }, true],
    [{ image: "*/web:1.*" }, true],
    [{ image: "*/web:2.*" }, false],
    [{ image: "web" }, false],
    [{ image: "*.*.*.*/tide/*" }, true],
    [{ container: "web-1" }, true],
    [{ container: "web-*" }, true],
    [{ container: "web" }, false],
    [{ command: "psql" }, true],
    [{ command: "/usr/bin/psql" }, true],
    [{ command: "/bin/psql" }, false],
    [{ command: "psql*" }, true],
    [{ command: "/usr/bin/psql -c *" }, true],
    [{ command: "*psql -c *" }, true],
    [{ command: "psql -c x" }, false],
    [{ image: "*", container: "web-1", command: "psql" }, true],
    [{ image: "*", container: "db", command: "psql" }, false],
    [{ container: "web.1" }, false],
  ])("%j: %s", (behaviour, matches) => {
    expect(isMatch(behaviour, TARGET)).toBe(matches);
  });
});

test("of several behaviours, the first that has a value decides", () => {
  const set = new BehaviourSet();
  set.add([{ container: "db" }, { image: "*", health: ["healthy"] }]);
  set.add([{ container: "web-1", health: ["unhealthy"], ports: { 80: "echo" }, files: { "/a": "x" } }]);
  expect([set.findHealth(TARGET), set.listPorts(TARGET), set.findFiles(TARGET)]).toEqual([
    ["healthy"],
    [80],
    { "/a": "x" },
  ]);
  expect([set.findPort(TARGET, 80) !== undefined, set.findPort(TARGET, 81), set.findMainProgram(TARGET)]).toEqual([
    true,
    undefined,
    undefined,
  ]);
});

test("a command's behaviour is for the command, and not for the main process of other commands", () => {
  const set = new BehaviourSet();
  set.add([
    { container: "web-1", exit: 3 },
    { command: "psql", exit: 4 },
  ]);
  expect(set.findCommand({ ...TARGET, argv: ["ls"] })).toBeUndefined();
  expect(set.findCommand(TARGET)).toBeTypeOf("function");
  expect(set.findMainProgram({ ...TARGET, argv: ["ls"] })).toBeTypeOf("function");
});

describe("an image for a behaviour", () => {
  const base = new MockedDaemon().engine.images.find("busybox");

  test.each<[Behaviour, string[] | undefined]>([
    [{ image: "postgres:16" }, ["postgres:16"]],
    [{ image: "postgres" }, ["postgres:latest"]],
    [{ image: "127.0.0.1:5000/web" }, ["127.0.0.1:5000/web:latest"]],
    [{ image: "post*" }, undefined],
    [{ container: "web" }, undefined],
  ])("%j has the names %j", (behaviour, tags) => {
    expect(createBehaviourImage(behaviour, base)?.tags).toEqual(tags);
  });

  test("exposes the ports, checks the health, and has its own id", () => {
    const image = createBehaviourImage({ image: "a", ports: { 80: "echo" }, health: ["healthy"] }, base);
    expect(image?.config).toMatchObject({ ExposedPorts: { "80/tcp": {} }, Healthcheck: { Interval: 1_000_000_000 } });
    expect(image?.id).not.toBe(createBehaviourImage({ image: "b" }, base)?.id);
  });
});

test.each([
  ["echo", "hi", "hi"],
  [{ hi: "there", "*": "what" }, "hi", "there"],
  [{ hi: "there", "*": "what" }, "ho", "what"],
  [{ hi: "there" }, "ho", undefined],
  [{ hi: "there" }, "toString", undefined],
] as const)("the answer of %j to %s is %s", (answers, line, answer) => {
  expect(findAnswer(answers, line)).toBe(answer);
});
