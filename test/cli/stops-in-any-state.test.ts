/** A recorder is stopped, or its daemon says something unreadable, while exchanges are under way. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { bundleSource } from "../playbook/bundle-source.ts";
import { runInProcess, startInProcess } from "./run-in-process.ts";

const BIN = fileURLToPath(new URL("../../bin/whalesong.js", import.meta.url));
const SIGNALLED = fileURLToPath(new URL("wait-for-signals.mjs", import.meta.url));
const INSPECT = "GET /v1.41/containers/web/json HTTP/1.1\r\nHost: d\r\n\r\n";
const STOP = "POST /v1.41/containers/web/stop HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n";
const LOGS = "GET /v1.41/containers/web/logs?follow=1&stdout=1 HTTP/1.1\r\nHost: d\r\n\r\n";
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"Id":"abcd"}';
const STREAM =
  "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

/** A daemon that answers as the test says, and never closes its half. Returns its address. */
async function startDaemon(answer: (request: string, socket: Socket) => void): Promise<string> {
  const path = join(createTemporaryFolder(), "daemon.sock");
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("data", (bytes) => answer(bytes.toString("latin1"), socket));
  });
  server.listen(path);
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `unix://${path}`;
}

async function send(path: string, request: string): Promise<Socket> {
  const socket = createConnection({ path, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  socket.write(request);
  return socket;
}

async function sendAndRead(path: string, request: string): Promise<Socket> {
  const socket = await send(path, request);
  await once(socket, "data");
  return socket;
}

describe("a cassette can be read", () => {
  const GARBAGE = "this is no HTTP\r\n\r\n";

  const ROWS: readonly (readonly [what: string, answerStop: (socket: Socket) => void])[] = [
    ["if the recorder is stopped while a change is under way", () => undefined],
    ["if the daemon answers garbage to a change", (socket) => setTimeout(() => socket.write(GARBAGE), 150)],
    ["if the daemon breaks off in a change", (socket) => setTimeout(() => socket.destroy(), 150)],
  ];

  test.each(ROWS)("%s", async (_what, answerStop) => {
    const upstream = await startDaemon((request, socket) => {
      if (request === STOP) answerStop(socket);
      else socket.write(request === LOGS ? STREAM : ANSWER);
    });
    const cassette = join(createTemporaryFolder(), "run.yaml");
    const recorder = await startInProcess("record", cassette, "--upstream", upstream);
    const logs = await sendAndRead(recorder.socket, LOGS);
    await send(recorder.socket, STOP);
    await new Promise((resolve) => setTimeout(resolve, 50));
    // `during: stop` and `cue: stop` are certain only when the stop is answered.
    await sendAndRead(recorder.socket, INSPECT);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { stderr } = await recorder.stop();
    logs.destroy();
    expect(stderr).toContain("saved ");
    expect(await runInProcess("check", cassette)).toMatchObject({ status: 0 });
    expect(readFileSync(cassette, "utf8")).not.toContain("unfinished: true");
    expect(readFileSync(cassette, "utf8")).toContain("/v1.41/containers/web/json");
    const replay = await startInProcess("replay", cassette);
    await sendAndRead(replay.socket, INSPECT);
    await replay.stop();
    expect((await runInProcess("show", cassette)).status).toBe(0);
  });
});

describe("a recorder ends", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "on %s though the daemon never closes a connection that its client has left",
    async (signal) => {
      const upstream = await startDaemon((_request, socket) => void socket.write(ANSWER));
      const folder = createTemporaryFolder();
      const [cassette, socket] = [join(folder, "run.yaml"), join(folder, "w.sock")];
      const words = [BIN, "record", cassette, "--upstream", upstream, "--listen", `unix://${socket}`];
      const recorder = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
      onTestFinished(() => void recorder.kill("SIGKILL"));
      await once(recorder.stderr, "data");
      const client = await sendAndRead(socket, INSPECT);
      client.end();
      await new Promise((resolve) => setTimeout(resolve, 50));
      client.destroy();
      recorder.kill(signal);
      expect(await once(recorder, "exit")).toEqual([0, null]);
      expect(existsSync(`${cassette}.lock`)).toBe(false);
      expect(readFileSync(cassette, "utf8")).toContain("/v1.41/containers/web/json");
    },
    15_000,
  );

  test("on a second signal, whatever holds it up", async () => {
    const terminal = await bundleSource("cli/terminal.ts", createTemporaryFolder());
    const waiter = spawn(process.execPath, [SIGNALLED, terminal], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void waiter.kill("SIGKILL"));
    expect(String(await once(waiter.stdout, "data"))).toBe("waiting\n");
    waiter.kill("SIGINT");
    expect(String(await once(waiter.stdout, "data"))).toBe("stopping\n");
    // npm passes a Ctrl-C on that came already.
    waiter.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(waiter.exitCode).toBe(null);
    waiter.kill("SIGTERM");
    expect(await once(waiter, "exit")).toEqual([128 + 15, null]);
  }, 15_000);
});
