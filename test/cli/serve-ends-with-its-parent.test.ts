import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

const BIN = join(import.meta.dirname, "../../bin/whalesong.js");

function startServe(...words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [BIN, "serve", ...words], { stdio: ["pipe", "pipe", "inherit"] });
}

test("with --until-stdin-closes, the end of stdin ends the server", async () => {
  const child = startServe("--until-stdin-closes");
  const ended = once(child, "exit");
  const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
  const socket = String(line).trim().replace("unix://", "");
  expect(existsSync(socket)).toBe(true);
  child.stdin?.end();
  expect(await ended).toEqual([0, null]);
  expect(existsSync(dirname(socket))).toBe(false);
});

test("a command finds the door in its environment, and its status is the server's", async () => {
  const program =
    'process.stdout.write(process.env.WHALESONG_CONTROL + " " + process.env.DOCKER_HOST); process.exit(3)';
  const { DOCKER_HOST: _, ...env } = process.env;
  const child = spawn(process.execPath, [BIN, "serve", "--", process.execPath, "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...env, DOCKER_HOST: "unix:///nowhere/docker.sock" },
  });
  const [printed, [status]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(printed).toMatch(/^unix:\/\/\S+ unix:\/\/\/nowhere\/docker.sock$/);
  expect(status).toBe(3);
});
