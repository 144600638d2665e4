/** What a miss costs must not grow with the cassette: a client waits for it. */
import { expect, test } from "vitest";
import { LazyEntry } from "../../src/cassette/read/entry.ts";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const COUNT = 2000;
/** 200 are tried for generated values, and 20 compared. */
const LIMIT = 220;
const id = (number: number): string => `${number}`.padStart(64, "a1b2c3d4e5f6");

function recordMany(describeOne: (number: number) => string): string {
  return Array.from({ length: COUNT }, (_, number) => `---\n${describeOne(number)}`).join("");
}

/** How many documents are parsed while `act` runs. */
async function countParsed(act: () => Promise<unknown>): Promise<number> {
  const parsed = new Set<unknown>();
  const { readSource } = LazyEntry.prototype;
  LazyEntry.prototype.readSource = function (this: LazyEntry) {
    parsed.add(this);
    return readSource.call(this);
  };
  try {
    await act();
  } finally {
    LazyEntry.prototype.readSource = readSource;
  }
  return parsed.size;
}

test.each([
  [
    "of an id that nothing knows",
    recordMany(
      (number) => `request: GET /v1.41/containers/${id(number)}/json\nresponse:\n  status: 200 OK\n  json: {}\n`,
    ),
    request("GET /v1.41/containers/0f0f0f0f0f0f/json"),
  ],
  [
    "of an id, where each was refused",
    recordMany((number) => `request: GET /v1.41/exec/${id(number)}/json\nresponse: 404 Not Found\n`),
    request("GET /v1.41/exec/0f0f0f0f0f0f/top"),
  ],
])("a miss %s", async (_what, cassette, asked) => {
  const theatre = new Theatre(cassette);
  const first = await countParsed(() => theatre.asks(asked));
  const second = await countParsed(() => theatre.asks(asked));
  expect(theatre.report.missed).toHaveLength(2);
  expect([first, second].map((count) => count <= LIMIT)).toEqual([true, true]);
});

test("a miss of a body reads the bodies that may answer once", async () => {
  const theatre = new Theatre(
    recordMany(
      (number) =>
        `request:\n  line: POST /v1.41/volumes/create\n  json: {"Name":"v${number}"}\nresponse: 201 Created\n`,
    ),
  );
  const asked = encodeJsonRequest("POST /v1.41/volumes/create", { Name: "other" });
  expect(await countParsed(() => theatre.asks(asked))).toBe(COUNT);
  expect(await countParsed(() => theatre.asks(asked))).toBe(0);
});
