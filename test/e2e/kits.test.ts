/** The kits for other languages: their own suites, against a simulated daemon and against real ones, and offline. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findCommand, install } from "../../scripts/private-daemon-needs.js";
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
    cwd: join(ROOT, folder),
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
