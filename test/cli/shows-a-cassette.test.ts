import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { runVerb } from "../../src/cli/run-verb.ts";
import { runInProcess } from "./run-in-process.ts";

const CASSETTES = join(import.meta.dirname, "../../cassettes");
const HELLO = join(CASSETTES, "run-hello.yaml");

afterEach(() => vi.unstubAllEnvs());

describe("show", () => {
  test.each([
    ["--exchange", "3", ["attach"]],
    ["--exchange", "2-3,start", ["create", "attach", "start"]],
    ["-e", "5", ["start"]],
  ])("%s %s", async (flag, exchange, verbs) => {
    const { stdout } = await runInProcess("show", HELLO, flag, exchange);
    expect([...stdout.matchAll(/^ {2,3}\d+ \w+ +(\w+)/gm)].map(([, verb]) => verb)).toEqual(verbs);
  });

  test("--json prints a line of JSON for each exchange", async () => {
    const { stdout } = await runInProcess("show", HELLO, "--json");
    const records = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records.map(({ number, verb, subject }) => [number, verb, subject])).toEqual([
      [1, "ping", ""],
      [2, "create", "web"],
      [3, "attach", "web"],
      [4, "wait", "web"],
      [5, "start", "web"],
    ]);
    expect(records[2].stream).toContainEqual({ kind: "frames", at: 100, stream: "stdout", text: "hello\n" });
    expect(records[1].request.body.json.Image).toBe("busybox");
  });

  test("--only prints what was printed, whatever waited for what", async () => {
    expect((await runInProcess("show", HELLO, "--only", "stdout,exit")).stdout).toBe(
      "         3 stdout   hello\n         4 exit     0\n",
    );
  });

  test.each([
    [["--grep", "nothing here"], "has `nothing here`"],
    [["--grep", "nothing here", "--json"], "has `nothing here`"],
    [["--only", "tty,stdin"], "printed tty or stdin"],
    [["--grep", "create", "--only", "tty"], "has `create` and printed tty"],
  ])("%j says so if nothing is left", async (words, what) => {
    const { status, stderr } = await runInProcess("show", HELLO, ...words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: `no exchange of ${HELLO} ${what}\n` });
  });

  test.each([
    [["--exchange", "6"], 1, "there is no exchange `6`"],
    [["--exchange", "3-99"], 1, "there are not all of the exchanges `3-99`"],
    [["--exchange", "stop"], 1, "there is no exchange `stop`"],
    [["--only", "stdot"], 2, "--only got `stdot`"],
  ])("%j is refused", async (words, expected, complaint) => {
    const { status, stderr } = await runInProcess("show", HELLO, ...words);
    expect(status).toBe(expected);
    expect(stderr).toContain(complaint);
  });

  test.each([
    ["always", "", true],
    ["never", "1", false],
    ["auto", "", false],
    ["auto", "1", true],
  ])("--color %s with FORCE_COLOR=%j", async (color, force, isColoured) => {
    vi.stubEnv("FORCE_COLOR", force);
    expect((await runInProcess("show", HELLO, "--color", color)).stdout.includes("\x1b[1m")).toBe(isColoured);
  });

  test("on a terminal it goes through the pager, in colours and escaped, until that is left", async () => {
    vi.stubEnv("FORCE_COLOR", "");
    vi.stubEnv("NO_COLOR", "");
    vi.stubEnv("TERM", "xterm");
    const paged: string[] = [];
    const terminal = {
      stdout: { write: () => expect.unreachable(), isTerminal: true },
      stderr: { write: () => undefined },
      waitForStop: () => new Promise<void>(() => undefined),
      openPager: async () => ({
        write: async (text: string) => paged.push(text) < 2,
        close: async () => void paged.push("closed"),
      }),
    };
    const { status } = await runVerb(
      ["show", join(CASSETTES, "exec-tty.yaml"), "--verbose", "--exchange", "3-4"],
      terminal,
    );
    expect(status).toBe(0);
    expect(paged.join("")).toContain("\x1b[1mexec in\x1b[22m");
    expect(paged.join("")).toContain("\\u001b[6n");
    expect(paged.at(-1)).toBe("closed");
  });
});
