/** Each stream has colours of its own: a summary on the terminal keeps them while standard output goes into a pipe. */
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { runWords } from "../../src/cli/run-words.ts";
import { createProcessTerminal } from "../../src/cli/terminal.ts";

const CASSETTE = join(import.meta.dirname, "../../cassettes/ping.yaml");
const GREEN = "\u001b[32m";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function stubTerminal(stream: NodeJS.WriteStream, isTTY: boolean): void {
  const old = Object.getOwnPropertyDescriptor(stream, "isTTY");
  Object.defineProperty(stream, "isTTY", { value: isTTY, configurable: true });
  onTestFinished(() => {
    if (old === undefined) delete (stream as { isTTY?: boolean }).isTTY;
    else Object.defineProperty(stream, "isTTY", old);
  });
}

const ROWS = [
  { stdout: false, stderr: true, env: {}, isColoured: true },
  { stdout: true, stderr: true, env: {}, isColoured: true },
  { stdout: true, stderr: false, env: {}, isColoured: false },
  { stdout: false, stderr: false, env: {}, isColoured: false },
  { stdout: false, stderr: false, env: { FORCE_COLOR: "1" }, isColoured: true },
  { stdout: false, stderr: true, env: { NO_COLOR: "1" }, isColoured: false },
  { stdout: false, stderr: true, env: { TERM: "dumb" }, isColoured: false },
] as const;

test.each(ROWS)("stderr has colours: $isColoured, of terminals $stdout and $stderr with $env", async (row) => {
  const plain = { NO_COLOR: "", FORCE_COLOR: "", TERM: "xterm" };
  for (const [name, value] of Object.entries({ ...plain, ...row.env })) vi.stubEnv(name, value);
  stubTerminal(process.stdout, row.stdout);
  stubTerminal(process.stderr, row.stderr);
  const printed: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  await runWords(["replay", CASSETTE, "--", "true"], createProcessTerminal());
  expect(printed.join("")).toContain("0 of 3 replayed");
  expect(printed.join("").includes(GREEN)).toBe(row.isColoured);
});
