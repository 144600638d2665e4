/** Two things that look alike differ in what the daemon made for them alone: ids, names, addresses and times. */
import { describe, expect, test } from "vitest";
import { pairTexts } from "../../src/replay/identity/pair-texts.ts";

describe("addresses are paired", () => {
  test.each([
    ["a2:93:fc:1c:7c:c3", "d6:e4:68:ab:e6:06"],
    // Three decimal bytes look like a time of day.
    ["5e:c2:6e:e0:86:0c", "9e:11:10:03:3d:e5"],
    ["02:42:ac:11:00:02", "02:42:ac:11:00:03"],
    ["12:34:56:7a:00:02", "aa:00:11:22:33:44"],
    ["02:42:10:11:12:13", "02:42:20:21:22:23"],
    ["172.17.0.2", "172.17.0.3"],
  ])("%s and %s", (one, other) => {
    expect(pairTexts(`at ${one}, up`, `at ${other}, up`)).toEqual([[one, other]]);
  });
});

describe("times tell nothing", () => {
  test.each([
    ["12:00:01: up", "13:10:59: up"],
    ["time:12:00:01", "time:12:00:02"],
    ["[12:00:01.123] up", "[12:00:02,5] up"],
    ["code:12:00:01 up", "code:12:00:02 up"],
    ["2026-11-28T20:57:40.59058058Z", "2026-11-28T20:57:51.6Z"],
  ])("%s and %s", (one, other) => {
    expect(pairTexts(one, other)).toEqual([]);
  });
});

test("other numbers tell two things from each other", () => {
  expect(pairTexts("exited with 1", "exited with 2")).toBeUndefined();
});
