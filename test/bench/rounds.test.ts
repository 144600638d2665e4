/** What the bench makes of its rounds, and that each goal has a part. Nothing here depends on time. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatGoal, GOALS, isMet } from "../../bench/lib/goals.js";
import { formatNumber, formatVerdict } from "../../bench/lib/report.js";
import { interleave, median, medianOf, medianRatio } from "../../bench/lib/rounds.js";

const BENCH = join(import.meta.dirname, "../../bench");

describe("rounds", () => {
  test("visit each candidate once, in any order", async () => {
    const visited: string[] = [];
    const results = await interleave(
      [{ name: "one" }, { name: "other" }],
      async ({ name }, round) => {
        visited.push(`${name} ${round}`);
        return round;
      },
      3,
    );
    expect(results).toEqual({ one: [0, 1, 2], other: [0, 1, 2] });
    for (const round of [0, 1, 2]) {
      expect(visited.slice(round * 2, round * 2 + 2).sort()).toEqual([`one ${round}`, `other ${round}`]);
    }
  });

  test("are as good as the one in the middle", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(medianOf([{ ms: 3 }, { ms: 1 }, { ms: 2 }], ({ ms }) => ms)).toBe(2);
    expect(median([])).toBeNaN();
  });

  test("have ratios within each of them", () => {
    const [ours, base] = [
      [{ ms: 10 }, { ms: 40 }, { ms: 3 }],
      [{ ms: 5 }, { ms: 10 }, { ms: 1 }],
    ];
    expect(medianRatio(ours, base, ({ ms }) => ms)).toBe(3);
  });
});

describe("goals", () => {
  test("are met at their limit", () => {
    const [most, least] = [
      { row: "A", what: "", atMost: 2, unit: "x" },
      { row: "B", what: "", atLeast: 2, unit: "s" },
    ];
    expect([1.9, 2, 2.1].map((measured) => isMet(most, measured))).toEqual([true, true, false]);
    expect([1.9, 2, 2.1].map((measured) => isMet(least, measured))).toEqual([false, true, true]);
    expect([formatGoal(most), formatGoal(least)]).toEqual(["<= 2 x", ">= 2 s"]);
  });

  test("are told with what was measured, or why it was not", () => {
    expect(formatVerdict({ goal: "readyCpu", measured: 1.234 }).slice(2)).toEqual(["<= 1.5 s", "1.23 s", "yes"]);
    expect(formatVerdict({ goal: "frames", measured: 4 }).slice(2)).toEqual([">= 5 M/s", "4 M/s", "no"]);
    expect(formatVerdict({ goal: "frames", reason: "no cassette" }).slice(3)).toEqual(["no cassette", ""]);
    expect([0.12345, 12.345, 1234.5].map(formatNumber)).toEqual(["0.123", "12.3", "1235"]);
  });

  test("are measured by one part each", () => {
    const parts = readdirSync(BENCH).filter((name) => name.endsWith(".js") && name !== "all.js");
    const texts = parts.map((name) => readFileSync(join(BENCH, name), "utf8"));
    const uses = Object.keys(GOALS).map((goal) => [
      goal,
      texts.filter((text) => new RegExp(`"${goal}"|\\b${goal}: "`).test(text)).length,
    ]);
    expect(uses).toEqual(Object.keys(GOALS).map((goal) => [goal, 1]));
  });
});
