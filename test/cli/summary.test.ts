import { describe, expect, test } from "vitest";
import { formatCount } from "../../src/base/format-count.ts";
import { PRESETS } from "../../src/cassette/rule-names.ts";
import { formatRecordingSummary, formatReplaySummary, formatSize } from "../../src/cli/summary.ts";
import type { RecordingReport } from "../../src/record/tape.ts";
import type { Miss } from "../../src/replay/miss.ts";
import type { ReplayReport } from "../../src/replay/report.ts";

describe("formatCount", () => {
  test.each([
    [0, "exchange", "0 exchanges"],
    [1, "exchange", "1 exchange"],
    [2, "sidecar", "2 sidecars"],
    [1000, "exchange", "1000 exchanges"],
  ] as const)("%i %s is `%s`", (number, noun, text) => expect(formatCount(number, noun)).toBe(text));
});

describe("formatSize", () => {
  test.each([
    [0, "0 B"],
    [1, "1 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [1550, "1.6 kB"],
    [999_949, "999.9 kB"],
    [1_000_000, "1.0 MB"],
    [2_500_000_000, "2.5 GB"],
    [3e12, "3.0 TB"],
    [4e15, "4000.0 TB"],
  ] as const)("%i bytes are `%s`", (bytes, text) => expect(formatSize(bytes)).toBe(text));
});

describe("formatRecordingSummary", () => {
  const REPORT: RecordingReport = {
    exchanges: 2,
    truncated: 0,
    dropped: 0,
    bytes: { sent: 10, received: 1500 },
    problem: undefined,
    isKept: true,
  };

  test.each([
    ["a whole recording", {}, "recorded 2 exchanges | 10 B sent, 1.5 kB received | a.yaml\n"],
    ["one exchange", { exchanges: 1 }, "recorded 1 exchange | 10 B sent, 1.5 kB received | a.yaml\n"],
    ["streams that were cut", { truncated: 1 }, "recorded 2 exchanges | 1 cut | 10 B sent, 1.5 kB received | a.yaml\n"],
    [
      "exchanges that are left out",
      { dropped: 3 },
      "recorded 2 exchanges | 3 unfinished and left out | 10 B sent, 1.5 kB received | a.yaml\n",
    ],
    [
      "a recording that failed",
      { problem: new Error("disk full") },
      "recorded 2 exchanges | 10 B sent, 1.5 kB received | a.yaml\nthe recording is incomplete: disk full\n",
    ],
  ] as const)("of %s", (_what, more, text) => {
    expect(formatRecordingSummary({ ...REPORT, ...more }, "a.yaml")).toBe(text);
  });
});

describe("formatReplaySummary", () => {
  const REPORT: ReplayReport = {
    exchanges: 3,
    played: 3,
    missed: [],
    unplayed: [],
    stalled: [],
    differing: [],
    problems: [],
    presets: PRESETS,
  };
  const MISS = { method: "GET", target: "/info", message: "" } as unknown as Miss;

  test.each([
    ["all played", {}, ["played 3 of 3 exchanges | 0 missed | 0 unplayed | for any client | a.yaml, b.yaml"]],
    ["detected clients", { presets: ["compose", "docker-cli"] as const }, ["for compose, docker-cli"]],
    ["no known client", { presets: [] }, ["for no known client"]],
    ["a miss", { missed: [MISS] }, ["| 1 missed |", "\n  missed  GET /info"]],
    ["unplayed exchanges", { unplayed: ["a.yaml:3  GET /x"] }, ["| 1 unplayed |", "\n  unplayed  a.yaml:3  GET /x"]],
    ["stalls", { stalled: ["a waits"] }, ["| 1 stalled |", "\n  stalled  a waits"]],
    ["input that differs", { differing: ["stdin of a"] }, ["\n  differs  stdin of a"]],
    ["faults", { problems: [new Error("torn")] }, ["\n  fault  torn"]],
  ] as const)("with %s", (_what, more, parts) => {
    const text = formatReplaySummary({ ...REPORT, ...more }, ["a.yaml", "b.yaml"]);
    for (const part of parts) expect(text).toContain(part);
    expect(text).toMatch(/\n$/);
  });

  test("lists at most five of a kind, and counts the rest", () => {
    const unplayed = Array.from({ length: 8 }, (_, at) => `a.yaml:${at}`);
    const lines = formatReplaySummary({ ...REPORT, unplayed }, ["a.yaml"]).split("\n");
    expect(lines.slice(1, 7)).toEqual([
      ...unplayed.slice(0, 5).map((line) => `  unplayed  ${line}`),
      "  unplayed  and 3 more",
    ]);
  });
});
