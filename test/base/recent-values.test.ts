import { expect, test } from "vitest";
import { RecentValues } from "../../src/base/recent-values.ts";

test("what was put last is kept, up to a weight", () => {
  const recent = new RecentValues<number, string>(10);
  for (const [key, weight] of [
    [1, 4],
    [2, 4],
    [3, 4],
  ] as const)
    recent.put(key, `value ${key}`, weight);
  expect([1, 2, 3].map((key) => recent.get(key))).toEqual([undefined, "value 2", "value 3"]);
});

test("what weighs more than all may is kept alone", () => {
  const recent = new RecentValues<number, string>(10);
  recent.put(1, "light", 10);
  recent.put(2, "heavy", 11);
  expect([recent.get(1), recent.get(2)]).toEqual([undefined, "heavy"]);
});

test("what is put again counts once", () => {
  const recent = new RecentValues<number, string>(10);
  recent.put(1, "old", 8);
  recent.put(1, "new", 8);
  recent.put(2, "other", 2);
  expect([recent.get(1), recent.get(2)]).toEqual(["new", "other"]);
});
