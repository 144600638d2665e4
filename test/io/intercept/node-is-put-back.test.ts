import { execFile } from "node:child_process";
import http from "node:http";
import net, { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { intercept } from "../../../src/io/intercept/intercept.ts";
import { createWhale, requestName } from "./whale.ts";

const PATH = "/nowhere/docker.sock";
const PROGRAM = join(import.meta.dirname, "keeps-alive.mjs");

afterEach(() => vi.useRealTimers());

test("nothing is left of the last interception", async () => {
  const before = snapshotNode();
  const [one, two] = [intercept(createWhale("one"), { at: [PATH] }), intercept(createWhale("two"), { at: [PATH] })];
  expect(snapshotNode()).not.toEqual(before);
  await requestName(PATH);
  await one.close();
  expect(snapshotNode()).not.toEqual(before);
  await two.close();
  expect(snapshotNode()).toEqual(before);
  expect(await catchFailure(requestName(PATH))).toMatchObject({ code: "ENOENT" });
});

test("a function that was wrapped since stays wrapped, and passes calls on", async () => {
  const interception = intercept(createWhale("whale"), { at: [PATH] });
  const ours = http.request;
  let count = 0;
  http.request = ((...parameters: Parameters<typeof http.request>) => {
    count += 1;
    return ours(...parameters);
  }) as typeof http.request;
  onTestFinished(() => {
    http.request = ours;
    intercept(createWhale("whale"), { at: [PATH] }).close();
  });
  await interception.close();
  expect(await catchFailure(requestStatus())).toMatchObject({ code: "ENOENT" });
  expect(count).toBe(1);
  const again = intercept(createWhale("again"), { at: [PATH] });
  expect(await requestStatus()).toBe(200);
  expect(count).toBe(1);
  await again.close();
});

test("connections that are open when it is closed are broken off", async () => {
  const interception = intercept(async (connection) => void (await connection.closed), { at: [PATH] });
  const socket = net.connect(PATH);
  await new Promise((resolve) => socket.once("connect", resolve));
  expect(interception.connections).toBe(1);
  const isClosed = new Promise((resolve) => socket.once("close", resolve));
  await interception.close();
  await isClosed;
  expect(interception.connections).toBe(0);
});

test("a socket that was intercepted once can be connected elsewhere", async () => {
  const interception = intercept(createWhale("whale"), { at: [PATH] });
  const server = net.createServer((socket) => socket.end("a server"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const socket = new Socket();
  for (const address of [{ path: PATH }, { port: (server.address() as net.AddressInfo).port }, { path: PATH }]) {
    socket.connect(address as net.NetConnectOpts);
    await new Promise((resolve) => socket.once("connect", resolve));
    const heard = new Promise<string>((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
    if (!("port" in address)) socket.write("GET / HTTP/1.1\r\nHost: d\r\n\r\n");
    expect(await heard).toMatch("port" in address ? "a server" : /whale$/);
    socket.destroy();
    await new Promise((resolve) => socket.once("close", resolve));
  }
  await interception.close();
});

test("two thousand connections leave no listener and no warning behind", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  const interception = intercept(createWhale("whale"), { at: [PATH] });
  onTestFinished(() => interception.close());
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let round = 0; round < 1000; round += 1) await requestName(PATH, { agent });
  const [idle] = Object.values(agent.freeSockets).flat() as [Socket];
  expect(idle.listenerCount("connect")).toBe(0);
  agent.destroy();
  for (let round = 0; round < 1000; round += 1) await requestName(PATH, { agent: false });
  expect([interception.connections, warnings]).toEqual([0, []]);
});

test("fake timers do not stop it", async () => {
  vi.useFakeTimers({ now: 0 });
  const interception = intercept(createWhale("whale"), { at: [PATH] });
  expect(await requestName(PATH)).toBe("whale");
  await interception.close();
});

test("an idle time is counted from the last byte, as on any socket", async () => {
  vi.useFakeTimers();
  const interception = intercept(async (connection) => void (await connection.closed), { at: [PATH] });
  onTestFinished(() => interception.close());
  const socket = net.connect(PATH).setTimeout(1).setNoDelay().setKeepAlive(true);
  await new Promise((resolve) => socket.once("timeout", resolve));
  socket.destroy();
});

// A program that listens to a stream must not end in the middle of it, and one that has done all must not hang.
test.each([
  ["a stream that goes on", "stream", "1 2 3 "],
  ["an idle connection in a pool", "idle", "done "],
  ["a socket that was let go", "unref", ""],
])("%s keeps a process alive as long as a socket would", async (_what, how, says) => {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, how], { timeout: 10_000 });
  expect(stdout).toBe(says);
});

function snapshotNode(): readonly unknown[] {
  const { connect } = Socket.prototype;
  const { addRequest, getName } = http.Agent.prototype as unknown as Record<string, unknown>;
  return [connect, addRequest, getName, http.request, http.get];
}

function requestStatus(): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    http
      .request({ socketPath: PATH }, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

function catchFailure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error("it went well")),
    (error: unknown) => error,
  );
}
