import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { clientWords } from "./client-words.ts";
import { runInProcess } from "./run-in-process.ts";

const PING = "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n";
// The mode of `run` depends on it.
beforeEach(() => void vi.stubEnv("CI", ""));

function writeCassette(text: string = PING): string {
  const cassette = join(createTemporaryFolder(), "ping.yaml");
  writeFileSync(cassette, text);
  return cassette;
}

describe("the exit status of `replay`", () => {
  const ROWS: readonly (readonly [
    what: string,
    flags: readonly string[],
    command: readonly string[],
    status: number,
  ])[] = [
    ["is 0 if the command succeeds and all is played", [], clientWords("/_ping"), 0],
    ["is the command's if the command fails", [], clientWords("/_ping", 7), 7],
    ["is 1 after a miss", [], clientWords("/info"), 1],
    ["is 1 after a miss with --fail-on-miss", ["--fail-on-miss"], clientWords("/info"), 1],
    ["is 0 after a miss with --allow-misses", ["--allow-misses"], clientWords("/info"), 0],
    ["is 0 after a miss with --no-fail-on-miss", ["--no-fail-on-miss"], clientWords("/info"), 0],
    ["is the command's after a miss", [], clientWords("/info", 7), 7],
    ["is 0 if an exchange is not played", [], ["--", "true"], 0],
    ["is 0 with both flags if all is played", ["--fail-on-miss", "--fail-on-unplayed"], clientWords("/_ping"), 0],
    ["is 0 if a mock answers the miss", ["--on-miss", "mock", "--fail-on-miss"], clientWords("/info"), 0],
    ["is 127 if there is no such command", [], ["--", "no-such-command"], 127],
    ["is 126 if the command cannot be executed", [], ["--", "/dev/null"], 126],
    ["is 128 + 9 if SIGKILL ends the command", [], ["--", "sh", "-c", "kill -9 $$"], 137],
  ];

  test.each(ROWS)("%s", async (_what, flags, command, status) => {
    expect(await runInProcess("replay", writeCassette(), ...flags, ...command)).toMatchObject({ status });
  });

  test.each([
    ["replay", "is 0", [], 0],
    ["replay", "is 1 with --fail-on-unplayed", ["--fail-on-unplayed"], 1],
    ["run", "is 0", [], 0],
    ["run", "is 1 with --fail-on-unplayed", ["--fail-on-unplayed"], 1],
  ] as const)("of %s %s if a change is not played", async (verb, _what, flags, status) => {
    const cassette = writeCassette(`${PING}---\nrequest: POST /containers/web/start\nresponse: 204 No Content\n`);
    const run = await runInProcess(verb, cassette, ...flags, ...clientWords("/_ping"));
    expect(run.status).toBe(status);
    expect(run.stderr).toContain(`  unplayed  ${cassette}:6  POST /containers/web/start\n`);
  });

  test("is 1 if a cassette of the replay is at fault", async () => {
    const text = `${PING}---\nrequest: GET /images/x/get\nresponse:\n  status: 200 OK\n  file: {path: ping/x.tar, size: 1, sha256: ${"0".repeat(64)}}\n`;
    const { status, stderr } = await runInProcess("replay", writeCassette(text), ...clientWords("/images/x/get"));
    expect(status).toBe(1);
    expect(stderr).toContain("\n  problem  ");
    expect(stderr).toContain("the sidecar `ping/x.tar` does not exist");
  });
});

describe("the summary of `replay`", () => {
  test("is text on stderr", async () => {
    const cassette = writeCassette();
    const { stdout, stderr } = await runInProcess("replay", cassette, ...clientWords("/_ping"));
    expect(stdout).toBe("");
    expect(stderr).toBe(`${cassette}: 1 of 1 replayed\n`);
  });

  test("is one JSON document on stderr with --report json", async () => {
    const { stderr } = await runInProcess("replay", writeCassette(), "--report", "json", ...clientWords("/_ping"));
    expect(JSON.parse(stderr)).toMatchObject({ exchanges: 1, played: 1, missed: [], unplayed: [] });
  });
});

describe("the exit status of `record`", () => {
  test.each([
    ["is 0 if the command succeeds", clientWords("/_ping"), 0],
    ["is the command's if the command fails", clientWords("/_ping", 3), 3],
  ] as const)("%s, and the cassette is written", async (_what, command, status) => {
    const cassette = join(createTemporaryFolder(), "new.yaml");
    const run = await runInProcess("record", cassette, "--upstream", "mock", ...command);
    expect(run).toMatchObject({ status, stdout: "" });
    expect(run.stderr).toMatch(/^saved 1 request to .*\.yaml\nreplay: whalesong replay .*\.yaml -- /);
    expect(await runInProcess("check", cassette)).toMatchObject({ status: 0 });
  });
});

describe("`run`", () => {
  test("records the first time, and replays from then on", async () => {
    const cassette = join(createTemporaryFolder(), "run.yaml");
    const first = await runInProcess("run", cassette, "--upstream", "mock", ...clientWords("/_ping"));
    const recorded = readFileSync(cassette, "utf8");
    const second = await runInProcess("run", cassette, "--upstream", "unix:///no.sock", ...clientWords("/_ping"));
    expect([first.status, second.status]).toEqual([0, 0]);
    expect(first.stderr).toContain("saved 1 request");
    expect(second.stderr).toContain("1 of 1 replayed");
    expect(readFileSync(cassette, "utf8")).toBe(recorded);
  });

  test.each(["record", "rewrite", "all"])("starts over with --mode %s", async (mode) => {
    const cassette = writeCassette();
    const { stderr } = await runInProcess(
      "run",
      cassette,
      "--upstream",
      "mock",
      "--mode",
      mode,
      ...clientWords("/version"),
    );
    expect(stderr).toContain("saved 1 request");
    expect(readFileSync(cassette, "utf8")).not.toContain("/_ping");
  });

  test.each(["append", "new_episodes"])("adds what is not recorded with --mode %s", async (mode) => {
    const cassette = writeCassette();
    await runInProcess("run", cassette, "--upstream", "mock", "--mode", mode, ...clientWords("/version"));
    expect(readFileSync(cassette, "utf8")).toMatch(/\/_ping[\s\S]*\/version/);
  });

  test.each(["replay", "none", "once"])("only replays with --mode %s", async (mode) => {
    const { stderr } = await runInProcess("run", writeCassette(), "--mode", mode, ...clientWords("/version"));
    expect(stderr).toContain("0 of 1 replayed | 1 missed");
  });

  test("only runs the command with --mode passthrough", async () => {
    const cassette = join(createTemporaryFolder(), "none.yaml");
    const run = await runInProcess("run", cassette, "--mode", "passthrough", "--", "sh", "-c", "exit 5");
    expect(run).toEqual({ status: 5, stdout: "", stderr: "" });
    expect(existsSync(cassette)).toBe(false);
  });
});

describe("the exit status of `mock`", () => {
  test.each([
    ["is 0 if the command succeeds", clientWords("/_ping"), 0],
    ["is the command's", clientWords("/_ping", 9), 9],
    ["is 127 if there is no such command", ["--", "no-such-command"], 127],
  ] as const)("%s", async (_what, command, status) => {
    expect(await runInProcess("mock", ...command)).toMatchObject({ status, stdout: "" });
  });
});

describe("the exit status of `check`", () => {
  test("is 0 if all cassettes are good, with a line for each", async () => {
    const [one, two] = [writeCassette(), writeCassette()];
    const { status, stderr } = await runInProcess("check", one, two);
    expect(status).toBe(0);
    expect(stderr).toBe([one, two].map((path) => `good  ${path}  1 exchange, 0 sidecars\n`).join(""));
  });

  test("is 1 if one of them is bad, and the others are checked", async () => {
    const [bad, good] = [writeCassette("services: {}\n"), writeCassette()];
    const { status, stderr } = await runInProcess("check", bad, good);
    expect(status).toBe(1);
    expect(stderr).toContain(`bad   ${bad}:1:1`);
    expect(stderr).toContain(`good  ${good}`);
  });
});
