import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairGeneratedValues } from "../../src/match/generated/value-pairs.ts";

const UUIDS = ["2c9c6a5e-38a2-4a9b-9d32-0b54f2c7e001", "91b7c5d4-0f6e-4d3a-8a51-7de8a3b9f002"] as const;
const SHA = ["3f1c0a9be2d47c55", "90e2b7a6c4d81f03"].map((half) => half.repeat(4)) as [string, string];

describe("these were generated anew for another run", () => {
  test.each([
    ["a uuid", "query.name", UUIDS[0], UUIDS[1]],
    ["a uuid in capitals", "json.Labels.session", UUIDS[0].toUpperCase(), UUIDS[1].toUpperCase()],
    [
      "uuids made of the time",
      "json.Name",
      "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
      "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    ],
    ["a uuid anywhere in a request", "json.Env", `["ID=${UUIDS[0]}"]`, `["ID=${UUIDS[1]}"]`],
    ["a uuid in an image's name", "json.Image", `app:${UUIDS[0]}`, `app:${UUIDS[1]}`],
    ["seconds", "query.name", "test-1732060800", "test-1732147123"],
    ["milliseconds", "query.t", "regular-test-1732060800123", "regular-test-1732147123456"],
    ["milliseconds behind letters", "query.name", "test1732060800123", "test1732147123456"],
    [
      "what testcontainers calls a session",
      "json.Labels.org.testcontainers.session-id",
      "3f1c0a9be2d4",
      "90e2b7a6c4d8",
    ],
    [
      "what testcontainers calls a session, where it builds an image",
      "query.labels",
      '{"org.testcontainers":"true","org.testcontainers.session-id":"3f1c0a9be2d4"}',
      '{"org.testcontainers":"true","org.testcontainers.session-id":"90e2b7a6c4d8"}',
    ],
    ["a time in the labels of a build", "query.labels", '{"run":"1732060800123"}', '{"run":"1732147123456"}'],
    ["what testcontainers calls a network", "json.Name", "3f1c0a9be2d4", "90e2b7a6c4d8"],
    [
      "what testcontainers calls an image",
      "query.t",
      "localhost/3f1c0a9be2d4:77ab10cd29e0",
      "localhost/90e2b7a6c4d8:1b2a3c4d5e6f",
    ],
    ["what compose calls a container", "query.name", "shop_web_run_3f1c0a9be2d4", "shop_web_run_90e2b7a6c4d8"],
    ["a hexadecimal number that has no letter today", "query.name", "ryuk-3f1c0a9be2d4", "ryuk-902817364518"],
    ["a hexadecimal number behind letters", "query.name", "tideddf3b97330a1_web_1", "tide34987c138b4f_web_1"],
    ["a hexadecimal number that had no letter", "query.name", "ryuk-902817364518", "ryuk-3f1c0a9be2d4"],
    [
      "a number of 64 bits without its zero",
      "json.Name",
      "dockerpytest_b5f1e76a9da21f5",
      "dockerpytest_ac724ecd6295546e",
    ],
    ["such a number today", "json.Name", "dockerpytest_ac724ecd6295546e", "dockerpytest_b5f1e76a9da21f5"],
    ["a filter for a name", "query.filters", '{"name":["web-3f1c0a9be2d4"]}', '{"name":["web-90e2b7a6c4d8"]}'],
    ["a long hexadecimal number anywhere", "json.Cmd", '["echo","3f1c0a9be2d47c55"]', '["echo","90e2b7a6c4d81f03"]'],
    ["a number of base 36", "query.name", "box-k3x9f2q7ab1", "box-7hq0zt4mw2c"],
    ["64 bits without leading zeros, two digits shorter", "json.Name", "py_53d2b854b7989c5e", "py_b05259ea6b02bf"],
    ["64 bits without leading zeros, two digits longer", "json.Name", "py_b05259ea6b02bf", "py_53d2b854b7989c5e"],
    ["a number of base 36, one digit shorter", "query.name", "k3x9f2q7ab1", "7hq0zt4mw2"],
    ["a number of base 62 anywhere", "json.Env", '["KEY=aZ3kQ9xWb27LmPf04RtY"]', '["KEY=7Hq0ZtB4mW2cXe9vKd1S"]'],
    ["a name in a path", "path", "/containers/web-3f1c0a9be2d4/json", "/containers/web-90e2b7a6c4d8/json"],
    [
      "a path on the client's side",
      "json.HostConfig.Binds",
      '["/tmp/k3x9f2q7ab1:/data"]',
      '["/tmp/7hq0zt4mw2c:/data"]',
    ],
  ])("%s", (_, field, recorded, today) => {
    expect(pairGeneratedValues(recorded, today, field)).toHaveLength(recorded.includes("localhost/") ? 2 : 1);
  });
});

test.each([
  ["ImageTag", "query.tag", 1],
  ["ImageTag", "query.repo", 1],
  ["ImageCommit", "query.tag", 1],
  ["ImageCreate", "query.tag", undefined],
  ["ImageCreate", "query.fromImage", undefined],
])("%s: whether a number in %s counts as generated depends on the operation", (operation, field, count) => {
  expect(pairGeneratedValues("3f1c0a9be2d4", "90e2b7a6c4d8", field, operation)?.length).toBe(count);
});

describe("these are different things", () => {
  const names = [
    ["words", "web", "db"],
    ["numbered words", "server1", "server2"],
    ["words and numbers", "node18alpine3", "python311slim"],
    ["versions", "v1beta1", "v1beta2"],
    ["versions of other kinds", "v1beta1rc2", "v2alpha3rc1"],
    ["versions of two commits", "v20261128g3f1c0a9be2d4x7k2", "v20261129g90e2b7a6c4d8w5q9"],
    ["platforms", "arm32v7", "arm64v8"],
    ["platforms of other makers", "s390x", "arm64v8"],
    ["encodings", "utf8mb4", "utf16le"],
    ["times", "1h30m15s", "10h5m200ms"],
    ["sizes", "1g512m256k", "2g128m64k"],
    ["ports", "8080", "9090"],
    ["addresses", "10.0.0.1", "10.0.0.2"],
    ["accounts", "123456789012", "210987654321"],
    ["round sizes", "1073741824", "2147483648"],
    ["round sizes that could be moments", "1610612736", "1879048192"],
    ["billionths of a CPU", "1500000000", "1750000000"],
    ["moments of different units", "1732060800", "1732060800123"],
    ["days", "20241120", "20241121"],
    ["hexadecimal numbers that were counted up", "3f1c0a9be2d4", "3f1c0a9be2d5"],
    ["written in place of one", "aaaaaaaaaaa1", "bbbbbbbbbbb2"],
    ["hexadecimal numbers of other lengths", "3f1c0a9be2d4", "90e2b7a6c4d81f"],
    ["short hexadecimal numbers", "3f1c0a9", "90e2b7a"],
    ["commits", "3f1c0a9be2d47c553f1c0a9be2d47c553f1c0a9b", "90e2b7a6c4d81f0390e2b7a6c4d81f0390e2b7a6"],
    ["digests", SHA[0], SHA[1]],
    ["a uuid and a word", UUIDS[0], "web"],
    ["uuids that somebody wrote", "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"],
    ["uuids that were counted up", "2c9c6a5e-38a2-4a9b-9d32-0b54f2c7e001", "2c9c6a5e-38a2-4a9b-9d32-0b54f2c7e002"],
    ["uuids among other words", `a ${UUIDS[0]}`, `b ${UUIDS[1]}`],
    ["one uuid and two", UUIDS[0], `${UUIDS[1]}${UUIDS[1]}`],
    ["other separators", "web-3f1c0a9be2d4", "web_90e2b7a6c4d8"],
    ["hexadecimal numbers behind letters, counted up", "tideddf3b97330a1", "tideddf3b97330a2"],
    ["words of hexadecimal letters", "fabedfaceddecaded0", "fabedeeffacedaded0"],
    ["a random name and a word", "k3x9f2q7ab1", "production-database"],
  ] as const;

  test.each(names)("%s, even as names: %s, %s", (_, recorded, today) => {
    expect(pairGeneratedValues(recorded, today, "query.name")).toBeUndefined();
    expect(pairGeneratedValues(today, recorded, "query.name")).toBeUndefined();
  });

  test.each([
    ["an image of another commit", "json.Image", "app:3f1c0a9be2d4", "app:90e2b7a6c4d8"],
    ["an image of another time", "json.Image", "app:1732060800", "app:1732147123"],
    ["an image by another digest", "json.Image", `alpine@sha256:${SHA[0]}`, `alpine@sha256:${SHA[1]}`],
    ["an image by another id", "json.Image", `sha256:${SHA[0]}`, `sha256:${SHA[1]}`],
    ["an image by another short id", "json.Image", "3f1c0a9be2d4", "90e2b7a6c4d8"],
    ["another image to pull", "query.fromImage", "k3x9f2q7ab1", "7hq0zt4mw2c"],
    ["another tag to pull", "query.tag", "3f1c0a9be2d4", "90e2b7a6c4d8"],
    ["another image in a path", "path", "/images/app:3f1c0a9be2d4/json", "/images/app:90e2b7a6c4d8/json"],
    ["another image in a registry", "path", "/distribution/app:k3x9f2q7ab1/json", "/distribution/app:7hq0zt4mw2c/json"],
    ["another container by its short id", "path", "/containers/3f1c0a9be2d4/json", "/containers/90e2b7a6c4d8/json"],
    ["another container by its long id", "path", `/containers/${SHA[0]}/json`, `/containers/${SHA[1]}/json`],
    ["another date to build for", "json.Env", '["SOURCE_DATE_EPOCH=1600000123"]', '["SOURCE_DATE_EPOCH=1650000321"]'],
    ["another amount of memory", "json.HostConfig.Memory", "1732060801", "1832060801"],
    ["another short commit", "json.Env", '["COMMIT=3f1c0a9be2d4"]', '["COMMIT=90e2b7a6c4d8"]'],
    ["what compose was configured with", "json.Labels.com.docker.compose.config-hash", SHA[0], SHA[1]],
    ["a digest in the labels of a build", "query.labels", `{"base":"sha256:${SHA[0]}"}`, `{"base":"sha256:${SHA[1]}"}`],
    ["a version in the labels of a build", "query.labels", '{"version":"1.2.3"}', '{"version":"1.2.4"}'],
    ["another argument of a build", "query.buildargs", '{"REV":"3f1c0a9be2d4"}', '{"REV":"90e2b7a6c4d8"}'],
    ["another command", "json.Cmd", '["k3x9f2q7ab1"]', '["7hq0zt4mw2c"]'],
    ["more members", "json.Cmd", `["${UUIDS[0]}"]`, `["${UUIDS[1]}","x"]`],
  ])("%s", (_, field, recorded, today) => {
    expect(pairGeneratedValues(recorded, today, field)).toBeUndefined();
  });
});

test("equal texts need no pairs", () => {
  expect(pairGeneratedValues("web", "web", "query.name")).toEqual([]);
});

test("every value is a pair of its own, and the letter of an escape belongs to none", () => {
  expect(
    pairGeneratedValues(`["${UUIDS[0]}\\n3f1c0a9be2d47c55"]`, `["${UUIDS[1]}\\n90e2b7a6c4d81f03"]`, "json.Cmd"),
  ).toEqual([
    [UUIDS[0], UUIDS[1]],
    ["3f1c0a9be2d47c55", "90e2b7a6c4d81f03"],
  ]);
});

describe("a recorded value is recognised in every run, whatever today's value is", () => {
  const digits = (alphabet: string, length: number): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });

  test.each([
    ["uuids", fc.uuid({ version: 4 }), UUIDS[0]],
    ["hexadecimal numbers", digits("0123456789abcdef", 12), "3f1c0a9be2d4"],
    ["numbers of base 36", digits("0123456789abcdefghijklmnopqrstuvwxyz", 11), "k3x9f2q7ab1"],
    ["moments", fc.integer({ min: 1_732_060_801, max: 1_732_099_999 }).map(String), "1732060877"],
  ])("%s", (_, values, recorded) => {
    const isRecognised = (today: string): boolean => pairGeneratedValues(recorded, today, "query.name") !== undefined;
    // By chance two may be alike, or round; a run in a million meets that.
    const runs = fc.sample(values, { numRuns: 2000, seed: 1 });
    expect(runs.filter((today) => !isRecognised(today))).toEqual([]);
  });
});

test("a random string is longer than any version, also where it begins as one", () => {
  const [recorded, today] = [
    "v6OdCaLfgs63Zz9y38wDYshVYYKpmnaMeYMcynUo6L",
    "Lg58q22zhua7IgyvKlvtM9TDYu6wmVTbQ8sEw2xPd1",
  ];
  expect(pairGeneratedValues(`printf "${recorded}"`, `printf "${today}"`)).toEqual([[recorded, today]]);
});

test("a hexadecimal number without a letter among its digits is one where the other has some", () => {
  const [recorded, today] = ["TestBindTempDirb912028822", "TestBindTempDir9dd2f7de78"];
  expect(pairGeneratedValues(recorded, today, "query.name")).toEqual([[recorded, today]]);
  expect(pairGeneratedValues("size104857600", "size209715200", "query.name")).toBeUndefined();
  expect(pairGeneratedValues("disk-e104857600", "disk-e912028345", "query.name")).toBeUndefined();
});
