import { expect, test } from "vitest";
import { isPartialMatch } from "../../../../src/mock/daemon/calls/partial-match.ts";

test.each<[expected: unknown, actual: unknown]>([
  [1, 1],
  ["a", "a"],
  [null, null],
  [Number.NaN, Number.NaN],
  [{}, { a: 1 }],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }],
  [{ a: undefined }, {}],
  [
    ["a", "b"],
    ["a", "b"],
  ],
  [[{ a: 1 }], [{ a: 1, b: 2 }]],
  [/^busy/, "busybox"],
  [{ Image: /box$/ }, { Image: "busybox" }],
  [expect.any(String), "x"],
  [{ Env: expect.arrayContaining(["A=1"]) }, { Env: ["B=2", "A=1"] }],
  [{ Id: expect.stringMatching(/^[0-9a-f]+$/) }, { Id: "beef" }],
  [[expect.any(Number)], [5]],
])("%j matches %j", (expected, actual) => {
  expect(isPartialMatch(expected, actual)).toBe(true);
});

test.each<[expected: unknown, actual: unknown]>([
  [1, 2],
  [1, "1"],
  [null, undefined],
  [undefined, null],
  [0, -0],
  [{ a: 1 }, {}],
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, null],
  [{}, null],
  [{}, "a"],
  [{}, []],
  [[], {}],
  [{ length: 2 }, ["a", "b"]],
  [["a"], ["a", "b"]],
  [["a", "b"], ["a"]],
  [
    ["a", "b"],
    ["b", "a"],
  ],
  [/^busy/, 5],
  [/^busy/, "lazybox"],
  [{ Image: /box$/ }, {}],
  [expect.any(String), 5],
  [[expect.any(Number)], ["5"]],
])("%j does not match %j", (expected, actual) => {
  expect(isPartialMatch(expected, actual)).toBe(false);
});

test("a regular expression with the flag g matches every time", () => {
  const expected = /box/g;
  expect([isPartialMatch(expected, "busybox"), isPartialMatch(expected, "busybox")]).toEqual([true, true]);
});
