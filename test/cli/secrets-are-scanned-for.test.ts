/** `record` refuses what still has secrets, `check --secrets` finds them, and `--allow-secret` excepts places. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { TOKENS } from "../playbook/tokens.ts";
import { clientWords } from "./client-words.ts";
import { runInProcess } from "./run-in-process.ts";

const OLD = "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n";
const TOKEN = TOKENS["npm token"] as string;
const ROOT = join(import.meta.dirname, "../..");

beforeEach(() => vi.stubEnv("CI", ""));

function record(cassette: string, ...flags: readonly string[]) {
  const client = clientWords(`/v1.41/containers/${TOKEN}/json`, 0);
  return runInProcess("record", cassette, "--upstream", "mock", ...flags, ...client);
}

test.each([OLD, undefined])("a recording with a secret leaves the old cassette as it was: %j", async (old) => {
  const cassette = join(createTemporaryFolder(), "web.yaml");
  if (old !== undefined) writeFileSync(cassette, old);
  const { status, stderr } = await record(cassette, "--redact", "no-tokens");
  expect(status).toBe(1);
  expect(stderr).toContain(`web.yaml:${old === undefined ? 11 : 10}:40: npm token, in \`GET /v1.41/containers/****`);
  expect(stderr).not.toContain(TOKEN);
  expect(existsSync(cassette) ? readFileSync(cassette, "utf8") : undefined).toBe(old);
  expect(readFileSync(`${cassette}.refused`, "utf8")).not.toContain(TOKEN);
  const allowed = await record(cassette, "--redact", "no-tokens", "--allow-secret", "npm token");
  expect(allowed.status).toBe(0);
  expect(readdirSync(join(cassette, ".."))).toEqual(["web.yaml"]);
  expect((await runInProcess("check", "--secrets", cassette)).status).toBe(1);
});

test("by default it is recorded without the secret, and is found clean", async () => {
  const cassette = join(createTemporaryFolder(), "web.yaml");
  expect((await record(cassette)).status).toBe(0);
  expect(readFileSync(cassette, "utf8")).not.toContain(TOKEN);
  expect((await runInProcess("check", "--secrets", cassette)).status).toBe(0);
});

test("`check --secrets` names the file, line and column, and finds nothing in the golden cassettes", async () => {
  const cassette = join(createTemporaryFolder(), "found.yaml");
  writeFileSync(cassette, OLD.replace(" 200 OK", `\n  status: 200 OK\n  text: "it is ${TOKEN}"`));
  expect(await runInProcess("check", cassette)).toMatchObject({ status: 0 });
  const { status, stderr } = await runInProcess("check", "--secrets", cassette);
  expect(stderr.replace(/\\u001b\[\d+m/g, "")).toContain(`${cassette}:6:16: npm token, in \`GET /_ping\``);
  expect(status).toBe(1);
  expect((await runInProcess("check", "--secrets", "--allow-secret", "GET /_ping", cassette)).status).toBe(0);
  const golden = readdirSync(join(ROOT, "cassettes")).filter((name) => name.endsWith(".yaml"));
  const paths = golden.map((name) => join(ROOT, "cassettes", name));
  expect((await runInProcess("check", "--secrets", ...paths)).status).toBe(0);
});
