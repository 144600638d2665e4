/** `bundle` and `open`, from a folder with the files of a command to a folder without them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test, vi } from "vitest";
import { toFilesFolder } from "../../src/integrations/bundle/bundle-manifest.ts";
import { writeArchive } from "../../src/io/archive/write-archive.ts";
import { formatPlaceholder } from "../../src/secrets/placeholders.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { clientWords } from "./client-words.ts";
import { runInProcess, startInProcess, type VerbRun } from "./run-in-process.ts";

const BIN = join(import.meta.dirname, "../../bin/whalesong.js");

interface Ending {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runIn(cwd: string, ...words: readonly string[]): Ending {
  const { DOCKER_HOST: _, DOCKER_API_VERSION: _version, ...env } = process.env;
  return spawnSync(process.execPath, [BIN, ...words], { cwd, env: { ...env, NO_COLOR: "1" }, encoding: "utf8" });
}

/** The same in this process, for what is not about the streams of the command; it prints nothing. */
async function runHere(cwd: string, ...words: readonly string[]): Promise<VerbRun> {
  const { DOCKER_HOST, DOCKER_API_VERSION } = process.env;
  const before = process.cwd();
  process.chdir(cwd);
  for (const [name, value] of Object.entries({ DOCKER_HOST: undefined, DOCKER_API_VERSION: undefined, QUIET: "yes" }))
    vi.stubEnv(name, value);
  try {
    return await runInProcess(...words);
  } finally {
    process.chdir(before);
    for (const [name, value] of Object.entries({ DOCKER_HOST, DOCKER_API_VERSION, QUIET: undefined }))
      vi.stubEnv(name, value);
  }
}

/** Speaks to the daemon without docker's CLI. */
const PROGRAM = `
const { request } = require("node:http");
const socketPath = process.env.DOCKER_HOST.replace("unix://", "");
const text = require("node:fs").readFileSync("names.txt", "utf8").trim();
const headers = { "Content-Type": "application/json" };
request({ socketPath, method: "POST", path: "/v1.41/volumes/create", headers }, (response) => {
  let body = "";
  response.on("data", (piece) => { body += piece; });
  response.on("end", () => {
    if (!process.env.QUIET) console.log(JSON.parse(body).Name, process.env.DOCKER_API_VERSION ?? "");
    process.exitCode = 3;
  });
}).end(JSON.stringify({ Name: text, Labels: { note: process.argv[2] ?? "none" } }));
`;

function makeProject(): string {
  const folder = createTemporaryFolder();
  writeFileSync(join(folder, "program.cjs"), PROGRAM);
  writeFileSync(join(folder, "names.txt"), "tide\n");
  return folder;
}

const BUNDLE = ["bundle", "--upstream", "mock", "--include", "names.txt", "-o", "bug.whale.tgz"];
const COMMAND = ["--", "node", "program.cjs"];

test("the command runs elsewhere, with its files and without a daemon", () => {
  const here = makeProject();
  const bundled = runIn(here, ...BUNDLE, ...COMMAND);
  expect(bundled).toMatchObject({ status: 0, stdout: "tide \n" });
  for (const part of [
    "command  node program.cjs  (ended with 3)",
    "whalesong  ",
    "node  v",
    `files/${basename(here)}/program.cjs`,
    `files/${basename(here)}/names.txt`,
  ])
    expect(bundled.stderr).toContain(part);
  // The cassette of the recording is gone when the bundle is there.
  expect(bundled.stderr).not.toContain("replay: whalesong replay");
  expect(bundled.stderr.indexOf("in the bundle:")).toBeLessThan(bundled.stderr.indexOf("wrote bug.whale.tgz"));
  const there = createTemporaryFolder();
  const opened = runIn(there, "open", join(here, "bug.whale.tgz"), "--run");
  expect(opened).toMatchObject({ status: 3, stdout: "tide 1.41\n" });
  expect(opened.stderr).toContain("bundle of: node program.cjs  (ended with 3)");
  expect(opened.stderr).toContain("1 of 1 replayed");
  expect(readdirSync(there)).toEqual([]);
});

test.each([
  ["web", "files/web"],
  ["my shop 2.0", "files/my shop 2.0"],
  ["größe", "files/größe"],
  [undefined, "files"],
  ["", "files"],
  [".", "files"],
  ["..", "files"],
  [".git", "files"],
  ["a/b", "files"],
  ["a\\b", "files"],
  ["a\n", "files"],
  ["C:", "files"],
  ["a.", "files"],
  ["x".repeat(101), "files"],
])("the command of a stranger whose folder was %j runs in %s", (folder, expected) => {
  expect(toFilesFolder(folder)).toBe(expected);
});

test("the line that opens it is one for a shell", async () => {
  const here = makeProject();
  const file = join(here, "my bug.whale.tgz");
  const { stderr } = await runInProcess("bundle", "--upstream", "mock", "-o", file, ...clientWords("/version"));
  expect(stderr).toContain(`Open it: whalesong open '${file}'\n`);
});

test("without a command it says what it waits for, and how else its command runs", async () => {
  const here = makeProject();
  await runHere(here, ...BUNDLE, ...COMMAND);
  const file = join(here, "bug.whale.tgz");
  const serving = await startInProcess("open", file);
  const { stderr } = await serving.stop();
  expect(stderr).toContain("It answers until Ctrl-C, or SIGTERM. In another terminal:\n  export ");
  expect(stderr).toContain(`  export DOCKER_HOST=unix://${serving.socket}\n  cd `);
  expect(stderr).toContain(`run that command here, if you trust it: whalesong open ${file} --run\n`);
});

test("another command may run, and what is not recorded is exit status 1", async () => {
  const here = makeProject();
  await runHere(here, ...BUNDLE, ...COMMAND);
  const script =
    "require('node:http').get({ socketPath: process.env.DOCKER_HOST.slice(7), path: '/networks' }, async (r) => { for await (const piece of r) require('node:fs').appendFileSync('answer.json', piece); })";
  const opened = await runHere(here, "open", "bug.whale.tgz", "--into", "kept", "--", "node", "-e", script);
  expect(opened.status).toBe(1);
  expect(opened.stderr).toContain("missed  GET /networks");
  // The unpacked cassette is thrown away: nothing can be added to it.
  const { message } = JSON.parse(readFileSync(join(here, "answer.json"), "utf8"));
  expect(message).toContain("record it:         whalesong bundle --upstream mock -- node program.cjs\n");
  expect(readdirSync(join(here, "kept")).sort()).toEqual(["bundle.json", "cassette", "files"]);
  const again = await runInProcess("open", join(here, "bug.whale.tgz"), "--into", join(here, "kept"));
  expect(again.stderr).toContain("WHALESONG_BAD_BUNDLE");
});

test("a bundle that is not there is named", async () => {
  const { stderr } = await runInProcess("open", "none.whale.tgz");
  expect(stderr).toMatch(/^whalesong: cannot read `none\.whale\.tgz`: ENOENT.*\[WHALESONG_NO_FILE\]\n$/);
});

test("what looks secret stops the bundle, and its value is not repeated", async () => {
  const here = makeProject();
  const { status, stderr } = await runHere(here, ...BUNDLE, ...COMMAND, "DB_PASSWORD=hunter2");
  expect(status).toBe(1);
  expect(stderr).toContain("WHALESONG_SECRET_IN_BUNDLE");
  expect(stderr).toContain("the command  DB_PASSWORD");
  expect(stderr).toMatch(/cassette\/cassette\.yaml:\d+:\d+ {2}DB_PASSWORD/);
  expect(stderr.split("because this looks secret")[1]).not.toContain("hunter2");
  expect(existsSync(join(here, "bug.whale.tgz"))).toBe(false);
  expect((await runHere(here, ...BUNDLE, "--allow-secrets", ...COMMAND, "DB_PASSWORD=hunter2")).status).toBe(0);
});

test("what a recording left out as secret does not stop the bundle", async () => {
  const here = makeProject();
  const redacted =
    "whalesong: 1\n---\nrequest:\n  line: POST /v1.41/containers/create\n  json: {Env: [DB_PASSWORD=whalesong-redacted-0001]}\nresponse: none\n";
  writeFileSync(join(here, "a.yaml"), redacted.replace("whalesong-redacted-0001", formatPlaceholder(1, "text")));
  expect(await runHere(here, "bundle", "--cassette", "a.yaml", "--", "docker", "ps")).toMatchObject({ status: 0 });
});

test("a cassette that is there is bundled with its sidecars, under the name of any", async () => {
  const here = makeProject();
  mkdirSync(join(here, "web"));
  const golden = join(import.meta.dirname, "../../cassettes");
  const { status, stderr } = await runHere(
    here,
    "bundle",
    "--cassette",
    join(golden, "build.yaml"),
    "--",
    "docker",
    "build",
    ".",
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stderr).toContain("cassette/cassette.yaml");
  expect(stderr).toMatch(/cassette\/build\/\S+ {2}/);
  await runHere(here, "open", "docker-build.whale.tgz", "--into", "out", "--", "true");
  expect((await runInProcess("check", join(here, "out/cassette/cassette.yaml"))).status).toBe(0);
});

test("--list lists what looks secret, which would stop the bundle", async () => {
  const here = makeProject();
  writeFileSync(join(here, "names.txt"), `token: ${["ghp", "0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"].join("_")}\n`);
  const { status, stderr } = await runHere(here, ...BUNDLE, "--list", ...COMMAND);
  expect(stderr).toMatch(/it would not be written, because this looks secret:\n {2}\S*names\.txt\S* /);
  expect(status).toBe(1);
  expect((await runHere(here, ...BUNDLE, "--list", "--allow-secrets", ...COMMAND)).status).toBe(0);
});

test("an archive that cannot be written is refused before the command runs", async () => {
  const here = makeProject();
  const { status, stderr } = await runHere(here, "bundle", "--upstream", "mock", "-o", "names.txt/bug.tgz", ...COMMAND);
  expect(status).toBe(1);
  expect(stderr).toContain("WHALESONG_DISK");
  expect(stderr).not.toContain("saved");
});

test("a file that exists is not replaced, and --list writes none", async () => {
  const here = makeProject();
  expect((await runHere(here, ...BUNDLE, "--list", ...COMMAND)).status).toBe(0);
  expect(existsSync(join(here, "bug.whale.tgz"))).toBe(false);
  writeFileSync(join(here, "bug.whale.tgz"), "mine");
  expect((await runHere(here, ...BUNDLE, ...COMMAND)).stderr).toContain("exists already");
  expect(readFileSync(join(here, "bug.whale.tgz"), "utf8")).toBe("mine");
  rmSync(join(here, "bug.whale.tgz"));
  for (const path of ["/etc/passwd", "../names.txt", "nothing.txt"])
    expect((await runHere(here, "bundle", "--upstream", "mock", "--include", path, ...COMMAND)).stderr).toContain(
      "--include must name",
    );
});

test("where nothing was recorded, no bundle is written", async () => {
  const here = makeProject();
  const { status, stderr } = await runHere(here, ...BUNDLE, "--", "true");
  expect(status).toBe(1);
  expect(stderr).toContain("nothing was recorded");
  expect(readdirSync(here).sort()).toEqual(["names.txt", "program.cjs"]);
});

const CASSETTE = "whalesong: 1\n---\nrequest: GET /_ping\nresponse:\n  status: 200 OK\n";
const MANIFEST = { bundle: 1, command: ["env"], versions: { "a\u001b[31m": "b" }, platform: "x", environment: {} };

test("a manifest sets no variable that a bundle would not have", async () => {
  const here = createTemporaryFolder();
  const environment = { LD_PRELOAD: "/tmp/evil.so", NODE_OPTIONS: "--require=evil", DOCKER_BUILDKIT: "0" };
  await writeArchive(join(here, "a.tgz"), [
    { name: "bundle.json", text: JSON.stringify({ ...MANIFEST, environment }) },
    { name: "cassette/cassette.yaml", text: CASSETTE },
  ]);
  const { stdout, stderr } = runIn(here, "open", "a.tgz", "--run");
  expect(stdout).toContain("DOCKER_BUILDKIT=0\n");
  expect(stdout).not.toMatch(/evil/);
  expect(stderr).not.toContain("\u001b");
});

test.each([
  ["no manifest", [{ name: "cassette/cassette.yaml", text: CASSETTE }], "it has no bundle.json"],
  ["no cassette", [{ name: "bundle.json", text: JSON.stringify(MANIFEST) }], "it has no cassette/cassette.yaml"],
  ["a manifest of no JSON", [{ name: "bundle.json", text: "{" }], "is no JSON"],
  [
    "a newer format",
    [{ name: "bundle.json", text: JSON.stringify({ ...MANIFEST, bundle: 2 }) }],
    "a newer whalesong may",
  ],
  ["no command", [{ name: "bundle.json", text: JSON.stringify({ ...MANIFEST, command: "ls" }) }], "names no command"],
])("%s is refused", async (_what, sources, why) => {
  const here = createTemporaryFolder();
  await writeArchive(join(here, "a.tgz"), sources);
  const { status, stderr } = await runInProcess("open", join(here, "a.tgz"), "--run");
  expect(status).toBe(1);
  expect(stderr).toContain(why);
});
