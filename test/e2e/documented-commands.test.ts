/**
 * The commands of the guides, the languages and docs/ci.md, in their order, each page in a folder of its own with the
 * files that it shows, against a real daemon.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { findCommand, install } from "../../scripts/private-daemon-needs.js";
import { formatShellLine } from "../../src/base/shell-words.ts";
import { filesIn, page, ROOT } from "../docs/pages.ts";
import { runLine } from "./builds/run-build.ts";
import { listSteps, type PageStep } from "./commands/page-steps.ts";
import { UNRUN } from "./commands/unrun.ts";
import { withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";

const PYTHON_PACKAGES = "/usr/lib/python3/dist-packages";
const PAGES = ["README.md", "docs/ci.md", ...filesIn("docs/guides"), ...filesIn("docs/languages")].filter((path) =>
  path.endsWith(".md"),
);
/** An opened bundle waits for clients: a reader ends it by Ctrl-C. */
const WAITS = /^npx whalesong open \S+$/;
/** A bundle's command ends as it ended. */
const STATUSES = new Map([["npx whalesong open docker-run-busybox.whale.tgz --run", 3]]);
/** Programs of languages that are not installed for this: what a suite does, it asks Docker. */
const STAND_INS = ["mvn", "bundle", "dotnet", "cargo"];
/** The steps of the guide for Node up to its first test: what CI runs is a project that has one. */
const FIRST_TEST = 4;
const GO = findCommand("go");
/** The home of a page's tools is new for each command; Go would compile its library again for each. */
const GO_CACHE = GO === undefined ? "" : execFileSync(GO, ["env", "GOCACHE"], { encoding: "utf8" }).trim();
/** For `timeout`; and for the case that it does not help, in milliseconds. */
const PATIENCE = "--kill-after=5 150";
const LAST_MS = 180_000;

const folder = folderForAll();

beforeAll(() => {
  install([
    { file: `${PYTHON_PACKAGES}/docker/__init__.py`, packages: ["python3-docker"] },
    { file: `${PYTHON_PACKAGES}/pytest/__init__.py`, packages: ["python3-pytest"] },
  ]);
});

test.each(PAGES)("%s", async (path) => {
  if (path.includes("/go.md") && GO === undefined) return console.warn("not run: the guide for Go, without a `go`");
  const steps = listSteps(page(path).text);
  expect(steps.length).toBeGreaterThan(0);
  const project = join(folder, path.replaceAll("/", "-"));
  // A try before this one has left its cassettes.
  rmSync(project, { recursive: true, force: true });
  layOutProject(project);
  await withDaemon("28", async ({ url }) => {
    for (const step of steps) {
      if (step.kind === "file") writeProjectFile(project, step.path, step.text);
      else if (findReason(path, step) === undefined) await runCommand(step.line, project, url);
    }
  });
});

test("all commands that are not run are on some page", () => {
  const commands = PAGES.flatMap((path) => listSteps(page(path).text).map((step) => ({ path, step })));
  const needless = UNRUN.filter((one) => !commands.some(({ path, step }) => isUnrun(one, path, step)));
  expect(needless).toEqual([]);
});

function findReason(path: string, step: PageStep): string | undefined {
  return UNRUN.find((one) => isUnrun(one, path, step))?.reason;
}

function isUnrun(one: (typeof UNRUN)[number], path: string, step: PageStep): boolean {
  return step.kind === "command" && one.page.test(path) && one.line.test(step.line);
}

async function runCommand(line: string, project: string, url: string): Promise<void> {
  const waits = WAITS.test(line);
  // `timeout` ends all that the command has started, too.
  const limited = `timeout ${waits ? "-s INT 4" : PATIENCE} ${formatShellLine(["sh", "-c", line])}`;
  // A reader's machine is no CI. The tools of the project come first.
  const shell = `unset CI WHALESONG_MODE; export GOCACHE='${GO_CACHE}' PATH="$PWD/tools:$PATH"; ${limited}`;
  const { status, printed } = await runLine(shell, { folder: project, client: "CLI 28.5" }, url, [], LAST_MS);
  const expected = waits ? 124 : (STATUSES.get(line) ?? 0);
  expect(status, `${line}\n${printed}`).toBe(expected);
}

/** What `npm install` and `pip install` of the pages would bring. */
function layOutProject(project: string): void {
  const modules = join(project, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules")).filter((one) => !one.startsWith(".")))
    link(join(ROOT, "node_modules", name), join(modules, name));
  link(ROOT, join(modules, "whalesong"));
  link(join(ROOT, "bin/whalesong.js"), join(modules, ".bin/whalesong"));
  link(join(ROOT, "node_modules/vitest/vitest.mjs"), join(modules, ".bin/vitest"));
  writeTool(project, "python3", 'exec /usr/bin/python3 "$@"');
  const plugin = `PYTHONPATH=${join(ROOT, "kits/python/src")} PYTHONDONTWRITEBYTECODE=1`;
  writeTool(project, "pytest", `${plugin} exec /usr/bin/python3 -m pytest -p pytest_whalesong.plugin "$@"`);
  execFileSync("git", ["init", "--quiet", project]);
  for (const step of listSteps(page("docs/guides/node.md").text).slice(0, FIRST_TEST))
    if (step.kind === "file") writeProjectFile(project, step.path, step.text);
  for (const name of STAND_INS) writeTool(project, name, "exec docker run --rm busybox echo passed");
}

function writeTool(project: string, name: string, line: string): void {
  mkdirSync(join(project, "tools"), { recursive: true });
  writeFileSync(join(project, "tools", name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}

function writeProjectFile(project: string, path: string, text: string): void {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function link(target: string, path: string): void {
  symlinkSync(target, path);
}
