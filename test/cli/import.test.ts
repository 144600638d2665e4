import { readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";

import { writeFixture } from "../import/import-fixture.ts";
import { runInProcess } from "./run-in-process.ts";

describe("whalesong import", () => {
  const PING = [{ scope: "http://localhost:80", path: "/_ping", response: "OK" }];

  test("says what it took over, and what not", async () => {
    const { file, cassette } = writeFixture([...PING, { scope: "https://example.org", path: "/", response: "" }]);
    const { status, stderr } = await runInProcess("import", file, cassette);
    expect(stderr).toBe(
      `left out  ${file}:7  GET example.org/: it is not of the Docker Engine API\nimported 1 request to ${cassette} | 1 left out\n`,
    );
    expect(status).toBe(0);
    expect(await runInProcess("check", cassette)).toMatchObject({ status: 0 });
  });

  test.each([
    ["an empty list", [], "", "has no exchange"],
    [
      "what is all left out",
      [{ scope: "https://example.org", path: "/", response: "" }],
      "left out",
      "has 1 exchange, and none can be imported",
    ],
  ])("writes no cassette of %s", async (_, content, before, why) => {
    const { file, cassette } = writeFixture(content);
    const { status, stderr } = await runInProcess("import", file, cassette);
    expect(stderr).toMatch(new RegExp(`^${before}`));
    expect(stderr).toContain(
      `nothing was imported: \`${file}\` ${why}; \`${cassette}\` is not written [WHALESONG_NOTHING_IMPORTED]\n`,
    );
    expect(status).toBe(1);
    expect(readdirSync(dirname(file))).toEqual(["fixture.json"]);
  });

  test("does not write over a cassette", async () => {
    const { file, cassette } = writeFixture(PING);
    writeFileSync(cassette, "whalesong: 1\n");
    const { status, stderr } = await runInProcess("import", file, cassette);
    expect(stderr).toContain("[WHALESONG_CASSETTE_EXISTS]");
    expect(status).toBe(1);
  });

  test("says that a file is not there", async () => {
    const { cassette } = writeFixture(PING);
    const { status, stderr } = await runInProcess("import", "/nonexistent.json", cassette);
    expect(stderr).toMatch(/cannot read the file `\/nonexistent\.json`.*\[WHALESONG_IMPORT_FILE\]/);
    expect(status).toBe(1);
  });
});
