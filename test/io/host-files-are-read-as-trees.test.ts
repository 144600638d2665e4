import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readHostFiles } from "../../src/io/disk/host-files.ts";
import { MockedDaemon } from "../playbook/mocked.ts";
import { createTemporaryFolder } from "./temporary.ts";

const THEN = new Date("2026-01-01T00:00:00Z");

function createFolder(): string {
  const folder = join(createTemporaryFolder(), "shore");
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(folder, "a.txt"), "salt\n");
  symlinkSync("a.txt", join(folder, "link"));
  chmodSync(join(folder, "a.txt"), 0o640);
  utimesSync(join(folder, "a.txt"), THEN, THEN);
  return folder;
}

test("files keep their bytes, permissions and times; links their targets", () => {
  const tree = readHostFiles(createFolder());
  const children = tree?.kind === "directory" ? tree.children : new Map();
  expect([...children.keys()].sort()).toEqual(["a.txt", "link", "sub"]);
  expect(children.get("a.txt")).toMatchObject({ kind: "file", mode: 0o640, mtimeMs: THEN.getTime() });
  expect(String(children.get("a.txt").content)).toBe("salt\n");
  expect(children.get("link")).toMatchObject({ kind: "link", target: "a.txt" });
});

test("what is not there is nothing", () => {
  expect(readHostFiles(join(createFolder(), "nosuch"))).toBeUndefined();
});

test("a container that mounts a folder sees what is there when it starts; what it writes stays in memory", async () => {
  const folder = createFolder();
  const docker = new MockedDaemon({ hostFiles: readHostFiles });
  const HostConfig = { Binds: [`${folder}:/shore`, `${join(folder, "a.txt")}:/one.txt:ro`] };
  const first = await docker.runs("cat /shore/link /one.txt; echo own > /shore/own.txt", { HostConfig });
  expect(await docker.readsLogs(first)).toBe("salt\nsalt\n");
  expect(readHostFiles(join(folder, "own.txt"))).toBeUndefined();
  writeFileSync(join(folder, "a.txt"), "sweet\n");
  const second = await docker.runs("cat /shore/a.txt /shore/own.txt", { HostConfig });
  expect(await docker.readsLogs(second)).toBe("sweet\nown\n");
});
