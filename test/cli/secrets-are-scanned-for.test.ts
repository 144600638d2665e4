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
  expect(stderr).toContain("in the text: `--redact '/PATTERN/'` keeps it out, or `--redact NAME` where");
  expect(stderr).toContain("no secret: `--allow-secret 'npm token'`, or");
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

const ENV = "FROM busybox\n# DB_PASSWORD=hunter2abd\n";
/** Sends a tar that is no secret by its shape. */
const BUILD = `printf '%s' "$0" > ctx && tar -cf ctx.tar ctx && curl -s -o /dev/null --unix-socket "\${DOCKER_HOST#unix://}" -X POST -H 'Content-Type: application/x-tar' --data-binary @ctx.tar http://docker/v1.41/build?dockerfile=ctx`;

test("what only a name gives away is kept, with a warning, and `check --secrets` finds it", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "built.yaml");
  const words = ["record", cassette, "--upstream", "mock"];
  const client = ["--", "sh", "-c", `cd '${folder}' && ${BUILD}`, ENV];
  const { status, stderr } = await runInProcess(...words, ...client);
  expect(status).toBe(0);
  expect(stderr).toMatch(
    /1 possible secret in \S+, the first at built\/context-\w+\.tar at byte \d+ \(DB_PASSWORD\); /,
  );
  expect(stderr).not.toContain("hunter2abd");
  const checked = await runInProcess("check", "--secrets", cassette);
  expect(checked.status).toBe(1);
  expect(checked.stderr).toMatch(/context-\w+\.tar at byte \d+: DB_PASSWORD/);
  expect(checked.stderr).toContain("`.dockerignore`");
  expect((await runInProcess("check", "--secrets", "--allow-secret", "DB_PASSWORD", cassette)).status).toBe(0);
  const allowed = await runInProcess(...words, "--allow-secret", "DB_PASSWORD", ...client);
  expect(allowed.stderr).not.toContain("possible secret");
});

test("a token in a tar is refused with what keeps tars clean, and with the code", async () => {
  const folder = createTemporaryFolder();
  const client = ["--", "sh", "-c", `cd '${folder}' && ${BUILD}`, `FROM busybox\n# ${TOKEN}\n`];
  const words = ["record", join(folder, "built.yaml"), "--upstream", "mock"];
  const { status, stderr } = await runInProcess(...words, ...client);
  expect(status).toBe(1);
  expect(stderr).toContain("is not written; ");
  expect(stderr).toContain("`--contexts digests` (BuildKit), or mask it by `--redact tars`");
  expect(stderr).not.toContain("in the text");
  expect(stderr).toContain("[WHALESONG_SECRET_FOUND]");
  expect((await runInProcess(...words, "--redact", "tars", ...client)).status).toBe(0);
});

test("the comments of a build, and the secrets that it fetched by name, are none", async () => {
  const cassette = join(createTemporaryFolder(), "named.yaml");
  const comment = "# may hold secrets: .env\n";
  writeFileSync(cassette, OLD.replace("response", `${comment}response`));
  expect((await runInProcess("check", "--secrets", cassette)).status).toBe(0);
});
