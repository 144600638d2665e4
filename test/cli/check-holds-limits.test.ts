import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess } from "./run-in-process.ts";

const ORPHAN = "context-0123abcd.tar";

/** A cassette with an orphan and a file of someone's beside it. */
function createCassette(recorded = "2020-01-01"): string {
  const folder = createTemporaryFolder();
  const path = join(folder, "web.yaml");
  writeFileSync(path, `whalesong: 1\nrecorded: {at: "${recorded}"}\n---\nrequest: GET /_ping\nresponse: 200 OK\n`);
  mkdirSync(join(folder, "web"));
  for (const name of [ORPHAN, ".recording-1", "notes.txt"]) writeFileSync(join(folder, "web", name), "x".repeat(3000));
  return path;
}

const listBeside = (path: string): string[] => readdirSync(path.replace(".yaml", "")).sort();

describe("check names orphans", () => {
  test("and leaves them, without an error", async () => {
    const path = createCassette();
    const { status, stderr } = await runInProcess("check", path);
    expect(status).toBe(0);
    expect(stderr).toMatch(/orphan .*context-0123abcd\.tar\n/);
    expect(stderr).toContain("`check --fix` removes them");
    expect(listBeside(path)).toEqual([".recording-1", ORPHAN, "notes.txt"]);
  });

  test("and removes them with --fix, and nothing else", async () => {
    const path = createCassette();
    const { status, stderr } = await runInProcess("check", path, "--fix");
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/removed .*context-0123abcd\.tar\n/),
    });
    expect(listBeside(path)).toEqual(["notes.txt"]);
    expect(existsSync(path)).toBe(true);
  });

  test.each(["web.yaml.lock", "web.yaml.recording"])("but not while a recording goes on: %s", async (name) => {
    const path = createCassette();
    writeFileSync(join(path, "..", name), "1");
    expect((await runInProcess("check", path, "--fix")).stderr).not.toContain("removed");
    expect(listBeside(path)).toHaveLength(3);
  });
});

describe("check holds limits", () => {
  test.each([
    ["--max-age", "90d", 1, /limit .*recorded \d+ days ago, at most 90 are allowed/],
    ["--max-age", "99y", 0, /good/],
    ["--max-size", "0.05kB", 1, /limit .*at most 50 B are allowed/],
    ["--max-size", "5MB", 0, /good/],
    ["--max-age", "soon", 2, /`--max-age` must be like `2d`.*WHALESONG_BAD_LIMIT/],
    ["--max-size", "5", 2, /`--max-size` must be like `2kB`.*WHALESONG_BAD_LIMIT/],
  ])("%s %s", async (flag, value, status, output) => {
    const run = await runInProcess("check", createCassette(), flag, value);
    expect(run).toMatchObject({ status, stderr: expect.stringMatching(output) });
  });
});

describe("check of a folder", () => {
  const GOOD = "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n";

  function createFolder(files: Readonly<Record<string, string>>): string {
    const folder = createTemporaryFolder();
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  test("is one of the cassettes below it", async () => {
    const folder = createFolder({
      "compose.yaml": "services: {}\n",
      "node_modules/whalesong/cassettes/a.yaml": GOOD,
      ".cache/a.yaml": GOOD,
      "test/__cassettes__/b/runs.yaml": GOOD,
      "test/__cassettes__/b/runs/body-01234567.yaml": GOOD,
      "test/__cassettes__/a/cut.yml": "whalesong: 1\n---\nrequest: GET /_ping",
      "test/__cassettes__/a/emptied.yaml": "",
    });
    const { status, stderr } = await runInProcess("check", folder);
    expect(status).toBe(1);
    const [first, second, third] = stderr.split("\n").filter((line) => /^(?:good|bad)/.test(line));
    expect(first).toMatch(/^bad .*__cassettes__\/a\/cut\.yml:/);
    expect(second).toMatch(/^bad .*emptied\.yaml.*NOT_A_CASSETTE/);
    expect(third).toMatch(/^good .*__cassettes__\/b\/runs\.yaml/);
    expect(stderr.match(/^(?:good|bad)/gm)).toHaveLength(3);
  });

  test("finds what looks unlike others", async () => {
    const folder = createFolder({
      "commented.yaml": `${"# a page of comments\n".repeat(4000)}${GOOD}`,
      "marked.yaml": `\ufeff${GOOD}`,
      "web.yaml": GOOD,
      "web/login.yaml": GOOD,
      "tests.yaml": "services: {}\n",
      "tests/a.yaml": GOOD,
    });
    symlinkSync("web.yaml", join(folder, "link.yaml"));
    symlinkSync("none.yaml", join(folder, "lost.yaml"));
    symlinkSync(".", join(folder, "round.yaml"));
    const { stderr } = await runInProcess("check", folder);
    const found = [...stderr.matchAll(/^(good|bad) .*?(\/\S+?\.yaml)/gm)].map(([, verdict, path = ""]) => [
      verdict,
      path.slice(folder.length + 1),
    ]);
    expect(found).toEqual([
      ["good", "commented.yaml"],
      ["good", "link.yaml"],
      ["bad", "lost.yaml"],
      ["good", "marked.yaml"],
      ["good", "tests/a.yaml"],
      ["good", "web/login.yaml"],
      ["good", "web.yaml"],
    ]);
  });

  test("fails where there is none", async () => {
    const { status, stderr } = await runInProcess("check", createFolder({ "compose.yaml": "services: {}\n" }));
    expect(stderr).toContain("there is no cassette below `");
    expect(status).toBe(1);
  });
});
