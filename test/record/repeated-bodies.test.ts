/** A body that comes again is neither searched nor spelled again, and stands in the cassette as if it were. */
import { expect, test } from "vitest";
import { RepeatedBodies } from "../../src/record/bodies/repeated-bodies.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { encodeJsonAnswer, encodeJsonRequest, request } from "../playbook/http.ts";
import { Studio, type StudioExchange } from "../playbook/studio.ts";

const LATE = "late-4d6a8c0e&/x";
const INSPECT = request("GET /v1.41/containers/web/json");

function inspection(note: string): StudioExchange {
  return [
    INSPECT,
    encodeJsonAnswer("200 OK", `{"Id":"${"a".repeat(64)}","State":{"Status":"${note}"},"Cmd":["say \\"\\u0026\\""]}\n`),
  ];
}

async function record(exchanges: readonly StudioExchange[]): Promise<readonly string[]> {
  const studio = new Studio();
  await studio.recordExchanges(exchanges);
  await studio.finish();
  return studio.store.text.split(/^---\n/m).slice(1);
}

test("each document of a poll is what it is in a recording of its own", async () => {
  const notes = ["created", "created", "running", "created", "running", "exited", "exited"];
  const polled = await record(notes.map(inspection));
  const apart = await Promise.all(notes.map((note) => record([inspection(note)])));
  expect(polled).toEqual(apart.flat());
});

test("what becomes known between two equal bodies is taken out of both", async () => {
  const learned: StudioExchange = [
    encodeJsonRequest("POST /v1.41/containers/create", { Env: [`DB_PASSWORD=${LATE}`] }),
    encodeJsonAnswer("201 Created", "{}\n"),
  ];
  const documents = await record([inspection(LATE), inspection(LATE), learned, inspection(LATE), inspection(LATE)]);
  expect(documents).toHaveLength(5);
  expect(documents.filter((text) => text.includes(LATE.slice(0, 8)))).toEqual([]);
});

const BODY = Buffer.from('{"a":"b"}');

test.each<[why: string, change: { body?: string; operation?: string; expects?: string }, isFound: boolean]>([
  ["an equal one of the same operation", {}, true],
  ["another one of the same size", { body: '{"a":"c"}' }, false],
  ["a longer one", { body: '{"a":"bb"}' }, false],
  ["one of another operation", { operation: "SystemAuth" }, false],
  ["one that comes after something has become known", { expects: "a-new-secret" }, false],
])("%s", (_, { body = String(BODY), operation = "ContainerInspect", expects }, isFound) => {
  const redactor = new Redactor();
  const bodies = new RepeatedBodies(redactor);
  expect(bodies.find([BODY], BODY.length, "ContainerInspect")).toBeUndefined();
  bodies.remember(BODY, "ContainerInspect");
  if (expects !== undefined) redactor.expect(expects);
  const again = Buffer.from(body);
  for (const pieces of [[again], [again.subarray(0, 3), again.subarray(3, 3), again.subarray(3)]])
    expect(bodies.find(pieces, again.length, operation)).toBe(isFound ? BODY : undefined);
});

test("a body that taught something, or that a function of the user's has seen, is not remembered", () => {
  const redactor = new Redactor();
  const bodies = new RepeatedBodies(redactor);
  bodies.find([BODY], BODY.length, "ContainerInspect");
  redactor.expect("found-in-the-body");
  bodies.remember(BODY, "ContainerInspect");
  expect(bodies.find([BODY], BODY.length, "ContainerInspect")).toBeUndefined();
  const withFunction = new RepeatedBodies(new Redactor({ rules: [() => false] }));
  withFunction.find([BODY], BODY.length, "ContainerInspect");
  withFunction.remember(BODY, "ContainerInspect");
  expect(withFunction.find([BODY], BODY.length, "ContainerInspect")).toBeUndefined();
});

test("memory for them is bounded, and so is their size", () => {
  const bodies = new RepeatedBodies(new Redactor());
  const remember = (size: number): boolean => {
    const body = Buffer.alloc(size, "x");
    bodies.find([body], size, "ContainerInspect");
    bodies.remember(body, "ContainerInspect");
    return bodies.find([body], size, "ContainerInspect") !== undefined;
  };
  expect([remember(16_384), remember(16_385)]).toEqual([true, false]);
  const first = Buffer.alloc(10_000, "x");
  for (let size = 10_000; size < 10_100; size += 1) remember(size);
  expect(bodies.find([first], first.length, "ContainerInspect")).toBeUndefined();
});
