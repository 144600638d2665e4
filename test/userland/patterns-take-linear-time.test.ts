/** Patterns of programs in containers take linear time where backtracking could take long; others of the process do not. */
import { runInThisContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileLinear } from "../../src/userland/linear-patterns.ts";
import { boundSteps } from "../../src/userland/pattern-steps.ts";
import { countTries } from "../playbook/seed.ts";

const HOSTILE = `${"a".repeat(40)}!`;

test("a pattern of a container takes linear time, however it is used", () => {
  const compile = (flags: string): RegExp => compileLinear("(a+)+x?$", flags);
  expect(compile("").exec(HOSTILE)).toBeNull();
  expect(compile("").test(HOSTILE)).toBe(false);
  expect([...HOSTILE.matchAll(compile("g"))]).toEqual([]);
  expect(HOSTILE.match(compile("g"))).toBeNull();
  expect([HOSTILE.replace(compile("g"), "b"), HOSTILE.split(compile("")), HOSTILE.search(compile(""))]).toEqual([
    HOSTILE,
    [HOSTILE],
    -1,
  ]);
});

test.each([
  ["(a+)+$", HOSTILE],
  [`(?:${"(aa|a)".repeat(30)}a)d`, `${"a".repeat(60)}be d`],
])("a container's `%s` takes linear time", (source, text) => {
  expect(compileLinear(source).test(text)).toBe(false);
});

test("a pattern of the process backtracks as ever, before and after", () => {
  // It would take years: a limit of time shows that V8 has not gone over to its linear engine.
  const match = (letter: string) => () =>
    runInThisContext(`/(${letter}+)+$/.exec(${JSON.stringify(`${letter.repeat(40)}!`)})`, { timeout: 100 });
  expect(match("b")).toThrow(/timed out/);
  expect(compileLinear("(c+)+$").test(`${"c".repeat(40)}!`)).toBe(false);
  expect(match("d")).toThrow(/timed out/);
});

describe("a long text is matched as by a pattern of JavaScript", () => {
  const PATTERNS = [
    "[a-c]*d",
    "a+b|(c)d?",
    "(?:a|b)+c",
    "([ab]+ )+(c*)",
    "\\b.*?d",
    "c*$",
    "(a)|(b)|( )*",
    "^a*|b",
    "[^]*a",
  ];
  /** Longer than what backtracking is allowed for two repetitions. */
  const LENGTH = 3200;
  const texts = fc
    .array(fc.constantFrom("a", "b", "c", "d", " ", "\n", "\u00e9", "\u4e00"), { minLength: 1, maxLength: 30 })
    .map((letters) => letters.join("").repeat(Math.ceil(LENGTH / letters.length)));

  test.each(["", "g", "m", "gi", "y", "gy"])("with the flags `%s`", (flags) => {
    fc.assert(
      fc.property(fc.constantFrom(...PATTERNS), texts, fc.nat(LENGTH), (source, text, start) => {
        expect(useEverywhere(compileLinear(source, flags), text, start)).toEqual(
          useEverywhere(new RegExp(source, flags), text, start),
        );
      }),
      countTries(8),
    );
  });

  function useEverywhere(pattern: RegExp, text: string, start: number): readonly unknown[] {
    pattern.lastIndex = start;
    const first = pattern.exec(text);
    const { lastIndex } = pattern;
    const calls: unknown[] = [];
    pattern.lastIndex = 0;
    const replaced = text.replace(pattern, (...call) => `<${calls.push(call.slice(0, -1))}>`);
    return [
      first === null ? null : { ...first },
      [lastIndex, calls, replaced, text.replace(pattern, "[$&$1]"), pattern.lastIndex],
      [text.split(pattern), text.split(pattern, 3), text.search(pattern), text.match(pattern)?.slice()],
    ];
  }
});

describe("the steps of backtracking are bounded", () => {
  const rows: readonly (readonly [source: string, flags: string, length: number, steps: number])[] = [
    ["abc", "", 100, 101],
    ["^abc$", "", 100, 1],
    ["^abc$", "m", 100, 101],
    ["^a|b", "", 100, 202],
    ["a*b", "", 100, 5151],
    ["^[*+?]*b", "", 100, 101],
    ["\\*\\(a", "", 100, 101],
    ["a*?b+", "", 10, 286],
    ["a?b?", "", 10, 44],
    ["(a|bc|d)x{2,4}", "", 10, 99],
    ["^(a|b){3}", "", 10, 8],
    ["^(a*b){2}", "", 10, 66],
    ["^(a*){0}b", "", 10, 1],
    ["^a\\1", "", 10, 11],
    ["^(?:ab)*(?=a*)", "", 10, 66],
    ["^a{100}b", "", 10, 7],
    ["^(ab){16,}", "", 10, 33],
    ["^(?:a{20}|b{40})c", "", 10, 6],
    [`^${"a".repeat(33)}`, "", 10, 3],
    ["(a+)+$", "", 10, 4 ** 10],
    ["(?:a|a)*$", "", 10, 4 ** 10],
  ];

  test.each(rows)("`%s` (%s) in %i characters: %i", (source, flags, length, steps) => {
    expect(boundSteps(source, flags)(length)).toBeCloseTo(steps);
  });
});
