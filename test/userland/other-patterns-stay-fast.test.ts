/** Patterns of programs in containers go over to an engine of V8 that takes linear time; others of the process do not. */
import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
import { compileLinear } from "../../src/userland/linear-patterns.ts";

const LONG = `${"a".repeat(40)}!`;

test("a pattern of a container takes linear time, however it is used", () => {
  const compile = (flags: string): RegExp => compileLinear("(a+)+x?$", flags);
  expect(compile("").exec(LONG)).toBeNull();
  expect(compile("").test(LONG)).toBe(false);
  expect([...LONG.matchAll(compile("g"))]).toEqual([]);
  expect([LONG.replace(compile("g"), "b"), LONG.split(compile("")), LONG.search(compile(""))]).toEqual([
    LONG,
    [LONG],
    -1,
  ]);
});

test("a pattern of the process backtracks as ever, before and after", () => {
  // It would take years: a limit of time shows that V8 has not gone over.
  const match = (letter: string) => () =>
    runInThisContext(`/(${letter}+)+$/.exec(${JSON.stringify(`${letter.repeat(40)}!`)})`, { timeout: 200 });
  expect(match("b")).toThrow(/timed out/);
  expect(compileLinear("(c+)+$").test(`${"c".repeat(40)}!`)).toBe(false);
  expect(match("d")).toThrow(/timed out/);
});
