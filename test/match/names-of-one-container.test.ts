import { describe, expect, test } from "vitest";
import { collectNames } from "../../src/match/collect-names.ts";
import { ContainerNames } from "../../src/match/container-names.ts";
import { parseOperation } from "../../src/wire/operations/operation.ts";

const ID = "3f1c0a9be2d4".padEnd(64, "0");
const OTHER = "3f1d".padEnd(64, "0");
const EXEC = "77ab10".padEnd(64, "1");

function learned(...answers: readonly (readonly [line: string, status: number, text: string])[]): ContainerNames {
  const names = new ContainerNames();
  for (const [line, status, text] of answers) {
    const [method = "", target = ""] = line.split(" ");
    collectNames(names, parseOperation(method, target), status, text);
  }
  return names;
}

const CREATED = ["POST /v1.41/containers/create?name=web", 201, `{"Id":"${ID}","Warnings":[]}\n`] as const;

describe("after a create, these name the container", () => {
  test.each([["web"], ["/web"], [ID], ["3f1c0a9be2d4"], ["3f1c"]])("%s", (reference) => {
    expect(learned(CREATED).resolveContainer(reference)).toBe(ID);
  });
});

describe("these do not", () => {
  test.each([["we"], ["3f1"], ["ffff"], ["webb"], ["3f1c0a9be2d4x"]])("%s", (reference) => {
    expect(learned(CREATED).resolveContainer(reference)).toBe(reference);
  });
});

test("a failed create tells no name", () => {
  expect(
    learned(["POST /containers/create?name=web", 409, `{"message":"in use by \\"${ID}\\""}`]).resolveContainer("web"),
  ).toBe("web");
});

test("an inspect tells the name of an id", () => {
  const names = learned([`GET /v1.41/containers/${ID}/json`, 200, `{"Id":"${ID}","Name":"/web"}`]);
  expect(names.resolveContainer("web")).toBe(ID);
});

test("the cassette's YAML of a response is read like JSON", () => {
  const names = learned(["GET /containers/web/json", 200, `response:\n  json:\n    Id: ${ID}\n    Name: /web\n`]);
  expect([names.resolveContainer("web"), names.resolveContainer("3f1c0a9b")]).toEqual([ID, ID]);
});

test("a rename gives a container one more name, which outlives the old one's reuse", () => {
  const names = learned(
    CREATED,
    ["POST /containers/web/rename?name=old", 204, ""],
    ["POST /containers/create?name=web", 201, `{"Id":"${OTHER}"}`],
  );
  expect([names.resolveContainer("old"), names.resolveContainer("web")]).toEqual([ID, OTHER]);
});

test("an exec belongs to the container in which it was created, by whatever name", () => {
  const names = learned(CREATED, ["POST /containers/web/exec", 201, `{"Id":"${EXEC}"}`]);
  expect([names.findContainerOfExec(EXEC), names.findContainerOfExec("else")]).toEqual([ID, undefined]);
});
