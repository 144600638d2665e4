/** What is sent, held back, broken off and upgraded through the interceptor, by the clients that do so. */
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { Client, Agent as UndiciAgent, request as undiciRequest } from "undici";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { intercept } from "../../../src/io/intercept/intercept.ts";
import type { Connection } from "../../../src/session/connection.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";
import { createWhale, requestName } from "./whale.ts";

const PATH = "/nowhere/docker.sock";
const HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const PIECE = Buffer.alloc(65_536, "w");

let accepted: Connection[];
let next: () => Promise<Connection>;

beforeEach(() => {
  accepted = [];
  const { promise, resolve } = resolvers<Connection>();
  next = () => promise;
  const interception = intercept(
    async (connection) => {
      accepted.push(connection);
      resolve(connection);
      await connection.closed;
    },
    { at: [PATH, "tcp://docker.invalid:2375"] },
  );
  onTestFinished(() => interception.close());
});

test("a client that does not read holds the daemon back, and one that reads gets everything", async () => {
  const asking = http.get({ socketPath: PATH, path: "/export" });
  const daemon = await next();
  const response = once(asking, "response");
  await daemon.read();
  void daemon.write(Buffer.from("HTTP/1.1 200 OK\r\n\r\n"));
  const [answer] = (await response) as [http.IncomingMessage];
  let written = 0;
  let full: Promise<void> | undefined;
  while (full === undefined && written < 64 * 1024 * 1024) {
    full = daemon.write(PIECE);
    written += PIECE.length;
    await waitForQuiet(1);
  }
  expect(written).toBeLessThan(1024 * 1024);
  daemon.end();
  let read = 0;
  for await (const piece of answer) read += (piece as Buffer).length;
  expect(read).toBe(written);
});

test("a daemon that does not read holds the client back", async () => {
  const uploading = http.request({ socketPath: PATH, method: "PUT", path: "/archive" });
  const daemon = await next();
  let written = 0;
  while (uploading.write(PIECE) && written < 64 * 1024 * 1024) {
    written += PIECE.length;
    await waitForQuiet(1);
  }
  expect(written).toBeLessThan(1024 * 1024);
  const drained = once(uploading, "drain");
  for (let read = 0; read < written; ) read += (await daemon.read())?.length ?? Number.POSITIVE_INFINITY;
  await drained;
  uploading.on("error", () => undefined).destroy();
});

test("what the client writes into its buffer afterwards is not sent", async () => {
  const socket = net.connect(PATH);
  const buffer = Buffer.from("before");
  socket.write(buffer);
  buffer.write("after!");
  expect(String(await (await next()).read())).toBe("before");
});

test("a client that leaves is seen to leave, by AbortSignal or by destroy", async () => {
  const { signal, abort } = bindContext(new AbortController());
  const asking = http.get({ socketPath: PATH, path: "/events", signal });
  const daemon = await next();
  await daemon.read();
  void daemon.write(Buffer.from(`${HEAD}1\r\nx\r\n`));
  const [answer] = (await once(asking, "response")) as [http.IncomingMessage];
  const failure = once(answer, "error");
  abort();
  expect((await failure)[0]).toMatchObject({ code: "ECONNRESET" });
  await daemon.closed;
  expect([daemon.isGone, daemon.isBroken]).toEqual([true, false]);
});

test("a daemon that breaks off is an end on a unix socket, and a reset over tcp", async () => {
  for (const [address, code] of [
    [{ path: PATH }, undefined],
    [{ host: "docker.invalid", port: 2375 }, "ECONNRESET"],
  ] as const) {
    const socket = net.connect(address as net.NetConnectOpts);
    await once(socket, "connect");
    let failure: NodeJS.ErrnoException | undefined;
    socket.on("error", (error) => {
      failure = error;
    });
    socket.resume();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    accepted.at(-1)?.reset();
    await closed;
    expect(failure?.code).toBe(code);
  }
});

test("writing to a daemon that has gone is EPIPE", async () => {
  const socket = net.connect({ path: PATH, allowHalfOpen: true });
  (await next()).reset();
  const failure = once(socket, "error");
  socket.write("anybody there?");
  expect((await failure)[0]).toMatchObject({ code: "EPIPE", syscall: "write", errno: -32 });
});

test("a hijack gives both halves, and each is closed by itself", async () => {
  const asking = http.request({
    socketPath: PATH,
    method: "POST",
    path: "/attach",
    headers: { Connection: "Upgrade", Upgrade: "tcp" },
  });
  asking.end();
  const daemon = await next();
  await daemon.read();
  void daemon.write(Buffer.from("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello"));
  const [, socket, head] = (await once(asking, "upgrade")) as [unknown, net.Socket, Buffer];
  expect([socket instanceof net.Socket, String(head)]).toEqual([true, "hello"]);
  socket.allowHalfOpen = true;
  socket.end("the end");
  expect(String(await daemon.read())).toBe("the end");
  expect(await daemon.read()).toBeUndefined();
  void daemon.write(Buffer.from("but one more thing"));
  daemon.end();
  let heard = "";
  for await (const piece of socket) heard += String(piece);
  expect(heard).toBe("but one more thing");
});

test("undici streams, pipelines, upgrades and aborts", async () => {
  const agent = new UndiciAgent({ connect: { socketPath: PATH } });
  onTestFinished(() => agent.destroy());
  const asking = undiciRequest("http://d/logs", { dispatcher: agent });
  const daemon = await next();
  await daemon.read();
  void daemon.write(Buffer.from(`${HEAD}3\r\none\r\n`));
  const { body } = await asking;
  const pieces: string[] = [];
  for await (const piece of body) {
    pieces.push(String(piece));
    if (pieces.length === 1) void daemon.write(Buffer.from("3\r\ntwo\r\n"));
    else break;
  }
  expect(pieces).toEqual(["one", "two"]);
  await daemon.closed;
  const client = new Client("http://d", { socketPath: PATH });
  onTestFinished(() => client.destroy());
  const upgrading = client.upgrade({ path: "/attach", method: "POST", protocol: "tcp" });
  while (accepted.length < 2) await waitForQuiet(1);
  void accepted[1]?.write(Buffer.from("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"));
  const { socket } = await upgrading;
  void accepted[1]?.write(Buffer.from("raw"));
  expect(String((await once(socket, "data"))[0])).toBe("raw");
  socket.destroy();
});

test("a websocket's frame is one piece, header and payload", async () => {
  const websocket = new WebSocket(`ws+unix:${PATH}:/containers/web/attach/ws`);
  const daemon = await next();
  const key = /Sec-WebSocket-Key: (.*)\r\n/i.exec(String(await daemon.read()))?.[1] as string;
  const { computeWebsocketAccept: websocketAccept } = await import("../../../src/wire/streams/websocket.ts");
  const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  void daemon.write(Buffer.from(`${lines.join("\r\n")}\r\nSec-WebSocket-Accept: ${websocketAccept(key)}\r\n\r\n`));
  await once(websocket, "open");
  websocket.send("to the daemon");
  expect((await daemon.read())?.length).toBe(2 + 4 + "to the daemon".length);
  void daemon.write(Buffer.concat([Buffer.from([0x81, 4]), Buffer.from("back")]));
  expect(String((await once(websocket, "message"))[0])).toBe("back");
  websocket.terminate();
});

test("what polls without a pause gets to its timers", async () => {
  const interception = intercept(createWhale("whale"), { at: ["/nowhere/polled.sock"] });
  onTestFinished(() => interception.close());
  const agent = new http.Agent({ keepAlive: true });
  const began = performance.now();
  let isOver = false;
  setTimeout(() => {
    isOver = true;
  }, 20);
  while (!isOver && performance.now() - began < 3000) await requestName("/nowhere/polled.sock", { agent });
  expect(isOver).toBe(true);
});

test("what a listener throws is an uncaught exception, as with any socket", async () => {
  const socket = net.connect(PATH);
  const daemon = await next();
  socket.on("data", () => {
    throw new Error("of a listener");
  });
  const listeners = process.listeners("uncaughtException");
  onTestFinished(() => {
    for (const listener of listeners) process.on("uncaughtException", listener);
  });
  process.removeAllListeners("uncaughtException");
  const thrown = new Promise((resolve) =>
    process.once("uncaughtException", (error, origin) => resolve([error, origin])),
  );
  void daemon.write(Buffer.from("something"));
  expect(await thrown).toMatchObject([{ message: "of a listener" }, "uncaughtException"]);
});

function bindContext(controller: AbortController): { signal: AbortSignal; abort(): void } {
  return { signal: controller.signal, abort: () => controller.abort() };
}

function resolvers<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolved) => {
    resolve = resolved;
  });
  return { promise, resolve };
}
