import { join } from "node:path";
import { expect, test } from "vitest";
import { runInProcess } from "./run-in-process.ts";

const CASSETTES = join(import.meta.dirname, "../../cassettes");

test.each([
  ["run-hello.yaml", "3", "hello\n"],
  ["attach-websocket.yaml", "3", "hello\nover a websocket\n"],
  ["exec-tty.yaml", "4", "/ # exit 4\r\n"],
  ["pull.yaml", "4", "Status: Image is up to date for greeting:latest\n"],
  ["build.yaml", "2", "Step 3/4 : RUN cat greeting.txt\n ---> Running in cb556d1945fd\nhello from a file\n"],
  ["build-buildkit.yaml", "8", "#7 [3/3] RUN cat greeting.txt\n#7 0.328 hello from a file\n"],
  ["events.yaml", "2", "container die web (busybox, exit 0)\n"],
  ["stats.yaml", "3", "memory 753.7 kB of 67.1 MB\n"],
])("%s %s", async (name, exchange, output) => {
  const { status, stdout } = await runInProcess("play", join(CASSETTES, name), exchange, "--speed", "none");
  expect(status).toBe(0);
  expect(stdout).toContain(output);
  expect(stdout).not.toContain("\x1b[6n");
});

test("all that was printed, if no exchange is named", async () => {
  const { stdout } = await runInProcess("play", join(CASSETTES, "logs-follow.yaml"), "--speed", "none");
  expect(stdout).toBe(
    `line 1\nline 2\nline 3\n${"ls: /the/end: No such file or directory\n"}line 3\n${"ls: /the/end: No such file or directory\n"}`,
  );
});

test("an exchange that printed nothing is told of", async () => {
  const run = await runInProcess("play", join(CASSETTES, "run-hello.yaml"), "1");
  expect(run).toMatchObject({
    status: 0,
    stdout: "",
    stderr: expect.stringContaining("these exchanges printed nothing; `whalesong show` says which"),
  });
});

test("pauses are kept, scaled and cut", async () => {
  const measure = async (...words: readonly string[]): Promise<number> => {
    const start = performance.now();
    await runInProcess("play", join(CASSETTES, "logs-follow.yaml"), "5", ...words);
    return performance.now() - start;
  };
  // 50, 200 and 200 ms were recorded.
  expect(await measure("--speed", "2x")).toBeGreaterThan(200);
  expect(await measure("--speed", "1x", "--idle", "10ms")).toBeLessThan(await measure());
});

test.each([
  [["4", "--speed", "fast"], 2, "--speed must be"],
  [["4", "--idle", "soon"], 2, "--idle must be a duration"],
  [["40"], 1, "there is no exchange `40`"],
  [["1-40"], 1, "there are not all of the exchanges `1-40`"],
])("%j is refused", async (words, expected, complaint) => {
  const { status, stderr } = await runInProcess("play", join(CASSETTES, "exec-tty.yaml"), ...words);
  expect(status).toBe(expected);
  expect(stderr).toContain(complaint);
});
