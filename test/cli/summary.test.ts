import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import { formatCount } from "../../src/base/format-count.ts";
import { PRESETS } from "../../src/cassette/rule-names.ts";
import { formatRecordingSummary, formatReplaySummary, formatSize } from "../../src/cli/summary.ts";
import type { RecordingReport } from "../../src/record/write/tape.ts";
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
    ["a whole recording", {}, {}, "saved 2 requests to a.yaml\n"],
    ["one exchange", { exchanges: 1 }, {}, "saved 1 request to a.yaml\n"],
    [
      "sidecars",
      {},
      { sidecars: { files: 1, bytes: 301_000 } },
      "saved 2 requests to a.yaml and a/ (1 file, 301.0 kB)\n",
    ],
    [
      "a command to replay",
      {},
      { replayLine: "whalesong replay a.yaml -- docker ps" },
      "saved 2 requests to a.yaml\nreplay: whalesong replay a.yaml -- docker ps\n",
    ],
    ["streams that were cut", { truncated: 1 }, {}, "saved 2 requests to a.yaml | 1 cut\n"],
    [
      "an old cassette that was played and got more",
      { previous: { exchanges: 5, played: 4 } },
      {},
      "a.yaml: 4 of 5 replayed | saved 2 requests to a.yaml\n",
    ],
    [
      "an old cassette that had it all",
      { exchanges: 0, previous: { exchanges: 5, played: 5 } },
      {},
      "a.yaml: 5 of 5 replayed | nothing to add\n",
    ],
    ["left out exchanges", { dropped: 3 }, {}, "saved 2 requests to a.yaml | 3 unfinished and left out\n"],
    [
      "a daemon that was not reached for some",
      { dropped: 5, unreachable: { requests: 4, because: "connect ENOENT" } },
      {},
      "saved 2 requests to a.yaml | 1 unfinished and left out\n4 requests did not reach the daemon: connect ENOENT\n",
    ],
    [
      "a recording that is thrown away",
      { isKept: false },
      { reason: "the command did not start", replayLine: "whalesong replay a.yaml" },
      "recorded 2 requests, a.yaml is not written: the command did not start\n",
    ],
    [
      "a recording without an exchange, said once",
      {
        ...{ exchanges: 0, dropped: 1, isKept: false },
        problem: new UsageError("WHALESONG_NOTHING_RECORDED", "nothing was recorded: 1 request came"),
      },
      {},
      "nothing was recorded: 1 request came [WHALESONG_NOTHING_RECORDED]\n",
    ],
    [
      "a recording that failed",
      { problem: new Error("disk full") },
      {},
      "saved 2 requests to a.yaml\nthe recording is incomplete: disk full\n",
    ],
  ] as const)("of %s", (_what, more, outcome, text) => {
    expect(formatRecordingSummary({ ...REPORT, ...more }, { cassette: "a.yaml", ...outcome })).toBe(text);
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
    ["all played", {}, ["a.yaml, b.yaml: 3 of 3 replayed\n"]],
    [
      "ids",
      { unplayed: [`a.yaml:3  GET /containers/${"0123456789ab".padEnd(64, "c")}/json`] },
      ["/containers/0123456789ab/json"],
    ],
    ["a miss", { missed: [MISS] }, ["3 of 3 replayed | 1 missed\n", "\n  missed  GET /info"]],
    [
      "what a mock has answered",
      { answeredElsewhere: { by: "mock", requests: 2 } },
      ["a.yaml, b.yaml: 3 of 3 replayed | 2 requests answered by the mock\n"],
    ],
    [
      "what a daemon has answered",
      { answeredElsewhere: { by: "daemon", requests: 1 }, unplayed: ["a.yaml:3  GET /x"] },
      ["replayed | 1 request answered by the daemon | 1 unplayed\n"],
    ],
    [
      "nothing that the daemon had to answer",
      { answeredElsewhere: { by: "daemon", requests: 0 } },
      ["a.yaml, b.yaml: 3 of 3 replayed\n"],
    ],
    ["pings and repeated reads that no client asked for", { exchanges: 5 }, ["3 of 5 replayed | 2 not needed\n"]],
    [
      "numbers that add up",
      { exchanges: 11, played: 2, unplayed: Array.from({ length: 5 }, (_, at) => `a.yaml:${at}`) },
      ["2 of 11 replayed | 5 unplayed | 4 not needed\n"],
    ],
    ["unplayed exchanges", { unplayed: ["a.yaml:3  GET /x"] }, ["| 1 unplayed\n", "\n  unplayed  a.yaml:3  GET /x"]],
    ["stalls", { stalled: ["a waits"] }, ["| 1 stalled\n", "\n  stalled  a waits"]],
    ["input that differs", { differing: ["stdin of a"] }, ["\n  differs  stdin of a"]],
    ["problems", { problems: [new Error("torn")] }, ["\n  problem  torn"]],
    ["unused rules", { unusedRules: ["a.yaml:2:9  why"] }, ["| 1 unused rule\n", "\n  unused rule  a.yaml:2:9  why"]],
    ["unused faults", { unusedFaults: ["f.yaml:2  why"] }, ["| 1 unused fault\n", "\n  unused fault  f.yaml:2  why"]],
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

describe("a miss", () => {
  test("is not followed by all that was not played because of it", () => {
    const miss = { method: "GET", target: "/info", message: "" } as unknown as Miss;
    const report = { exchanges: 1, played: 0, missed: [miss], unplayed: ["a.yaml:3"], stalled: [], differing: [] };
    const text = formatReplaySummary({ ...report, problems: [], presets: PRESETS }, ["a.yaml"]);
    expect(text).toBe("a.yaml: 0 of 1 replayed | 1 missed | 1 unplayed\n  missed  GET /info\n");
  });
});
