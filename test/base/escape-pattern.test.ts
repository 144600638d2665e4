import { describe, expect, test } from "vitest";
import { escapePattern } from "../../src/base/escape-pattern.ts";

const SPECIAL = "a\\b^c$d.e*f+g?h(i)j[k]l{m}n|o/p-q";

describe("an escaped pattern", () => {
  test.each(["", "u"])("finds the text as it stands, and no other, with flags `%s`", (flags) => {
    const expression = new RegExp(`^${escapePattern(SPECIAL)}$`, flags);
    expect(expression.test(SPECIAL)).toBe(true);
    expect(expression.test(SPECIAL.replace(".", "x"))).toBe(false);
  });

  test.each([...SPECIAL])("is right for `%s` alone", (character) => {
    expect(new RegExp(`^${escapePattern(character)}$`, "u").exec(character)?.[0]).toBe(character);
  });
});
