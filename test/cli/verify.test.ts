import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mockDocker } from "../../src/modes/mock-docker.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess, type VerbRun } from "./run-in-process.ts";

const HEADER = "whalesong: 1\n";
const READS = `${HEADER}---\nrequest: GET /v1.51/volumes\nresponse:\n  status: 200 OK\n  headers: {Content-Type: application/json}\n  json: {"Volumes":[],"Warnings":null}\n`;
const CHANGES = `${READS}---\nrequest:\n  line: POST /v1.51/volumes/create\n  json: {"Name":"data"}\nresponse:\n  status: 201 Created\n  headers: {Content-Type: application/json}\n  json: {"Name":"data"}\n`;

function runVerify(text: string, ...flags: string[]): Promise<VerbRun> {
  return runVerifyWith("28", text, ...flags);
}

async function runVerifyWith(engine: "20.10" | "28", text: string, ...flags: string[]): Promise<VerbRun> {
  const cassette = join(createTemporaryFolder(), "web.yaml");
  writeFileSync(cassette, text);
  const docker = await mockDocker({ engine });
  try {
    return await runInProcess("verify", cassette, "--upstream", docker.url, ...flags);
  } finally {
    await docker.stop();
  }
}

describe("verify", () => {
  test("of reads says that they are still true", async () => {
    const { status, stdout } = await runVerify(READS);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/still true; 1 exchange verified: 0 error, 0 warn/),
    });
  });

  test("of a version that the daemon does not know says so once", async () => {
    const { status, stdout, stderr } = await runVerifyWith("20.10", CHANGES, "--allow-changes");
    expect(status).not.toBe(0);
    expect(stderr).toContain(
      "API 1.51 of the recording is newer than the daemon's 1.41; verify it with a newer Engine",
    );
    expect(stdout).toBe("");
  });

  test("shows what it would change, and sends nothing without consent", async () => {
    const { status, stdout, stderr } = await runVerify(CHANGES);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(
      "web.yaml changes something once:\n  POST /v1.51/volumes/create\nnothing was sent. You can\n",
    );
    expect(stderr).toMatch(
      / {2}- send them and remove all that they make: whalesong verify --allow-changes --upstream \S+ \S+web\.yaml\n/,
    );
    expect(stderr).toMatch(/ {2}- leave them out: whalesong verify --read-only --upstream \S+ \S+web\.yaml\n$/);
  });

  test("the lines to go on with keep the flags of the run", async () => {
    const flags = ["--touch-existing", "--fail-on", "warn", "--report", "json"];
    const { stderr } = await runVerify(CHANGES, ...flags);
    expect(stderr).toMatch(
      /whalesong verify --allow-changes --touch-existing --upstream \S+ --fail-on warn --report json \S+web\.yaml\n/,
    );
    expect(stderr).toMatch(/whalesong verify --read-only --upstream \S+ --fail-on warn --report json \S+web\.yaml\n$/);
  });

  test("with consent shows it, and verifies", async () => {
    const { status, stdout, stderr } = await runVerify(CHANGES, "--allow-changes");
    expect(stderr).toMatch(/all that they make is removed in the end; names get the prefix verify-[0-9a-f]{6}-/);
    expect(stdout).toMatch(/2 exchanges verified/);
    expect(status).toBe(0);
  });

  test("--read-only leaves changes out, and says so", async () => {
    const { status, stdout, stderr } = await runVerify(CHANGES, "--read-only");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("not sent: 1 request, because it changes something");
  });

  test("ends with 1 at the grade of --fail-on", async () => {
    const drifted = READS.replace('"Warnings":null', '"Warnings":"none"');
    expect(await runVerify(drifted)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("warn   type changed  body.Warnings"),
    });
    expect(await runVerify(drifted, "--fail-on", "warn")).toMatchObject({ status: 1 });
    expect(await runVerify(READS.replace("200 OK", "204 OK"))).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("error  status changed"),
    });
  });

  test("reports as JSON and as JUnit, to a file where one is named", async () => {
    const drifted = READS.replace("200 OK", "204 OK");
    const { stdout } = await runVerify(drifted, "--report", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      hasFailed: true,
      worst: "error",
      exchanges: [
        { method: "GET", differences: [{ grade: "error", what: "status changed", recorded: 204, got: 200 }] },
      ],
    });
    const file = join(createTemporaryFolder(), "report.xml");
    expect(await runVerify(drifted, "--report", "junit", "--report-file", file)).toMatchObject({
      status: 1,
      stdout: "",
    });
    const junit = readFileSync(file, "utf8");
    expect(junit).toContain('tests="1" failures="1" skipped="0"');
    expect(junit).toMatch(
      /<testcase classname=".*web\.yaml" name="GET \/v1\.51\/volumes"><failure message="status changed/,
    );
  });
});
