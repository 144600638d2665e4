import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { mockDocker } from "../../src/modes/mock-docker.ts";
import { replayCassettes } from "../../src/modes/replay.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { clientWords } from "./client-words.ts";
import { runInProcess } from "./run-in-process.ts";

const CASSETTE = "whalesong: 1\n---\nrequest: GET /_ping\nresponse:\n  status: 200 OK\n  text: OK\n";
const UNUSED = "- {on: ContainerStart, name: web, answer: {status: 500}}\n";
const USED = "- {on: SystemPing, latency: 1ms}\n";
const REASON = "no request matched `on: ContainerStart`";

function writeFiles(faults: string): { readonly cassette: string; readonly faults: string; readonly folder: string } {
  const folder = createTemporaryFolder();
  const [cassette, sheet] = [join(folder, "ping.yaml"), join(folder, "faults.yaml")];
  writeFileSync(cassette, CASSETTE);
  writeFileSync(sheet, faults);
  return { cassette, faults: sheet, folder };
}

describe.each(["replay", "run", "mock"] as const)("%s tells of faults that were never applied", (verb) => {
  test.each([
    [USED + UNUSED, [], 0, true],
    [USED + UNUSED, ["--fail-on-unused-faults"], 1, true],
    [USED, ["--fail-on-unused-faults"], 0, false],
  ] as const)("%j with %j: status %i", async (text, flags, status, isTold) => {
    const { cassette, faults } = writeFiles(text);
    const words = [...(verb === "mock" ? [verb] : [verb, cassette]), "--faults", faults, ...flags];
    const result = await runInProcess(...words, ...clientWords("/_ping"));
    expect(result.status).toBe(status);
    expect(result.stderr.match(/unused fault:? .*/g) ?? []).toEqual(
      isTold ? [expect.stringMatching(new RegExp(`^unused fault:? .*faults\\.yaml:2  ${REASON}`))] : [],
    );
  });
});

test("the JSON and the JUnit report have them", async () => {
  const { cassette, faults, folder } = writeFiles(UNUSED);
  const file = join(folder, "report.xml");
  const flags = ["--faults", faults, "--report", "json", "--report-file", file];
  const { stderr } = await runInProcess("replay", cassette, ...flags, ...clientWords("/_ping"));
  expect(JSON.parse(stderr)).toMatchObject({ unusedFaults: [`${faults}:1  ${REASON}`] });
  expect(readFileSync(file, "utf8")).toContain(`name="every fault is applied"><skipped`);
});

test("a recording says that it breaks nothing", async () => {
  const { faults, folder } = writeFiles(USED);
  const words = ["run", join(folder, "new.yaml"), "--mode", "record", "--upstream", "mock", "--faults", faults];
  const { stderr } = await runInProcess(...words, ...clientWords("/_ping"));
  expect(stderr).toContain("--faults applies to replays only, and this is a run in mode `record`: nothing is broken");
});

describe("in code", () => {
  const faults = [{ on: "ContainerStart", answer: { status: 500 } }];

  test("the report of a replay has them, with their place in the list", async () => {
    const { cassette } = writeFiles("");
    const replay = await replayCassettes({
      cassettes: [cassette],
      faults: [{ on: "SystemPing", latency: "1ms" }, ...faults],
    });
    await fetchPing(replay.url);
    expect((await replay.stop()).unusedFaults).toEqual([`faults[1]  ${REASON}`]);
  });

  test("a simulated daemon warns when it stops", async () => {
    const warnings: string[] = [];
    const spy = vi.spyOn(process, "emitWarning").mockImplementation((text) => void warnings.push(String(text)));
    const docker = await mockDocker({ faults });
    await docker.stop();
    await docker.stop();
    spy.mockRestore();
    expect(warnings).toEqual([`unused fault: faults[0]  ${REASON}`]);
  });

  test("what `onUnusedFaults` throws fails the test", async () => {
    const onUnusedFaults = (unused: readonly string[]): void => {
      throw new Error(unused.join());
    };
    const docker = await mockDocker({ faults, onUnusedFaults });
    await expect(docker.stop()).rejects.toThrow(`faults[0]  ${REASON}`);
  });

  test("it throws nothing if all were applied", async () => {
    const onUnusedFaults = vi.fn();
    const docker = await mockDocker({ faults: [{ on: "SystemPing", latency: "1ms" }], onUnusedFaults });
    await fetchPing(docker.url);
    await docker.stop();
    expect(onUnusedFaults).not.toHaveBeenCalled();
  });
});

async function fetchPing(url: string): Promise<void> {
  const { request } = await import("node:http");
  await new Promise<void>((resolve, reject) => {
    request({ socketPath: url.slice("unix://".length), path: "/_ping" }, (response) =>
      response.resume().on("end", resolve),
    )
      .on("error", reject)
      .end();
  });
}
