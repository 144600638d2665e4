/** `--report-file x.xml` of replay and run. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatRecordingJunit, formatReplayJunit } from "../../src/cli/report-junit.ts";
import type { Miss } from "../../src/replay/miss.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess } from "./run-in-process.ts";

const WHOLE: ReplayReport = {
  exchanges: 1,
  played: 1,
  missed: [],
  unplayed: [],
  stalled: [],
  differing: [],
  problems: [],
  presets: [],
};
const STRICT = { allowMisses: false, failOnMiss: true, failOnUnplayed: true, failOnUnusedFaults: true };
const MISS = { method: "GET", target: "/x", message: 'GET /x was "never" <recorded>\nYou can\u001b[31m' } as Miss;

/** The line of a test case. */
function findCase(xml: string, name: string): string | undefined {
  return xml.split("\n").find((line) => line.includes(`name="${name}"`));
}

describe("a replay as JUnit", () => {
  test("has a test case for each promise", () => {
    const xml = formatReplayJunit(WHOLE, ["a.yaml", "b&c.yaml"], STRICT);
    expect(xml).toContain('<testsuite name="whalesong replay" tests="6" failures="0" skipped="0">');
    expect(findCase(xml, "the cassette is whole")).toBe(
      '  <testcase classname="a.yaml, b&amp;c.yaml" name="the cassette is whole"></testcase>',
    );
  });

  test.each([
    [{ missed: [MISS] }, {}, "every request is recorded", "<failure", 1],
    [{ missed: [MISS] }, { allowMisses: true }, "every request is recorded", "<skipped", 0],
    [{ missed: [MISS] }, { failOnMiss: false }, "every request is recorded", "<skipped", 0],
    [{ differing: ["stdin"] }, {}, "every input is as recorded", '<failure message="stdin"', 1],
    [{ unplayed: ["a.yaml:3"] }, {}, "every recorded request is made", '<failure message="a.yaml:3"', 1],
    [{ unplayed: ["a.yaml:3"] }, { failOnUnplayed: false }, "every recorded request is made", "<skipped", 0],
    [{ unusedFaults: ["f.yaml:2"] }, {}, "every fault is applied", '<failure message="f.yaml:2"', 1],
    [{ unusedFaults: ["f.yaml:2"] }, { failOnUnusedFaults: false }, "every fault is applied", "<skipped", 0],
    [{ unusedRules: ["a.yaml:2:10"] }, {}, "every rule matches", "<skipped", 0],
    [{ problems: [new Error("torn")] }, {}, "the cassette is whole", '<failure message="torn"', 1],
  ] as const)("with %j and %j: %s %s", (more, verdict, name, part, failures) => {
    const xml = formatReplayJunit({ ...WHOLE, ...more }, ["a.yaml"], { ...STRICT, ...verdict });
    expect(findCase(xml, name)).toContain(part);
    expect(xml).toContain(`tests="6" failures="${failures}" skipped="${1 - failures}"`);
  });

  test("escapes what XML cannot hold", () => {
    const xml = formatReplayJunit({ ...WHOLE, missed: [MISS] }, ["a.yaml"], STRICT);
    expect(xml).toContain(
      'message="GET /x was &quot;never&quot; &lt;recorded&gt;&#10;You can\\x1b[31m">GET /x was &quot;never&quot;',
    );
  });
});

test.each([
  [undefined, 'failures="0"'],
  [new Error("disk full"), '<failure message="disk full">disk full</failure>'],
])("a recording with the problem %s is one test case", (problem, part) => {
  const xml = formatRecordingJunit({ problem }, "a.yaml");
  expect(xml).toContain(part);
  expect(xml).toContain('<testcase classname="a.yaml" name="the recording is whole">');
});

test.each([
  ["report.xml", /^<\?xml .*name="every recorded request is made"><skipped message="[^"]*GET \/info"/s],
  ["report.json", /^\{"exchanges":1,"played":0,/],
])("--report-file %s", async (name, text) => {
  const folder = createTemporaryFolder();
  const [cassette, file] = [join(folder, "web.yaml"), join(folder, name)];
  writeFileSync(cassette, "whalesong: 1\n---\nrequest: GET /info\nresponse: 200 OK\n");
  const { status } = await runInProcess("replay", cassette, "--report-file", file, "--", "true");
  expect(status).toBe(0);
  expect(readFileSync(file, "utf8")).toMatch(text);
});

test("--report-file report.xml of a `run` that records", async () => {
  const folder = createTemporaryFolder();
  const file = join(folder, "report.xml");
  const words = ["--mode", "once", "--upstream", "mock", "--keep-empty", "--report-file", file, "--", "true"];
  expect(await runInProcess("run", join(folder, "web.yaml"), ...words)).toMatchObject({ status: 0 });
  expect(readFileSync(file, "utf8")).toContain('<testsuite name="whalesong record" tests="1" failures="0"');
});
