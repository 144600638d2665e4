/** In a replay nothing comes from a live daemon: not through child processes, not outside of tests. */
import * as childProcess from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { guardRun } from "../../src/integrations/guard-run.ts";
import { insertCassette } from "../../src/integrations/insert-cassette.ts";
import { type MockDocker, mockDocker } from "../../src/integrations/mock.ts";
import { withoutInterception } from "../../src/io/intercept/intercept.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const CASSETTE = "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n";
const REFUSAL = /child-processes-are-not-intercepted/;
/** Prints its DOCKER_HOST, or that it has none; a shell, which starts in a moment. */
const LINE = `printf %s "\${DOCKER_HOST-undefined}"`;
const WORDS = ["-c", LINE];

let live: MockDocker;
let cassette: string;

beforeEach(async () => {
  const folder = createTemporaryFolder();
  live = await mockDocker({ listen: `unix://${join(folder, "live.sock")}` });
  cassette = join(folder, "run.yaml");
  writeFileSync(cassette, CASSETTE);
  vi.stubEnv("DOCKER_HOST", live.url);
  vi.stubEnv("WHALESONG_MODE", "replay");
});

afterEach(() => live.stop());

const execFile = promisify(childProcess.execFile);
const exec = promisify(childProcess.exec);
const WAYS: Readonly<Record<string, (env?: NodeJS.ProcessEnv) => string | Promise<string>>> = {
  execFile: async (env) => (await execFile("/bin/sh", WORDS, { env })).stdout,
  exec: async (env) => (await exec(LINE, { env })).stdout,
  spawnSync: (env) => String(childProcess.spawnSync("/bin/sh", WORDS, { env }).stdout),
  execFileSync: (env) => String(childProcess.execFileSync("/bin/sh", WORDS, { env })),
  execSync: (env) => String(childProcess.execSync(LINE, { env })),
};

describe.each(Object.keys(WAYS))("a child process of %s", (name) => {
  const run = WAYS[name] as (typeof WAYS)[string];

  test("gets no way to the daemon while a cassette is replayed", async () => {
    expect(await run()).toBe(live.url);
    const inserted = await insertCassette(cassette);
    expect(await run()).toMatch(REFUSAL);
    expect(await run({ ...process.env })).toMatch(REFUSAL);
    vi.stubEnv("DOCKER_HOST", undefined);
    expect(await run()).toMatch(REFUSAL);
    await inserted.eject();
    expect(await run()).toBe("undefined");
  });

  test("gets the one that is chosen for it, or served by whalesong", async () => {
    const inserted = await insertCassette(cassette);
    expect(await run({ ...process.env, DOCKER_HOST: "unix:///chosen" })).toBe("unix:///chosen");
    expect(await withoutInterception(() => run())).toBe(live.url);
    for (const url of [await inserted.listen(), await inserted.listen(`unix://${cassette}.sock`)]) {
      vi.stubEnv("DOCKER_HOST", url);
      expect(await run()).toBe(url);
    }
    await inserted.eject();
  });

  test("is as ever where a cassette is recorded, or requests are passed on", async () => {
    for (const mode of ["record", "passthrough"] as const) {
      const inserted = await insertCassette(cassette, { mode, upstream: live, empty: "keep" });
      expect(await run()).toBe(live.url);
      await inserted.eject();
    }
  });
});

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

function ask(socketPath: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: "/version", agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode, text }));
    }).on("error", reject);
  });
}

describe("outside of a cassette", () => {
  const askLive = (): Promise<Answer> => ask(live.url.slice("unix://".length));

  test("a request in a run that replays is refused, and says what to do", async () => {
    const release = guardRun(undefined);
    const { status, text } = await askLive();
    expect(status).toBe(501);
    expect(text).toContain("GET /version came outside of a test with a cassette");
    expect(text).toContain("WHALESONG_MODE is replay. A hook? Give it a cassette of its own");
    expect(text).toContain("[WHALESONG_OUTSIDE_CASSETTE]");
    expect(WAYS.execSync?.()).toMatch(REFUSAL);
    expect(await withoutInterception(askLive)).toMatchObject({ status: 200 });
    await release();
    expect(await askLive()).toMatchObject({ status: 200 });
  });

  test("a cassette answers before the guard, whatever its mode, and several are as ambiguous as ever", async () => {
    const release = guardRun(undefined);
    const replayed = await insertCassette(cassette);
    expect(await askLive()).toMatchObject({ status: 501, text: expect.stringContaining("never recorded") });
    const other = await insertCassette(cassette);
    await expect(askLive()).rejects.toMatchObject({ code: "WHALESONG_AMBIGUOUS_CASSETTE" });
    await Promise.all([replayed.eject(), other.eject()]);
    for (const mode of ["record", "passthrough"] as const) {
      const inserted = await insertCassette(cassette, { mode, upstream: live });
      expect(await askLive()).toMatchObject({ status: 200 });
      await inserted.eject();
    }
    expect(await askLive()).toMatchObject({ status: 501 });
    await release();
  });

  test.each([
    ["once", undefined],
    ["record", undefined],
    ["replay", "record"],
    ["replay", "passthrough"],
    ["records", undefined],
  ] as const)("a request is as ever with WHALESONG_MODE=%s, and the mode %s of a test", async (ofRun, mode) => {
    vi.stubEnv("WHALESONG_MODE", "replay");
    const first = guardRun(undefined);
    vi.stubEnv("WHALESONG_MODE", ofRun);
    if (mode === undefined) await first();
    await guardRun(mode)();
    expect(await askLive()).toMatchObject({ status: 200 });
  });
});

test("whalesong's own sockets are known by their folder", async () => {
  const inserted = await insertCassette(cassette);
  const folder = join(createTemporaryFolder(), "whalesong-abc123");
  mkdirSync(folder);
  vi.stubEnv("DOCKER_HOST", `unix://${folder}/docker.sock`);
  expect(WAYS.execFileSync?.()).toBe(`unix://${folder}/docker.sock`);
  await inserted.eject();
});
