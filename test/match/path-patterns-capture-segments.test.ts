import { describe, expect, test } from "vitest";
import { insertCaptures, parsePathPattern } from "../../src/match/rules/path-pattern.ts";

function caught(pattern: string, path: string): Record<string, string> | undefined {
  const found = parsePathPattern(pattern)?.capture(path);
  return found && Object.fromEntries(found);
}

describe("a pattern captures", () => {
  test.each([
    ["a segment", "/containers/{id}/json", "/containers/web/json", { id: "web" }],
    [
      "several segments",
      "/images/{name}/json",
      "/images/example.com/org/app:1/json",
      { name: "example.com/org/app:1" },
    ],
    ["the end", "/volumes/{name}", "/volumes/data", { name: "data" }],
    ["two things", "/{a}/x/{b}", "/1/x/2", { a: "1", b: "2" }],
    ["a part of a segment", "/containers/web-{n}/json", "/containers/web-7/json", { n: "7" }],
    ["what was escaped, plainly", "/images/{name}/json", "/images/app%3A1/json", { name: "app:1" }],
    ["what would break JSON, as it was sent", "/x/{a}", "/x/%22", { a: "%22" }],
    ["what is no escape, as it was sent", "/x/{a}", "/x/%zz", { a: "%zz" }],
    ["not: nothing", "/containers/{id}/json", "/containers//json", undefined],
    ["not: another end", "/containers/{id}/json", "/containers/web/top", undefined],
    ["not: more in front", "/{id}/json", "x/a/json", undefined],
    ["not: what its signs could mean in an expression", "/a.c/{id}", "/abc/1", undefined],
  ])("%s", (_, pattern, path, expected) => {
    expect(caught(pattern, path)).toEqual(expected);
  });
});

test.each(["/containers/web/json", "/x/{}", "/x/{1}", "/x/{a-b}", ""])("%s is a plain path", (path) => {
  expect(parsePathPattern(path)).toBeUndefined();
});

test("captures are inserted by name; other braces stay", () => {
  const names = new Map([["id", "web"]]);
  expect(insertCaptures('{"Id":"{id}","a":{id},"{other}":{}}', names)).toBe('{"Id":"web","a":web,"{other}":{}}');
});
