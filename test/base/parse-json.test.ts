import { describe, expect, test } from "vitest";
import { isDeeperThan, parseBoundedJson } from "../../src/base/parse-json.ts";

const nest = (levels: number, open = "[", close = "]"): string => open.repeat(levels) + close.repeat(levels);

describe("JSON of strangers", () => {
  test.each(['{"a":[1,"]]]"]}', "7", nest(500), ` ${nest(20)}`])("%.20s is read as JSON.parse reads it", (text) => {
    expect(parseBoundedJson(text)).toEqual(JSON.parse(text));
  });

  test.each([nest(501), `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`, "[", "", "{a:1}"])(
    "%.20s is refused",
    (text) => {
      expect(() => parseBoundedJson(text)).toThrow(SyntaxError);
    },
  );

  test.each([
    ["brackets in strings do not count", JSON.stringify("[".repeat(100)), false],
    ["nor do those behind an escaped quote", JSON.stringify(`"${"[".repeat(100)}`), false],
    ["brackets beside each other do not nest", `[${"[],".repeat(100)}1]`, false],
    ["brackets within each other do", nest(11), true],
  ])("%s", (_, text, isDeep) => {
    expect(isDeeperThan(10, text)).toBe(isDeep);
  });
});
