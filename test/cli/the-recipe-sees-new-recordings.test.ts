/** The scripts of docs/ci.md that look for changed cassettes, with a real git. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { examplesOf, page } from "../docs/pages.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const [GITHUB = "", ...OTHERS] = examplesOf(page("docs/ci.md"), "yaml");
const GITLAB = OTHERS.find((text) => text.includes("services: [docker:28-dind]")) ?? "";
const STILL_TRUE: string = parse(GITHUB).jobs["still-true"].steps.at(-1).run;
const COMPARE: readonly string[] = parse(GITLAB)["still-true"].script.filter((line: string) => line.startsWith("git"));

interface Checkout {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A checkout with a cassette, whose origin is a bare repository, and a `gh` that does nothing. */
function checkOut(): Checkout {
  const root = createTemporaryFolder();
  const folder = join(root, "checkout");
  const { GIT_DIR: _, ...rest } = process.env;
  const env = { ...rest, PATH: `${root}:${rest.PATH}`, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  writeFileSync(join(root, "gh"), "#!/bin/sh\n", { mode: 0o755 });
  const checkout = { folder, env };
  execFileSync("git", ["init", "--quiet", "--bare", join(root, "origin")], { env });
  execFileSync("git", ["init", "--quiet", folder], { env });
  writeFiles(folder, { "package.json": "{}\n", [CASSETTE]: "old\n" });
  git(checkout, "remote", "add", "origin", join(root, "origin"));
  git(checkout, "add", ".");
  git(checkout, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "first");
  return checkout;
}

const CASSETTE = "test/__cassettes__/images/pulls.yaml";
const SIDECAR = "test/__cassettes__/images/pulls/archive-1.tar";

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function git({ folder, env }: Checkout, ...words: readonly string[]): string {
  return execFileSync("git", words, { cwd: folder, env, encoding: "utf8" });
}

function runScript({ folder, env }: Checkout, script: string): number | null {
  return spawnSync("bash", ["-eo", "pipefail", "-c", script], { cwd: folder, env }).status;
}

test("an unchanged recording pushes nothing, whatever else has changed", () => {
  const checkout = checkOut();
  writeFiles(checkout.folder, { "package.json": "{ }\n" });
  expect(runScript(checkout, STILL_TRUE)).toBe(0);
  expect(git(checkout, "ls-remote", "origin")).toBe("");
});

test("a changed recording and its new files are pushed, and nothing else", () => {
  const checkout = checkOut();
  writeFiles(checkout.folder, { [CASSETTE]: "new\n", [SIDECAR]: "new\n", "package.json": "{ }\n" });
  expect(runScript(checkout, STILL_TRUE)).toBe(0);
  expect(git(checkout, "ls-remote", "--heads", "origin")).toContain("refs/heads/still-true");
  expect(git(checkout, "show", "--name-only", "--format=", "origin/still-true").trim().split("\n")).toEqual([
    CASSETTE,
    SIDECAR,
  ]);
});

test.each([
  ["an unchanged recording passes", {}, 0],
  ["a changed recording fails", { [CASSETTE]: "new\n" }, 1],
  ["a new cassette fails", { "__cassettes__/new/a.yaml": "new\n" }, 1],
])("GitLab: %s", (_name, files, status) => {
  const checkout = checkOut();
  writeFiles(checkout.folder, files);
  expect(COMPARE.length).toBeGreaterThan(0);
  expect(runScript(checkout, COMPARE.join("\n"))).toBe(status);
});
