/** Random endings without a separator before them, and names with numbers that were given. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collectSharedEndings } from "../../src/match/generated/glued-endings.ts";
import { createNumberComparison, haveNumbers } from "../../src/match/generated/numbered-names.ts";
import { createSharedParts, type SharedParts } from "../../src/match/generated/shared-parts.ts";
import { pairGeneratedValues } from "../../src/match/generated/value-pairs.ts";

const endings = fc
  .array(fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789"), { minLength: 8, maxLength: 8 })
  .map((letters) => letters.join(""));

const pair = (recorded: string, today: string, shared?: SharedParts, field = "query.name") =>
  pairGeneratedValues(recorded, today, field, "ContainerCreate", shared);

describe("made up", () => {
  test.each([
    ["a container", "query.name", "busybox_testnh62kx0q", "busybox_testq7w1zz4p", ["testnh62kx0q", "testq7w1zz4p"]],
    ["a container today without a digit", "query.name", "rennh62kx0q", "renabcdefgh", ["rennh62kx0q", "renabcdefgh"]],
    ["a volume", "json.Name", "testnh62kx0q", "testq7w1zz4p", ["testnh62kx0q", "testq7w1zz4p"]],
    ["a path", "path", "/networks/testnh62kx0q", "/networks/testq7w1zz4p", ["testnh62kx0q", "testq7w1zz4p"]],
    [
      "a filter among others",
      "query.filters",
      '{"label":["com.docker.compose.project"],"name":["testnh62kx0q"]}',
      '{"label":["com.docker.compose.project"],"name":["testq7w1zz4p"]}',
      ["testnh62kx0q", "testq7w1zz4p"],
    ],
  ])("%s", (_, field, recorded, today, words) => {
    expect(pair(recorded, today, undefined, field)).toEqual([words]);
  });

  const share = (shared: boolean): number => {
    const runs = fc.sample(fc.tuple(endings, endings), { numRuns: 1000, seed: 7 });
    const good = runs.filter(([was, is]) => {
      const known = shared ? createSharedParts(() => [`busybox_test${was}`, `/containers/ren${was}/json`]) : undefined;
      return pair(`test${was}`, `test${is}`, known) !== undefined;
    });
    return (good.length / runs.length) * 100;
  };

  test("many are recognised alone, most where several things of one recording have them", () => {
    const [alone, together] = [share(false), share(true)];
    expect(alone).toBeGreaterThan(35);
    expect(together).toBeGreaterThan(60);
  });

  test("whether one is recognised depends on the recorded one alone", () => {
    for (const was of fc.sample(endings, { numRuns: 20, seed: 3 })) {
      const runs = fc.sample(endings, { numRuns: 300, seed: 4 });
      const good = runs.filter((is) => pair(`test${was}`, `test${is}`) !== undefined).length;
      expect(good === 0 || good >= runs.length * 0.97, `${good} of ${runs.length} for ${was}`).toBe(true);
    }
  });
});

/** Equal beginnings and equal lengths: only what they mean tells them from endings that are random. */
const GIVEN = [
  ["numbers", "web1", "web2"],
  ["numbers of longer words", "frontend01", "frontend02"],
  ["versions", "node12", "node14"],
  ["versions within", "redis7alpine", "redis6trixie"],
  ["versions of two kinds", "node18alpine3", "node20trixie1"],
  ["what is made of what", "folder2md4docs", "folder5builder"],
  ["formats", "table2xml2csv", "table2capella"],
  ["databases", "mongo2neo4j", "mongo2crate"],
  ["curves", "libsecp256k1", "libsecret2v1"],
  ["architectures", "ffmpegarm64v8a", "ffmpegriscv64"],
  ["roles", "mysql8primary", "mysql5replica"],
  ["places", "appeurope1a2", "appamerica3b"],
  ["years", "demo2024ceu", "demo2025abc"],
  ["days", "build20261128", "build20270301"],
  ["days with letters", "nightly20261128ab", "nightly20270301cd"],
  ["ports", "proxy8080http", "proxy9443quic"],
  ["sizes", "cache512m2g", "cache256m4g"],
  ["endings of letters alone", "testwebkqzvx", "testabcdefgh"],
  ["other words", "testnh62kx0q", "prodq7w1zz4p"],
  ["other lengths", "testnh62kx0q", "testq7w1zz4pa"],
  ["edited", "testnh62kx0q", "testnh62kx1r"],
] as const;

test.each(GIVEN)("given: %s: %s, %s", (_, recorded, today) => {
  const known = createSharedParts(() => [recorded, today, `my${today}`, `its${recorded}`]);
  for (const shared of [undefined, known]) {
    expect(pair(recorded, today, shared)).toBeUndefined();
    if (!recorded.endsWith("nh62kx0q")) expect(pair(today, recorded, shared)).toBeUndefined();
  }
});

test.each([
  ["json.Cmd", "echo testnh62kx0q", "echo testq7w1zz4p"],
  ["json.Image", "testnh62kx0q", "testq7w1zz4p"],
  ["json.Env", '["A=testnh62kx0q"]', '["A=testq7w1zz4p"]'],
  ["query.fromImage", "testnh62kx0q", "testq7w1zz4p"],
])("in %s no names are put", (field, recorded, today) => {
  expect(pair(recorded, today, undefined, field)).toBeUndefined();
});

test("a word with numbers, with others of equal length and beginning, stays what it is", () => {
  const words = fc.constantFrom("redis", "nginx", "worker", "alpine", "primary", "front", "east", "build", "stage");
  const numbers = fc.constantFrom("1", "2", "7", "12", "18", "2024", "8080");
  const names = fc.tuple(words, numbers, words, fc.constantFrom("", "1", "3")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(names, names, (recorded, today) => {
      expect(recorded === today ? undefined : pair(recorded, today)).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});

describe("shared endings", () => {
  test.each([
    ["behind two words", ["busybox_testnh62kx0q", "rennh62kx0q"], ["nh62kx0q"]],
    ["behind a word, and alone", ["/volumes/testnh62kx0q", "my-nh62kx0q"], ["nh62kx0q"]],
    ["of one name, which several requests have", ["testnh62kx0q", "/containers/testnh62kx0q/json"], []],
    ["words with a number", ["appworker01", "webworker01"], []],
    ["words", ["myfrontend", "itsfrontend"], []],
    ["digits alone", ["app20261128", "web20261128"], []],
  ])("%s", (_, texts, expected) => {
    expect([...collectSharedEndings(texts)]).toEqual(expected);
  });
});

describe("numbers before what is random", () => {
  const twelve = Array.from({ length: 12 }, (_, at) => `t${at + 1}90e2b7a6c4d8`);
  const padded = twelve.map((name) => name.replace(/^t(?=\d90e)/, "t0"));
  const decimals = ["2", "3", "4", "5", "6", "7", "8", "9"].map((number) => `TestX${number}2265341535`);
  const subtests = [...decimals, "TestX10877123456", "TestX12636589650", "TestX113521575186", "TestX11987654321"];

  test.each([
    ["t190e2b7a6c4d8", "t1ffeeddccbbaa", ["t23f1c0a9be2d4", "t190e2b7a6c4d8", "t377ab10cd29e0"], 2],
    ["t190e2b7a6c4d8", "t2ffeeddccbbaa", ["t23f1c0a9be2d4", "t190e2b7a6c4d8", "t377ab10cd29e0"], 0],
    ["t190e2b7a6c4d8", "t19feeddccbbaa", ["t23f1c0a9be2d4", "t190e2b7a6c4d8", "t377ab10cd29e0"], 2],
    ["t0a1b2c3d4", "t0eeddccbb", ["t1ffeeddcc", "t0a1b2c3d4"], 2],
    ["t1290e2b7a6c4d8", "t12ffeeddccbbaa", twelve, 4],
    ["t1290e2b7a6c4d8", "t11ffeeddccbbaa", twelve, 0],
    ["t190e2b7a6c4d8", "t12eeddccbbaa0", twelve, 2],
    ["t1290e2b7a6c4d8", "t12eeddccbbaa0", twelve, 0],
    ["t0390e2b7a6c4d8", "t03eeddccbbaa01", padded, 4],
    ["t0390e2b7a6c4d8", "t04eeddccbbaa01", padded, 0],
    ["TestX11234567890", "TestX19876543210", ["/tmp/TestX11234567890/001", '["/tmp/TestX23456789012/001:/x"]'], 2],
    ["TestX10877123456", "TestX10123456789", subtests, 4],
    ["TestX113521575186", "TestX112345678901", subtests, 4],
    ["TestX12636589650", "TestX121234567890", subtests, 4],
    ["TestX11987654321", "TestX13456789012", subtests, 2],
    ["t190e2b7a6c4d8", "t1ffeeddccbbaa", ["t190e2b7a6c4d8"], 0],
    ["t190e2b7a6c4d8", "t1ffeeddccbbaa", ["t190e2b7a6c4d8", "t377ab10cd29e0"], 0],
    ["t190e2b7a6c4d8", "t1ffeeddccbbaa", ["t190e2b7a6c4d8", "t1a7ab10cd29e0"], 0],
    ["t190e2b7a6c4d8", "t1ffeeddccbbaa", ["t190e2b7a6c4d8", "u277ab10cd29e0"], 0],
  ])("%s has of the number of %s, among %j: %i", (recorded, today, names, expected) => {
    expect(createNumberComparison(names)([recorded, today])).toBe(expected);
  });

  test.each([
    ["t190e2b7a6c4d8", "t2ffeeddccbbaa", true],
    ["TestX11234567890", "TestX23456789012", true],
    ["t190e2b7a6c4d8", "tffeeddccbbaa", false],
    ["90e2b7a6c4d8", "12eeddccbbaa", false],
    ["happy_curie", "stoic_hopper", false],
  ])("%s and %s have numbers: %s", (recorded, today, expected) => {
    expect(haveNumbers([recorded, today])).toBe(expected);
  });
});
