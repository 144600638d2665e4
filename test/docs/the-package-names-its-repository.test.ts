/** `npm publish`, up to the registry: the package says where it comes from, and the repository does not. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { findRepositoryUrl, readRemote } from "../../scripts/package/find-repository.js";
import { createTemporaryFolder } from "../io/temporary.ts";
import { filesIn, linksOf, ROOT } from "./pages.ts";

const SCRIPT = join(ROOT, "scripts/package/name-repository.js");
/** The pages of the package, without what `npm run build` makes. */
const PACKED = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "action.yml",
  "cassettes",
  "docs",
  "kits",
];
const AT_GITHUB = { GITHUB_SERVER_URL: "https://git.example", GITHUB_REPOSITORY: "team/whalesong" };
const { GITHUB_SERVER_URL: _, GITHUB_REPOSITORY: __, ...OUTSIDE } = process.env;

/** A copy of what is changed, named as `npm publish` would in an environment. */
function publishFrom(env: Readonly<Record<string, string>>, remote?: string) {
  const folder = createTemporaryFolder();
  for (const file of ["package.json", "LICENSE", ...PACKED])
    cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  execFileSync("git", ["init", "--quiet", folder]);
  if (remote !== undefined) execFileSync("git", ["-C", folder, "remote", "add", "origin", remote]);
  execFileSync(process.execPath, [SCRIPT], { cwd: folder, env: { ...OUTSIDE, ...env }, stdio: "pipe" });
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  return { manifest: JSON.parse(read("package.json")), readme: read("README.md"), folder };
}

/** Relative links of a page to what is not there. */
function listLost(folder: string, path: string): readonly string[] {
  const links = linksOf({ path, text: readFileSync(join(folder, path), "utf8") });
  const files = links.filter((link) => !/^(?:\w+:|#)/.test(link)).map((link) => link.replace(/#.*/, ""));
  return files.filter((file) => !existsSync(join(folder, dirname(path), file))).map((file) => `${path}: ${file}`);
}

test.each([
  ["a job of GitHub", AT_GITHUB, undefined],
  ["a clone", {}, "git@git.example:team/whalesong.git"],
])("published from %s, the package names its repository, and nothing else of it changes", (_from, env, remote) => {
  const { manifest, readme } = publishFrom(env, remote);
  const today = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(manifest).toEqual({
    ...today,
    repository: { type: "git", url: "git+https://git.example/team/whalesong.git" },
    homepage: "https://git.example/team/whalesong#readme",
    bugs: { url: "https://git.example/team/whalesong/issues" },
  });
  expect(linksOf({ path: "README.md", text: readme }).filter((link) => link.startsWith(".."))).toEqual([]);
  expect(readme).toContain("](https://git.example/team/whalesong/actions/workflows/test.yml/badge.svg)");
});

test("no page of a published package links to what is not in it", () => {
  const { folder } = publishFrom(AT_GITHUB);
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
  expect(pages.length).toBeGreaterThan(80);
  expect(pages.flatMap((path) => listLost(folder, path))).toEqual([]);
  const page = readFileSync(join(folder, "docs/architecture.md"), "utf8");
  expect(page).toContain("](https://git.example/team/whalesong/blob/main/src/session/connection.ts)");
});

test("nothing is published that names no repository", () => {
  expect(() => publishFrom({}, "/srv/clones/whalesong")).toThrow(/git remote add origin URL/);
  expect(() => publishFrom({})).toThrow(/GITHUB_REPOSITORY/);
});

test("npm runs it, and the workflow publishes by npm", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(scripts.prepublishOnly).toBe("node scripts/package/name-repository.js");
  expect(readFileSync(join(ROOT, ".github/workflows/publish.yml"), "utf8")).toMatch(/- run: npm publish --provenance/);
});

test("nothing is published whose tests have not passed on a Mac", () => {
  const { jobs } = parse(readFileSync(join(ROOT, ".github/workflows/publish.yml"), "utf8"));
  expect(jobs.publish.needs).toBe("macos");
  expect(jobs.macos["runs-on"]).toBe("macos-latest");
  expect(jobs.macos.steps.map(({ run }: { run?: string }) => run)).toEqual(
    expect.arrayContaining(["npm ci", "npm test"]),
  );
});

test.each([
  ["https://git.example/team/whalesong.git", "https://git.example/team/whalesong"],
  ["https://git.example/team/whalesong", "https://git.example/team/whalesong"],
  ["https://user:token@git.example/team/whalesong.git/", "https://git.example/team/whalesong"],
  ["ssh://git@git.example/team/whale.song.git", "https://git.example/team/whale.song"],
  ["git@git.example:team/whalesong.git", "https://git.example/team/whalesong"],
  ["/srv/git/team/whalesong.git", undefined],
  ["../whalesong", undefined],
  ["file:///srv/team/whalesong", undefined],
  ["", undefined],
])("the remote %s is at %s", (remote, page) => {
  expect(readRemote(remote)).toBe(page);
});

test("the job's own word comes before the remote's", () => {
  expect(findRepositoryUrl(AT_GITHUB)).toBe("https://git.example/team/whalesong");
});

test("no file holds a place for an owner", () => {
  const roots = ["docs", "kits", "src", "scripts", "examples", ".github", "bench"].flatMap(filesIn);
  const files = [...roots, "package.json", "README.md", "SECURITY.md", "CONTRIBUTING.md", "action.yml"];
  const named = files.filter((path) => !path.includes("node_modules"));
  expect(named.filter((path) => readFileSync(join(ROOT, path), "utf8").includes("OWNER/"))).toEqual([
    "docs/decisions/0073-the-package-names-where-it-is-published-from.md",
  ]);
});
