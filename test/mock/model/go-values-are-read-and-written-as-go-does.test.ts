import { describe, expect, test } from "vitest";
import { compileGlob } from "../../../src/mock/model/compile-glob.ts";
import {
  formatHttpTime,
  formatRfc3339Fixed,
  formatRfc3339Nano,
  parseGoDurationMs,
  parseTimestampNs,
  toUnixSeconds,
} from "../../../src/mock/model/go-time.ts";
import { formatHumanDuration } from "../../../src/mock/model/human-duration.ts";
import {
  formatHumanSize,
  formatProgressBar,
  toLayerProgress,
  toLayerStatus,
} from "../../../src/mock/model/layer-progress.ts";

describe("a pattern of path.Match", () => {
  test.each([
    ["abc", "abc", true],
    ["*", "abc", true],
    ["*c", "abc", true],
    ["a*", "a", true],
    ["a*", "ab/c", false],
    ["a*/b", "abc/b", true],
    ["a*/b", "a/c/b", false],
    ["a*b*c*d*e*/f", "axbxcxdxe/f", true],
    ["a*b?c*x", "abxbbxdbxebxczzx", true],
    ["a*b?c*x", "abxbbxdbxebxczzy", false],
    ["ab[c]", "abc", true],
    ["ab[b-d]", "abc", true],
    ["ab[e-g]", "abc", false],
    ["ab[^c]", "abc", false],
    ["ab[^e-g]", "abc", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "ab", false],
    ["a?b", "a\u263ab", true],
    ["a[^a]b", "a\u263ab", true],
    ["a???b", "a\u263ab", false],
    ["a?b", "a/b", false],
    ["a*b", "a/b", false],
    ["[\\]a]", "]", true],
    ["[\\-]", "-", true],
    ["[x\\-]", "-", true],
    ["[x\\-]", "z", false],
    ["[\\-x]", "x", true],
    ["*x", "xxx", true],
    ["a-b.c+d", "a-b.c+d", true],
    ["a.c", "abc", false],
    ["[z-a]", "m", false],
    ["[^z-a]", "m", true],
  ])("%s on %s is %s", (pattern, text, isMatch) => {
    expect(compileGlob(pattern)?.test(text)).toBe(isMatch);
  });

  test.each(["[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a[", "a\\"])(
    "%s is malformed",
    (pattern) => {
      expect(compileGlob(pattern)).toBeUndefined();
    },
  );
});

describe("a duration", () => {
  test.each([
    ["0", 0],
    ["-0", 0],
    ["5s", 5000],
    ["+5s", 5000],
    ["-5s", -5000],
    ["5.6s", 5600],
    ["5.s", 5000],
    [".5s", 500],
    ["10ns", 1e-5],
    ["11us", 0.011],
    ["12\u00b5s", 0.012],
    ["12\u03bcs", 0.012],
    ["13ms", 13],
    ["3h30m", 12_600_000],
    ["10.5s4m", 250_500],
    ["-2m3.4s", -123_400],
    ["1h2m3s4ms5us6ns", 3_723_004.005006],
  ])("%s is %d ms", (text, ms) => {
    expect(Math.abs((parseGoDurationMs(text) as number) - ms)).toBeLessThan(1e-6);
  });

  test.each(["", "3", "-", "s", ".", "-.", ".s", "1d", "1h 2m", "e3s", "--1s"])("%j is not one", (text) => {
    expect(parseGoDurationMs(text)).toBeUndefined();
  });
});

describe("a time in a query", () => {
  const NOW = 1_136_073_600_000_000_000n;
  test.each([
    ["1136073600", 1_136_073_600_000_000_000n],
    ["1136073600.000000001", 1_136_073_600_000_000_001n],
    ["1136073600.5", 1_136_073_600_500_000_000n],
    ["-1", -1_000_000_000n],
    ["2006-01-02T15:04:05.999999999Z", 1_136_214_245_999_999_999n],
    ["2006-01-02T15:04:05.999999999+07:00", 1_136_189_045_999_999_999n],
    ["2006-01-02T15:04:05", 1_136_214_245_000_000_000n],
    ["2006-01-02T15:04Z", 1_136_214_240_000_000_000n],
    ["2006-01-02T15:04", 1_136_214_240_000_000_000n],
    ["2006-01-02T15", 1_136_214_000_000_000_000n],
    ["2006-01-02", 1_136_160_000_000_000_000n],
    ["2006-01-02Z", 1_136_160_000_000_000_000n],
    ["2006-01-02+01:00", 1_136_156_400_000_000_000n],
    ["1m", NOW - 60_000_000_000n],
    ["1.5h", NOW - 5_400_000_000_000n],
    ["-1m", NOW + 60_000_000_000n],
  ])("%s", (text, ns) => {
    expect(parseTimestampNs(text, NOW)).toBe(ns);
  });

  test.each(["", "x", "2006-13-01", "2006-01-02T25:00", "2006-1-2", "1.1.1", "15:04"])("%j is not one", (text) => {
    expect(parseTimestampNs(text, NOW)).toBeUndefined();
  });
});

test.each([
  [0n, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000000Z"],
  [1_136_214_245_000_000_000n, "2006-01-02T15:04:05Z", "2006-01-02T15:04:05.000000000Z"],
  [1_136_214_245_120_000_000n, "2006-01-02T15:04:05.12Z", "2006-01-02T15:04:05.120000000Z"],
  [1_136_214_245_000_000_001n, "2006-01-02T15:04:05.000000001Z", "2006-01-02T15:04:05.000000001Z"],
])("%d is written without and with trailing zeros", (ns, nano, fixed) => {
  expect([formatRfc3339Nano(ns), formatRfc3339Fixed(ns)]).toEqual([nano, fixed]);
});

test("seconds are cut, and headers have the time of HTTP", () => {
  expect(toUnixSeconds(1_999_999_999n)).toBe(1);
  expect(formatHttpTime(1_136_214_245_999_999_999n)).toBe("Mon, 02 Jan 2006 15:04:05 GMT");
});

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;

test.each([
  [450_000_000n, "Less than a second"],
  [SECOND, "1 second"],
  [47n * SECOND, "47 seconds"],
  [60n * SECOND, "About a minute"],
  [119n * SECOND, "About a minute"],
  [180n * SECOND, "3 minutes"],
  [35n * 60n * SECOND + 40n * SECOND, "35 minutes"],
  [HOUR, "About an hour"],
  [HOUR + 29n * 60n * SECOND, "About an hour"],
  [HOUR + 45n * 60n * SECOND, "2 hours"],
  [3n * HOUR, "3 hours"],
  [47n * HOUR, "47 hours"],
  [48n * HOUR, "2 days"],
  [9n * 24n * HOUR, "9 days"],
  [14n * 24n * HOUR, "2 weeks"],
  [60n * 24n * HOUR, "2 months"],
  [365n * 24n * HOUR, "12 months"],
  [2n * 365n * 24n * HOUR, "2 years"],
  [2n * 365n * 24n * HOUR - 60n * SECOND, "1 years"],
])("%d ns is `%s`", (ns, text) => {
  expect(formatHumanDuration(ns)).toBe(text);
});

test.each([
  [0, "0B"],
  [999, "999B"],
  [1000, "1kB"],
  [1024, "1.024kB"],
  [123_456, "123.5kB"],
  [1_000_000, "1MB"],
  [2.22e9, "2.22GB"],
  [1e15, "1PB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatHumanSize(bytes)).toBe(text);
});

test.each([
  [0, 100, `[>${" ".repeat(50)}]       0B/100B`],
  [50, 100, `[${"=".repeat(25)}>${" ".repeat(25)}]      50B/100B`],
  [100, 100, `[${"=".repeat(50)}>]     100B/100B`],
  [120, 100, `[${"=".repeat(50)}>]     120B`],
  [1500, 0, "   1.5kB"],
  [0, 0, ""],
])("a bar of %d of %d bytes", (current, total, bar) => {
  expect(formatProgressBar({ current, total })).toBe(bar);
});

test("a layer's message has numbers while it is in transfer, and none for a status", () => {
  expect(JSON.stringify(toLayerProgress("Downloading", "abc", { current: 1, total: 2 }))).toMatch(
    /^\{"status":"Downloading","progressDetail":\{"current":1,"total":2\},"progress":"\[=+> +\] +1B\/2B","id":"abc"\}$/,
  );
  expect(JSON.stringify(toLayerStatus("Pull complete", "abc"))).toBe(
    '{"status":"Pull complete","progressDetail":{},"id":"abc"}',
  );
});
