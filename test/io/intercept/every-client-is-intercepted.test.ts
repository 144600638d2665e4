import http, { get, request } from "node:http";
import https from "node:https";
import * as netNamespace from "node:net";
import net, { connect, createConnection, Socket } from "node:net";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import axios from "axios";
import Docker from "dockerode";
import got from "got";
import { Agent, Client, fetch as undiciFetch, request as undiciRequest } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { intercept } from "../../../src/io/intercept/intercept.ts";
import { createWhale, requestName } from "./whale.ts";

const PATH = "/nowhere/docker.sock";
const TCP = { host: "docker.invalid", port: 2375 };
const ASK = "GET /name HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n";

const sockets: Readonly<Record<string, () => Socket>> = {
  "net.connect(path)": () => net.connect(PATH),
  "net.connect({ path })": () => net.connect({ path: PATH }),
  "net.createConnection({ path }, listener)": () => net.createConnection({ path: PATH }, () => undefined),
  "a named connect": () => connect(PATH),
  "a named createConnection": () => createConnection({ path: PATH }),
  "a namespace's connect": () => netNamespace.connect(PATH),
  "new net.Socket().connect(path)": () => new net.Socket().connect(PATH),
  "new Socket().connect({ path })": () => new Socket().connect({ path: PATH }),
  "net.connect(port, host)": () => net.connect(TCP.port, TCP.host),
  "net.connect({ host, port })": () => net.connect(TCP),
  "net.connect({ host, port: text })": () => net.connect({ ...TCP, port: "2375" as never }),
};

test.each(Object.entries(sockets))("%s", async (_name, open) => {
  intercepting();
  const socket = open();
  expect(socket.connecting).toBe(true);
  await new Promise((resolve) => socket.once("connect", resolve));
  expect(socket).toMatchObject({ connecting: false, pending: false, destroyed: false });
  socket.write(ASK);
  expect(await text(socket)).toMatch(/\r\n\r\nwhale$/);
  expect(socket).toMatchObject({ bytesWritten: ASK.length, bytesRead: 43, destroyed: true });
});

const clients: Readonly<Record<string, () => Promise<string>>> = {
  "http.get": () => requestName(PATH),
  "http.request": () => answerTo((then) => http.request({ socketPath: PATH, path: "/name" }, then).end()),
  "a named get": () => answerTo((then) => get({ socketPath: PATH, path: "/name" }, then)),
  "a named request": () => answerTo((then) => request({ socketPath: PATH, path: "/name" }, then).end()),
  "http.get(url)": () => answerTo((then) => http.get("http://docker.invalid:2375/name", then)),
  "http.get(URL, options)": () =>
    answerTo((then) => http.get(new URL("http://docker.invalid:2375/name"), { method: "GET" }, then)),
  "http.get(url, { socketPath })": () => answerTo((then) => http.get("http://d/name", { socketPath: PATH }, then)),
  "http.get, agent: false": () => requestName(PATH, { agent: false }),
  "http.get, an agent of its own": () =>
    requestName(PATH, { agent: new http.Agent({ keepAlive: true, maxSockets: 1 }) }),
  "http.get, an agent that knows the path": () =>
    answerTo((then) => http.get("http://d/name", { agent: new http.Agent({ socketPath: PATH } as never) }, then)),
  "http.get, createConnection": () => requestName(PATH, { createConnection: () => net.connect(PATH) }),
  "undici's Client": async () => {
    const client = new Client("http://d", { socketPath: PATH });
    const { body } = await client.request({ method: "GET", path: "/name" });
    return await finallyClosed(client, body.text());
  },
  "undici's Agent": async () => {
    const agent = new Agent({ connect: { socketPath: PATH } });
    const { body } = await undiciRequest("http://d/name", { dispatcher: agent });
    return await finallyClosed(agent, body.text());
  },
  "undici's fetch": async () => {
    const agent = new Agent({ connect: { socketPath: PATH } });
    return await finallyClosed(
      agent,
      undiciFetch("http://d/name", { dispatcher: agent }).then((answer) => answer.text()),
    );
  },
  "Node's fetch, to a tcp address": async () => (await fetch("http://docker.invalid:2375/name")).text(),
  axios: async () => (await axios.get("http://d/name", { socketPath: PATH })).data,
  got: async () => (await got(`http://unix:${PATH}:/name`, { enableUnixSockets: true })).body,
  "dockerode, socketPath": async () => String(await new Docker({ socketPath: PATH }).ping()),
  "https.get, without a certificate in sight": () =>
    answerTo((then) => https.get("https://docker.invalid:2375/name", then)),
  "https.get, a connection used again": async () => {
    const agent = new https.Agent({ keepAlive: true });
    await answerTo((then) => https.get("https://docker.invalid:2375/name", { agent }, then));
    const again = await answerTo((then) => https.get("https://docker.invalid:2375/name", { agent }, then));
    agent.destroy();
    return again;
  },
  "Node's fetch, through TLS": async () => (await fetch("https://docker.invalid:2375/name")).text(),
  "undici, through TLS": async () => {
    const agent = new Agent();
    const { body } = await undiciRequest("https://docker.invalid:2375/name", { dispatcher: agent });
    return await finallyClosed(agent, body.text());
  },
  "dockerode, through TLS": async () => String(await new Docker({ ...TCP, protocol: "https" }).ping()),
  "dockerode, host and port": async () => String(await new Docker({ ...TCP, protocol: "http" }).ping()),
};

test.each(Object.entries(clients))("%s", async (_name, ask) => {
  intercepting();
  expect(await ask()).toBe("whale");
});

test("a TLS socket takes its handshake for done", async () => {
  intercepting();
  const socket = tls.connect({ ...TCP, servername: "docker" });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  expect(socket).toMatchObject({ authorized: true, encrypted: true, connecting: false });
  socket.end(ASK);
  expect(await text(socket)).toMatch(/whale$/);
});

test("DOCKER_HOST, and the usual places, are what is intercepted if nothing else is named", async () => {
  const { DOCKER_HOST } = process.env;
  process.env.DOCKER_HOST = "tcp://docker.invalid:2377";
  const interception = intercept(createWhale("whale"));
  process.env.DOCKER_HOST = DOCKER_HOST;
  if (DOCKER_HOST === undefined) delete process.env.DOCKER_HOST;
  onTestFinished(() => interception.close());
  for (const path of [
    "/var/run/docker.sock",
    "/run/docker.sock",
    "//./pipe/docker_engine",
    "\\\\.\\pipe\\docker_engine",
  ])
    expect(await requestName(path), path).toBe("whale");
  expect(await answerTo((then) => http.get("http://docker.invalid:2377/", then))).toBe("whale");
});

test("other connections are left alone", async () => {
  intercepting();
  const { code } = await catchFailure(requestName("/nowhere/else.sock"));
  expect(code).toBe("ENOENT");
  const server = http.createServer((_, answer) => answer.end("a server"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  expect(await answerTo((then) => http.get({ port }, then))).toBe("a server");
});

function intercepting(): void {
  const interception = intercept(createWhale("whale"), { at: [PATH, "tcp://docker.invalid:2375"] });
  onTestFinished(() => interception.close());
}

function answerTo(ask: (then: (answer: http.IncomingMessage) => void) => http.ClientRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    ask((answer) => text(answer).then(resolve, reject)).on("error", reject);
  });
}

async function finallyClosed<T>(client: { close(): Promise<void> }, answer: Promise<T>): Promise<T> {
  const result = await answer;
  await client.close();
  return result;
}

function catchFailure(promise: Promise<unknown>): Promise<NodeJS.ErrnoException> {
  return promise.then(
    () => Promise.reject(new Error("it went well")),
    (error: NodeJS.ErrnoException) => error,
  );
}
