/** The kits for other languages: their own suites, against a simulated daemon and against real ones, and offline. */
import { execFile } from "node:child_process";
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findCommand, install } from "../../scripts/private-daemon-needs.js";
import { createTemporaryFolder } from "../io/temporary.ts";
import { type EngineName, isMissing, withDaemon } from "./engines.ts";

const ROOT = join(import.meta.dirname, "../..");
const WHALESONG_COMMAND = `${process.execPath} ${join(ROOT, "bin/whalesong.js")}`;
const PYTHON_PACKAGES = "/usr/lib/python3/dist-packages";
const REAL: readonly EngineName[] = ["20.10", "28"];

/** How the suite of a kit is run in its folder. */
interface KitSuite {
  readonly folder: string;
  readonly command: readonly [file: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** What its output must contain. */
  readonly passes: RegExp;
}

const PYTEST: KitSuite = {
  folder: "kits/python",
  command: ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
  env: { PYTHONDONTWRITEBYTECODE: "1" },
  passes: /^\d+ passed in/m,
};

const GO = findCommand("go");
if (GO === undefined) console.warn("not run: the tests of kits/go, because there is no `go` on this machine");
const GO_TEST: KitSuite = {
  folder: "kits/go",
  command: [GO ?? "go", "test", "-count=1", "./..."],
  passes: /^ok /m,
};

interface SuiteRun {
  readonly status: number;
  readonly output: string;
}

/** The suites make their tests offline themselves: they take the daemon away between two runs. */
function runSuite({ folder, command: [file, ...args], env = {} }: KitSuite, upstream: string): Promise<SuiteRun> {
  const { CI: _, DOCKER_HOST: _host, WHALESONG_MODE: _mode, ...inherited } = process.env;
  const options = {
    cwd: resolve(ROOT, folder),
    env: { ...inherited, ...env, WHALESONG_COMMAND, WHALESONG_UPSTREAM: upstream },
  };
  return new Promise((resolve) => {
    const child = execFile(file, args, { ...options, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode ?? 1, output: stdout + stderr }),
    );
  });
}

async function expectToPass(suite: KitSuite, upstream: string): Promise<void> {
  const { status, output } = await runSuite(suite, upstream);
  expect(status, output).toBe(0);
  expect(output).toMatch(suite.passes);
}

beforeAll(() => {
  install([
    { file: `${PYTHON_PACKAGES}/docker/__init__.py`, packages: ["python3-docker"] },
    { file: `${PYTHON_PACKAGES}/pytest/__init__.py`, packages: ["python3-pytest"] },
    { file: `${PYTHON_PACKAGES}/xdist/__init__.py`, packages: ["python3-pytest-xdist"] },
  ]);
});

/** Go is no package that is installed for this: it is large, and one language of many. */
const SUITES = [["pytest", PYTEST] as const, ...(GO === undefined ? [] : [["go test", GO_TEST] as const])];

describe.each(SUITES)("%s", (_name, suite) => {
  test("with a simulated daemon", () => expectToPass(suite, "mock"));

  test.each(REAL)("with Engine %s", async (engine) => {
    if (isMissing(engine)) return;
    await withDaemon(engine, ({ url }) => expectToPass(suite, url));
  });
});

const CASSETTES = "__cassettes__/jobs";
const CASSETTE = `${CASSETTES}/TestVersion.yaml`;
const SIDECAR = `${CASSETTES}/TestVersion/body.txt`;
const GO_TEST_FILE = `package jobs

import (
	"context"
	"net"
	"net/http"
	"os"
	"testing"

	"jobs.example/whalesongtest"
)

func TestVersion(t *testing.T) {
	whalesongtest.Use(t)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", os.Getenv("DOCKER_HOST")[len("unix://"):])
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	response, err := client.Get("http://docker/version")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}
`;

/** A Go module with one test, and the helper as its user copies it. */
function createGoModule(): KitSuite {
  const folder = createTemporaryFolder();
  mkdirSync(join(folder, "whalesongtest"));
  copyFileSync(join(ROOT, "kits/go/whalesongtest.go"), join(folder, "whalesongtest/whalesongtest.go"));
  writeFileSync(join(folder, "go.mod"), "module jobs.example\n\ngo 1.19\n");
  writeFileSync(join(folder, "jobs_test.go"), GO_TEST_FILE);
  return { folder, command: [GO ?? "go", "test", "."], passes: /^ok / };
}

/** Go caches no result that depends on a file of the last two seconds. */
function makeOld(path: string): void {
  const before = Date.now() / 1000 - 60;
  utimesSync(path, before, before);
}

describe.runIf(GO !== undefined)("go test caches a result", () => {
  const isCached = async (suite: KitSuite, env: Readonly<Record<string, string>> = {}): Promise<boolean> => {
    const { status, output } = await runSuite({ ...suite, env }, "mock");
    expect(status, output).toBe(0);
    return output.includes("(cached)");
  };
  const createReplayed = async (): Promise<KitSuite> => {
    const suite = createGoModule();
    await isCached(suite);
    mkdirSync(join(suite.folder, `${CASSETTES}/TestVersion`));
    writeFileSync(join(suite.folder, SIDECAR), "a");
    for (const path of [CASSETTE, SIDECAR]) makeOld(join(suite.folder, path));
    await isCached(suite);
    expect(await isCached(suite), "nothing changed").toBe(true);
    return suite;
  };

  test.each([
    ["a changed cassette", (folder: string) => appendFileSync(join(folder, CASSETTE), "# changed\n"), {}],
    ["a changed sidecar", (folder: string) => writeFileSync(join(folder, SIDECAR), "ab"), {}],
    ["a mode", () => undefined, { WHALESONG_MODE: "record" }],
    ["CI", () => undefined, { CI: "1" }],
    ["another daemon", () => undefined, { DOCKER_HOST: "unix:///nowhere" }],
  ])("but not with %s", async (_what, change, env) => {
    const suite = await createReplayed();
    change(suite.folder);
    expect(await isCached(suite, env)).toBe(false);
  });

  test("and fails in CI where the cassette is gone", async () => {
    const suite = await createReplayed();
    expect(await isCached(suite, { CI: "1" })).toBe(false);
    expect(await isCached(suite, { CI: "1" })).toBe(true);
    rmSync(join(suite.folder, "__cassettes__"), { recursive: true });
    const { status, output } = await runSuite({ ...suite, env: { CI: "1" } }, "mock");
    expect(status, output).toBe(1);
    expect(output).toContain("there is no cassette");
    expect(readdirSync(suite.folder)).not.toContain("__cassettes__");
  });
});
