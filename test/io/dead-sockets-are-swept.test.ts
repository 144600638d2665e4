/** A kill -9 leaves the folder of a socket behind; the next whalesong removes it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createSocketUrl, sweepDeadFolders } from "../../src/io/listen/fresh-folder.ts";
import { createTemporaryFolder } from "./temporary.ts";

const BIN = fileURLToPath(new URL("../../bin/whalesong.js", import.meta.url));

/** A mock that listens in a folder of its own below `tmp`. */
async function startMock(tmp: string): Promise<{ folder: string; end(signal: NodeJS.Signals): Promise<unknown> }> {
  const mock = spawn(process.execPath, [BIN, "mock"], {
    env: { ...process.env, TMPDIR: tmp },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void mock.kill("SIGKILL"));
  const [said] = await once(mock.stderr, "data");
  const [, socket = ""] = /unix:\/\/(\S+)/.exec(String(said)) ?? [];
  return {
    folder: dirname(socket),
    end: (signal) => {
      mock.kill(signal);
      return once(mock, "exit");
    },
  };
}

/** The folder of a socket whose process is gone. Without its socket it counts as dead after a minute. */
function createDeadFolder(tmp: string, name: string, ageSeconds = 0): string {
  const folder = join(tmp, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "owner"), "1 dead\n");
  const then = Date.now() / 1000 - ageSeconds;
  utimesSync(folder, then, then);
  return folder;
}

/** One that has listed the folders to remove: it does not see those that are made from now on. */
async function startSweptMock(tmp: string): ReturnType<typeof startMock> {
  const old = createDeadFolder(tmp, "whalesong-eldest", 61);
  const mock = await startMock(tmp);
  await expect.poll(() => existsSync(old), { timeout: 30_000 }).toBe(false);
  return mock;
}

const listFolders = (tmp: string): string[] => readdirSync(tmp).filter((name) => name.startsWith("whalesong-"));

test("the folder of a killed whalesong goes when the next one starts, and no other", async () => {
  const tmp = createTemporaryFolder();
  const [living, killed] = [await startSweptMock(tmp), await startMock(tmp)];
  await killed.end("SIGKILL");
  expect(existsSync(killed.folder)).toBe(true);
  const strange = createDeadFolder(tmp, "whalesong-abcdef");
  writeFileSync(join(strange, "letter.txt"), "mine");
  const next = await startMock(tmp);
  await expect.poll(() => existsSync(killed.folder), { timeout: 30_000 }).toBe(false);
  expect(existsSync(living.folder)).toBe(true);
  expect(readdirSync(strange)).toEqual(["letter.txt", "owner"]);
  await Promise.all([living.end("SIGTERM"), next.end("SIGTERM")]);
  expect(listFolders(tmp)).toEqual(["whalesong-abcdef"]);
}, 60_000);

test("a folder whose owner is dead but whose socket is listened at stays: its owner is of another container", async () => {
  const tmp = createTemporaryFolder();
  const other = await startMock(tmp);
  writeFileSync(join(other.folder, "owner"), "1 dead\n");
  await sweepDeadFolders(join(tmp, "whalesong-ghijkl", "docker.sock"));
  expect(existsSync(join(other.folder, "docker.sock"))).toBe(true);
  await other.end("SIGTERM");
  expect(listFolders(tmp)).toEqual([]);
}, 60_000);

test("a folder names its process", () => {
  const folder = dirname(createSocketUrl().replace("unix://", ""));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(readdirSync(folder)).toEqual(["owner"]);
});

test("a folder whose socket is not there yet stays for a minute: its owner may be of another container", async () => {
  const tmp = createTemporaryFolder();
  const folder = createDeadFolder(tmp, "whalesong-abcdef");
  const own = join(tmp, "whalesong-ghijkl", "docker.sock");
  await sweepDeadFolders(own);
  expect(listFolders(tmp)).toEqual(["whalesong-abcdef"]);
  const minuteAgo = Date.now() / 1000 - 61;
  utimesSync(folder, minuteAgo, minuteAgo);
  await sweepDeadFolders(own);
  expect(listFolders(tmp)).toEqual([]);
});
