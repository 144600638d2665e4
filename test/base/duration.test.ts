import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration, roundDown125, toMilliseconds } from "../../src/base/duration.ts";
import { UsageError } from "../../src/base/errors.ts";

describe("a duration", () => {
  it.each([
    ["0ms", 0],
    ["412ms", 412],
    ["0.5ms", 0.5],
    ["1s", 1000],
    ["1.5s", 1500],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["2147281.3s", 2_147_281_300],
    ["0.1m", 6000],
  ])("%s is %d milliseconds", (text, ms) => {
    expect(toMilliseconds(text)).toBe(ms);
    expect(parseDuration(text, "`wait`")).toBe(ms);
  });

  it.each(["", "412", "0.4", "ms", "-1s", "1 s", "1.s", ".5s", "1e3ms", "1d", "1s ", "1S"])("is not %j", (text) => {
    expect(toMilliseconds(text)).toBeUndefined();
  });

  it("says what was asked for and found where there is none", () => {
    expect(() => parseDuration("0.4", "`wait`")).toThrow(
      new UsageError("WHALESONG_BAD_DURATION", "`wait` must be a duration like `412ms`, got `0.4`"),
    );
  });

  it.each([
    [0, "0ms"],
    [20, "20ms"],
    [999, "999ms"],
    [1000, "1s"],
    [1500, "1.5s"],
    [1550, "1550ms"],
    [60_000, "1m"],
    [90_000, "90s"],
  ])("of %d ms is written %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("is read as it was written", () => {
    const readAgain = fc.property(fc.nat(), (ms) => {
      expect(toMilliseconds(formatDuration(ms))).toBe(ms);
    });
    fc.assert(readAgain);
  });
});

describe("rounding down to 1, 2, 5 steps", () => {
  it.each([
    [0, 0],
    [9.9, 0],
    [10, 10],
    [19, 10],
    [20, 20],
    [49, 20],
    [50, 50],
    [99, 50],
    [100, 100],
    [1999, 1000],
    [123_456, 100_000],
  ])("makes %d into %d", (ms, step) => {
    expect(roundDown125(ms)).toBe(step);
  });

  it("never grows a wait and never takes more than 60 percent of it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 10_000_000 }), (ms) => {
        const step = roundDown125(ms);
        expect(step).toBeLessThanOrEqual(ms);
        expect(step).toBeGreaterThan(ms * 0.4 - 1);
        expect(roundDown125(step)).toBe(step);
      }),
    );
  });
});
