/** `action.yml`, and the YAML of docs/ci.md: what a runner would do with them. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { examplesOf, page } from "../docs/pages.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const ROOT = join(import.meta.dirname, "../..");

interface ActionStep {
  readonly name: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

const action = parse(readFileSync(join(ROOT, "action.yml"), "utf8"));
const steps: readonly ActionStep[] = action.runs.steps;

function runStep(cassette: string, command: string) {
  const folder = createTemporaryFolder();
  const tool = join(folder, "whalesong");
  writeProgram(tool, `exec '${process.execPath}' '${join(ROOT, "bin/whalesong.js")}' "$@"`);
  const name = basename(cassette);
  copyFileSync(resolve(ROOT, "cassettes", cassette), join(folder, name));
  const { DOCKER_HOST: _, ...rest } = process.env;
  const env = {
    ...rest,
    ...{ PATH: `${folder}:${rest.PATH}`, CI: "true", RUNNER_TEMP: folder, GITHUB_OUTPUT: join(folder, "output") },
    ...{ CASSETTE: name, COMMAND: command, MODE: "replay" },
  };
  const { run = "" } = steps.find(({ name }) => name === "Run the command") ?? {};
  const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", run], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr, output: readFileSync(join(folder, "output"), "utf8"), folder };
}

const ATTACH = `whalesong: 1
---
request: POST /containers/web/attach?stdin=1&stream=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream, Connection: Upgrade, Upgrade: tcp}
stream:
  - stdin: "hi\\n"
  - stdout: "hi\\n"
  - eof: daemon
`;
const SEND_OTHER_INPUT = `
const socket = require("node:net").connect(process.env.DOCKER_HOST.slice("unix://".length));
socket.write("POST /containers/web/attach?stdin=1&stream=1 HTTP/1.1\\r\\nHost: d\\r\\nConnection: Upgrade\\r\\nUpgrade: tcp\\r\\n\\r\\nho\\n");
socket.resume();
`;

function writeProgram(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}

const get = (path: string): string => `curl -sS --unix-socket "\${DOCKER_HOST#unix://}" http://d${path}`;

test("the action plays a cassette, and says where the report is", () => {
  const { status, stdout, stderr, output, folder } = runStep("ping.yaml", get("/_ping"));
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stdout).toContain("OK");
  expect(output).toBe(`report=${folder}/whalesong-report.json\n`);
  expect(JSON.parse(readFileSync(join(folder, "whalesong-report.json"), "utf8"))).toMatchObject({
    played: 1,
    missed: [],
  });
});

test("a miss is an annotation, and fails the job", () => {
  const { status, stdout } = runStep("ping.yaml", get("/networks?a=%2C"));
  expect(status).toBe(1);
  expect(stdout).toContain("::error file=ping.yaml::GET /networks?a=%252C was never recorded in ping.yaml\n");
});

test("the annotation of a miss is at the nearest exchange, and says what differs", () => {
  const { status, stdout } = runStep("errors.yaml", get("/v1.41/containers/json?all=maybe"));
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^::error file=errors\.yaml,line=\d+::GET .* is not as recorded \(errors\.yaml:\d+\)%0A%0A .*got/m,
  );
  expect(stdout).not.toMatch(/^::error.*You can/m);
});

test("input that is not as recorded is an annotation of its exchange", () => {
  const cassette = join(createTemporaryFolder(), "cat.yaml");
  writeFileSync(cassette, ATTACH);
  const { status, stdout } = runStep(cassette, `'${process.execPath}' -e '${SEND_OTHER_INPUT}'`);
  expect(status).toBe(1);
  expect(stdout).toContain("::error file=cat.yaml,line=3::whalesong: stdin differs from the recording (cat.yaml:3): ");
});

test("the status is the command's, and inputs are no part of a script", () => {
  expect(runStep("ping.yaml", `${get("/_ping")}; exit 7`).status).toBe(7);
  for (const { run, env } of steps) {
    expect(run).not.toContain("${{");
    for (const value of Object.values(env)) expect(value).toMatch(/^\$\{\{ inputs\.\w+ \}\}$/);
  }
  expect(Object.keys(action.inputs).filter((name) => !page("docs/ci.md").text.includes(`| \`${name}\` |`))).toEqual([]);
});

test.each([
  ["what the project has", "", true, { path: "node_modules/.bin", installed: "" }],
  ["the latest, where the project has none", "", false, { path: "", installed: "whalesong" }],
  ["a version", "1.2.3", true, { path: "", installed: "whalesong@1.2.3" }],
  ["an archive", "./whalesong.tgz", true, { path: "", installed: "./whalesong.tgz" }],
])("the action takes %s", (_what, version, hasOwn, expected) => {
  // As a shell that starts in it calls it.
  const folder = realpathSync(createTemporaryFolder());
  const [installed, path] = [join(folder, "installed"), join(folder, "path")];
  for (const file of [installed, path]) writeFileSync(file, "");
  writeProgram(join(folder, "npm"), `for last; do :; done; printf %s "$last" > '${installed}'`);
  if (hasOwn) writeProgram(join(folder, "node_modules/.bin/whalesong"), "true");
  const env = { PATH: `${folder}:${process.env.PATH}`, GITHUB_PATH: path, VERSION: version };
  expect(spawnSync("bash", ["-eo", "pipefail", "-c", steps[0]?.run ?? ""], { cwd: folder, env }).status).toBe(0);
  expect(readFileSync(path, "utf8")).toBe(expected.path === "" ? "" : `${folder}/${expected.path}\n`);
  expect(readFileSync(installed, "utf8")).toBe(expected.installed);
});

test("the action is part of the package, where docs/ci.md takes it from", () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(files).toContain("action.yml");
  expect(page("docs/ci.md").text).toContain("uses: ./node_modules/whalesong\n");
});

test("every YAML example of docs/ci.md is YAML", () => {
  const examples = examplesOf(page("docs/ci.md"), "yaml");
  expect(examples.length).toBeGreaterThan(2);
  for (const example of examples) expect(parse(example)).toBeTypeOf("object");
});
