import { expect, test } from "vitest";
import { openCassette } from "../../src/cassette/read.ts";

const TEXT = [
  "whalesong: 1",
  "---",
  "request: GET /a",
  "response: 200 OK",
  "---",
  "# why",
  "request: GET /b",
  "response: 200 OK",
  "--- # c",
  "request: GET /c",
  "response: 200 OK",
  "",
].join("\n");

test.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 0, 2]]])("in the order %j", (order) => {
  const { entries } = openCassette(Buffer.from(TEXT), "t.yaml");
  const lines = new Map(order.map((number) => [number, entries[number]?.line]));
  expect([0, 1, 2].map((number) => lines.get(number))).toEqual([3, 7, 10]);
});
