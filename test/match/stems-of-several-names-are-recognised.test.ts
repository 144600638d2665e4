/** Stems that a client makes up and builds several names around, and what names share that was given. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collectNameStems, STEM_GRAMMARS } from "../../src/match/generated/name-stems.ts";
import { createSharedParts } from "../../src/match/generated/shared-parts.ts";
import { pairGeneratedValues, type ValuePair } from "../../src/match/generated/value-pairs.ts";

const HEX = "0123456789abcdef";
const BASE_36 = "0123456789abcdefghijklmnopqrstuvwxyz";
const textOf = (alphabet: string, length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((letters) => letters.join(""));
const uint32 = fc.noBias(fc.integer({ min: 0, max: 2 ** 32 - 1 })).map(String);

/** As a suite names what it makes in one run. */
const nameAll = (stem: string): readonly string[] => [
  `x${stem}tty`,
  `/volumes/x${stem}vol`,
  `/networks/net-b${stem}`,
  `x${stem}a1`,
];
const pair = (
  recorded: string,
  today: string,
  names: readonly string[],
  field = "query.name",
): readonly ValuePair[] | undefined =>
  pairGeneratedValues(
    recorded,
    today,
    field,
    "ContainerCreate",
    createSharedParts(() => names),
  );

describe("one stem, of which the first name settles all", () => {
  test.each([
    ["hexadecimal, letters first", "ca061842", "5e0b77d1"],
    ["hexadecimal, today without a letter", "3f1c0a9b", "90817263"],
    ["hexadecimal of six digits", "4f9c1e", "a07b32"],
    ["hexadecimal of sixteen digits", "3f1c0a9be2d47c55", "90e2b7a6c4d81f03"],
    ["without a letter", "48213907", "5e0b77d1"],
    ["decimal", "2030456728", "177251307"],
    ["of base 36", "k3x9f2q7", "7hq0zt4m"],
    ["seconds", "1732060801", "1732060977"],
    ["milliseconds", "1732060801123", "1764412345678"],
  ])("%s: %s, %s", (_, recorded, today) => {
    for (const [at, name] of nameAll(recorded).entries()) {
      if (name.startsWith("/")) continue;
      expect(pair(name, nameAll(today)[at] as string, nameAll(recorded))).toEqual([[recorded, today, "part"]]);
    }
  });

  test("alone between separators it is a word", () => {
    expect(pair("web-3f1c0a9b", "web-90e2b7a6", ["/volumes/x3f1c0a9bvol", "web-3f1c0a9b"])).toEqual([
      ["3f1c0a9b", "90e2b7a6"],
    ]);
  });

  test("twice in one text, it is the same pair", () => {
    expect(pair("x3f1c0a9b-y3f1c0a9bz", "x90e2b7a6-y90e2b7a6z", nameAll("3f1c0a9b"))).toEqual([
      ["3f1c0a9b", "90e2b7a6", "part"],
      ["3f1c0a9b", "90e2b7a6", "part"],
    ]);
  });

  test.each([
    ["another word behind it", "x3f1c0a9btty", "x90e2b7a6vol"],
    ["a digit of another number behind it", "x3f1c0a9ba1", "x90e2b7a6a2"],
    ["another letter before it", "x3f1c0a9btty", "y90e2b7a6tty"],
    ["a counter that went up", "x3f1c0a9btty", "x3f1c0a9ctty"],
    ["another kind of number", "x3f1c0a9btty", "xk3x9f2q7tty"],
  ])("no other name: %s", (_, recorded, today) => {
    expect(pair(recorded, today, nameAll("3f1c0a9b"))).toBeUndefined();
  });

  test.each(["json.Cmd", "json.Env", "json.Image", "query.fromImage"])("nor in %s, where no names are put", (field) => {
    expect(pair("x3f1c0a9btty", "x90e2b7a6tty", nameAll("3f1c0a9b"), field)).toBeUndefined();
  });
});

describe("how many recordings' stems are recognised", () => {
  test.each([
    ["eight digits of hexadecimal", textOf(HEX, 8), 85],
    ["twelve", textOf(HEX, 12), 85],
    ["thirty-two", textOf(HEX, 32), 95],
    ["a decimal of 32 bits", uint32, 80],
    ["eight of base 36", textOf(BASE_36, 8), 25],
    ["eleven of base 36", textOf(BASE_36, 11), 40],
  ])("%s", (_, stems, recognised) => {
    const runs = fc.sample(fc.tuple(stems, stems), { numRuns: 1000, seed: 7 });
    const good = runs.filter(([was, is]) => pair(`x${was}tty`, `x${is}tty`, nameAll(was)) !== undefined);
    expect((good.length / runs.length) * 100).toBeGreaterThan(recognised);
  });

  test("whether one is recognised depends on the recorded one alone", () => {
    for (const stem of fc.sample(textOf(HEX, 8), { numRuns: 20, seed: 3 })) {
      const runs = fc.sample(textOf(HEX, 8), { numRuns: 300, seed: 4 });
      const good = runs.filter((today) => pair(`x${stem}tty`, `x${today}tty`, nameAll(stem)) !== undefined).length;
      expect(good === 0 || good >= runs.length * 0.97, `${good} of ${runs.length} for ${stem}`).toBe(true);
    }
  });
});

/** What several names share, and what stands there in another run of another thing. */
const GIVEN = [
  ["words of hexadecimal letters", "facade", "decade"],
  ["words of hexadecimal letters with a number", "decade2024", "facade2025"],
  ["what is written in place of a number", "deadbeef01", "cafebabe02"],
  ["another word", "feedback", "callback"],
  ["a word with a number", "feedback12", "callback34"],
  ["days", "20261128", "20270301"],
  ["days with a letter", "20261128b", "20270301c"],
  ["months", "2026112801", "2027030102"],
  ["sizes", "104857600", "209715200"],
  ["sizes behind a letter that can be a digit", "e104857600", "e209715200"],
  ["round numbers", "12000000", "48000000"],
  ["ports", "8080", "9443"],
  ["pairs of ports", "80808443", "90909443"],
  ["versions", "v1beta1", "v2alpha3"],
  ["versions of images", "node18alpine3", "node20trixie1"],
  ["formats", "html5css3", "xhtml1css"],
  ["formats into formats", "table2xml2csv", "table4md2html"],
  ["databases", "mongo2neo4j", "redis4kafka"],
  ["curves", "secp256k1", "secp521r1"],
  ["hashes", "sha256rsa1", "md5rsa2048"],
  ["architectures", "arm64v8a1", "riscv64b2"],
  ["regions", "useast1a2", "euwest3b1"],
  ["what was counted", "abc12345", "abc67890"],
  ["one digit many times", "a1111111", "b2222222"],
] as const;

test.each(GIVEN)("given: %s: %s, %s", (_, recorded, today) => {
  const known = [...nameAll(recorded), `my${recorded}`, `its-${recorded}z`, ...nameAll(today)];
  for (const frame of ["x#tty", "my#", "b#"]) {
    const [was, is] = [frame.replace("#", recorded), frame.replace("#", today)];
    if (pair(was, is, []) === undefined) expect(pair(was, is, known)).toBeUndefined();
    if (pair(is, was, []) === undefined) expect(pair(is, was, known)).toBeUndefined();
  }
});

test("words and numbers that several names share stay what they are", () => {
  const words = fc.constantFrom(
    "redis",
    "nginx",
    "worker",
    "facade",
    "decade",
    "primary",
    "feed",
    "dead",
    "beef",
    "abc",
  );
  const numbers = fc.constantFrom("1", "2", "7", "12", "18", "2024", "8080", "20261128", "65536", "104857600");
  const parts = fc.tuple(words, numbers, words, fc.constantFrom("", "1", "3")).map((each) => each.join(""));
  fc.assert(
    fc.property(parts, parts, (recorded, today) => {
      const names = nameAll(recorded);
      const [was, is] = [`x${recorded}tty`, `x${today}tty`];
      if (pair(was, is, []) === undefined) expect(pair(was, is, names)).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});

describe("what names share", () => {
  const list = (...names: readonly string[]): readonly string[] => collectNameStems(names).map(({ text }) => text);

  test.each([
    ["within words", ["x3f1c0a9btty", "v3f1c0a9bnet"], ["3f1c0a9b"]],
    ["behind digits", ["t13f1c0a9b", "t23f1c0a9b", "t33f1c0a9b"], ["3f1c0a9b"]],
    ["in paths and names", ["/containers/a3f1c0a9b/json", "b3f1c0a9b"], ["3f1c0a9b"]],
    ["two stems", ["x3f1c0a9btty", "v3f1c0a9bnet", "x90e2b7a6tty", "v90e2b7a6net"], ["3f1c0a9b", "90e2b7a6"]],
    ["one name of several requests", ["/containers/x3f1c0a9btty/json", "x3f1c0a9btty"], []],
    ["ids of the daemon", ["/containers/3f1c0a9be2d4/json", `/containers/3f1c0a9be2d4${"0a".repeat(26)}/json`], []],
    ["a number of six digits in two names", ["x4f9c1etty", "v4f9c1enet"], []],
  ])("%s", (_, names, expected) => {
    expect([...list(...names)].sort()).toEqual([...expected].sort());
  });
});

test("times that follow each other share no stem: each is another time", () => {
  const names = ["test1732060801a", "test1732060809a", "test1732060803b"];
  expect(pair("test1732060801", "test1732147123", names)).toEqual([["test1732060801", "test1732147123"]]);
});

test("every grammar names its source", () => {
  for (const { maker, source } of STEM_GRAMMARS) expect(`${maker}${source}`).toMatch(/\w.*\w/);
});

describe("a single name with a hexadecimal number between letters", () => {
  test.each([
    ["x3f1c0a9btty", "x90e2b7a6tty"],
    ["web3f1c0a9be2d4vol", "web90e2b7a6c4d8vol"],
    ["3f1c0a95net", "90e2b7a6net"],
  ])("%s, %s", (recorded, today) => {
    expect(pair(recorded, today, [])).toEqual([[recorded, today]]);
  });

  test.each([
    ["sizes", "size104857600bytes", "size209715200bytes"],
    ["days", "build20261128beta", "build20270301beta"],
    ["days with hexadecimal letters", "build20261128feed", "build20270301feed"],
    ["words", "prefacadetown", "prefeedbagtown"],
  ])("not %s: %s, %s", (_, recorded, today) => {
    expect(pair(recorded, today, [])).toBeUndefined();
    expect(pair(today, recorded, [])).toBeUndefined();
  });
});
