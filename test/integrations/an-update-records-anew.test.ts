/** The update flag of a test runner re-records cassettes; real runners, with the package as it was built. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MockDocker, mockDocker } from "../../src/integrations/mock.ts";
import { createDeveloperEnv } from "./developer-env.ts";

const ROOT = join(import.meta.dirname, "../..");
const ASK = `import { get } from "node:http";
const ask = (path) => new Promise((resolve, reject) => {
  get({ socketPath: "/var/run/docker.sock", path, agent: false }, (response) => {
    response.resume().on("end", () => resolve(response.statusCode));
  }).on("error", reject);
});
`;

interface RunnerRow {
  readonly name: string;
  readonly file: string;
  readonly head: string;
  readonly words: readonly string[];
  readonly update: string;
  readonly way: string;
}

const RUNNERS: readonly RunnerRow[] = [
  {
    name: "vitest -u",
    file: "a.test.js",
    head: `import { expect } from "vitest";\nimport { test } from "whalesong/vitest";\n`,
    words: [join(ROOT, "node_modules/vitest/vitest.mjs"), "run"],
    update: "-u",
    way: "WHALESONG_MODE=record npx vitest run a.test.js -t 'lists all'",
  },
  {
    name: "node --test --test-update-snapshots",
    file: "b.test.js",
    head: `import assert from "node:assert";\nimport { cassetteTest } from "whalesong/node-test";\nconst test = cassetteTest(import.meta.url);\nconst expect = (got) => ({ toBe: (wanted) => assert.equal(got, wanted) });\n`,
    words: ["--test"],
    update: "--test-update-snapshots",
    way: "WHALESONG_MODE=record node --test b.test.js",
  },
];

let docker: MockDocker;
let folder: string;

beforeAll(async () => {
  docker = await mockDocker();
  folder = mkdtempSync(join(tmpdir(), "whalesong-update-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/whalesong"));
  symlinkSync(join(ROOT, "node_modules/vitest"), join(folder, "node_modules/vitest"));
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
});

afterAll(async () => {
  await docker.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(RUNNERS)("$name", (row) => {
  test("records, misses with the line to paste, and records anew", async () => {
    writeTest(row, "/v1.41/info");
    expect((await run(row, [])).status).toBe(0);
    writeTest(row, "/v1.41/version");
    const missed = await run(row, []);
    expect(missed.status).toBe(1);
    expect(missed.output).toContain(`record it:         ${row.way}`);
    // One report, with the line of the test, and no line of ours.
    expect(missed.output).toMatch(new RegExp(`\\b${row.file.replaceAll(".", "\\.")}:\\d+:\\d+`));
    expect(missed.output.split("GET /v1.41/version was never recorded in __cassettes__/")).toHaveLength(2);
    expect(missed.output).not.toMatch(/whalesong\/dist|at findDeviation/);
    expect(readCassette(row)).toContain("GET /v1.41/info");
    if (!process.allowedNodeEnvironmentFlags.has(row.update) && row.update.startsWith("--")) return;
    expect((await run(row, [row.update])).status).toBe(0);
    expect(readCassette(row)).toContain("GET /v1.41/version");
    expect(readCassette(row)).not.toContain("GET /v1.41/info");
  }, 100_000);
});

/** As docker-modem: it dials in a turn that nothing awaits, and puts the daemon's message into an error of its own. */
const CLIENT = `import { get } from "node:http";
export const ask = (path) => new Promise((resolve, reject) => {
  Promise.resolve().then(() => {
    get({ socketPath: "/var/run/docker.sock", path, agent: false }, async (response) => {
      let text = "";
      for await (const piece of response) text += piece;
      if (response.statusCode === 501) reject(new Error(JSON.parse(text).message));
      else resolve(response.statusCode);
    });
  });
});
`;

test("vitest tells a miss once, with the line of the test, whose client makes its requests in a later turn", async () => {
  const row = { ...(RUNNERS[0] as RunnerRow), file: "c.test.js" };
  const client = 'import { ask } from "client";\n';
  mkdirSync(join(folder, "node_modules/client"), { recursive: true });
  writeFileSync(join(folder, "node_modules/client/package.json"), '{"type": "module", "main": "index.js"}');
  writeFileSync(join(folder, "node_modules/client/index.js"), CLIENT);
  writeTest(row, "/v1.41/info", client);
  expect((await run(row, [])).status).toBe(0);
  writeTest(row, "/v1.41/version", client);
  const { status, output } = await run(row, []);
  expect(status).toBe(1);
  expect(output).toMatch(/FAIL {2}c\.test\.js:4:1 > lists all/);
  expect(output.split("was never recorded")).toHaveLength(2);
  expect(output).not.toContain("WHALESONG_NOT_AS_RECORDED");
}, 100_000);

function writeTest({ file, head }: RunnerRow, path: string, client = ASK): void {
  writeFileSync(
    join(folder, file),
    `${head}${client}test("lists all", async () => { expect(await ask("${path}")).toBe(200); });\n`,
  );
}

function readCassette({ file }: RunnerRow): string {
  return readFileSync(join(folder, "__cassettes__", file.replace(".test.js", ""), "lists-all.yaml"), "utf8");
}

/** The mock lives in this process: it must go on while the runner runs. */
async function run({ words, file }: RunnerRow, flags: readonly string[]): Promise<{ status: number; output: string }> {
  const child = spawn(process.execPath, [...flagsFirst(words, flags), file], {
    cwd: folder,
    timeout: 30_000,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...createDeveloperEnv(), WHALESONG_UPSTREAM: docker.url, NO_COLOR: "1" },
  });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const status = await new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? -1)));
  return { status, output: (await printed).join("\n") };
}

/** Flags of node stand before its files, those of vitest behind its script. */
function flagsFirst(words: readonly string[], flags: readonly string[]): readonly string[] {
  return words[0] === "--test" ? [...flags, ...words] : [...words, ...flags];
}
