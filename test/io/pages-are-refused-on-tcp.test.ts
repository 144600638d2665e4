import { request } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/io/clock.ts";
import { createSocketUrl, listen } from "../../src/io/listen/listen.ts";
import { createEngine } from "../../src/mock/daemon/create-engine.ts";
import { mock } from "../../src/mock/daemon/mock.ts";
import {
  type ControlCommand,
  createControlResponder,
  readControlText,
  toJsonAnswer,
} from "../../src/session/control.ts";
import { createDaemon } from "../../src/session/daemon.ts";

const PORT = /:\d+$/;
const CONTROL = new Map<string, ControlCommand>([
  ["GET /_whalesong/state", () => toJsonAnswer({})],
  ["POST /_whalesong/state", async (call) => toJsonAnswer(await readControlText(call))],
  ["POST /_whalesong/rewind", () => toJsonAnswer({})],
]);

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The status, and dockerd's message if there is one. */
async function ask(
  listenUrl: string,
  { method = "GET", path = "/_ping", body, headers }: Sent,
): Promise<[number, string]> {
  const engine = createEngine({ clock: systemClock, startMs: 0 });
  const listener = await listen(listenUrl, createDaemon(createControlResponder(CONTROL), mock(engine)));
  const at = listener.url.startsWith("unix:")
    ? { socketPath: listener.url.slice(7) }
    : { host: "127.0.0.1", port: Number(PORT.exec(listener.url)?.[0].slice(1)) };
  try {
    return await new Promise((resolve, reject) => {
      const call = request({ ...at, method, path, headers }, async (response) => {
        resolve([response.statusCode ?? 0, Buffer.concat(await response.toArray()).toString()]);
      });
      call.on("error", reject).end(body);
    });
  } finally {
    await listener.close();
  }
}

const TCP = "tcp://127.0.0.1:0";
const json = { "Content-Type": "application/json" };
const control = { method: "POST", path: "/_whalesong/state", body: "{}" };

const REFUSED: readonly (readonly [what: string, sent: Sent, message: RegExp])[] = [
  ["a stranger's Host", { headers: { Host: "evil.example" } }, /sent to the host `evil\.example`/],
  ["a stranger's Host with a port", { headers: { Host: "evil.example:2375" } }, /evil\.example:2375/],
  ["a stranger's Host that ends alike", { headers: { Host: "127.0.0.1.evil.example" } }, /stranger's name/],
  ["a stranger's Host that begins with an address", { headers: { Host: "localhost.evil.example" } }, /stranger's/],
  ["an absolute name", { headers: { Host: "evil." } }, /stranger's name/],
  ["a page of another site", { headers: { Origin: "http://evil.example" } }, /web page of `http:\/\/evil\.example`/],
  ["a page of another port", { headers: { Host: "localhost:1", Origin: "http://localhost:2" } }, /web page of/],
  ["a page without an origin", { headers: { Origin: "null" } }, /web page of `null`/],
  ["a picture in a page", { headers: { "Sec-Fetch-Site": "cross-site" } }, /web page of another site/],
  ["a form", { ...control, headers: { "Content-Type": "text/plain" } }, /got `text\/plain`/],
  ["a form's type", { ...control, headers: { "Content-Type": "application/x-www-form-urlencoded" } }, /Content-Type/],
  ["a body without a type", control, /`application\/json` \(or `application\/yaml`\), got none/],
];

test.each(REFUSED)("refuses %s", async (_, sent, message) => {
  const [status, body] = await ask(TCP, sent);
  expect(status).toBe(403);
  expect((JSON.parse(body) as { message: string }).message).toMatch(message);
});

const PASSED: readonly (readonly [what: string, listenUrl: string, sent: Sent])[] = [
  ["an address", TCP, {}],
  ["another address, through a tunnel", TCP, { headers: { Host: "10.1.2.3:2375" } }],
  ["an IPv6 address", TCP, { headers: { Host: "[::1]:2375" } }],
  ["localhost", TCP, { headers: { Host: "LOCALHOST:2375" } }],
  ["docker's own name", TCP, { headers: { Host: "api.moby.localhost" } }],
  ["a service of compose", TCP, { headers: { Host: "whalesong:2375" } }],
  ["an empty Host, as docker 20.10 sends", TCP, { headers: { Host: "" } }],
  ["the same origin", TCP, { headers: { Host: "localhost:1", Origin: "http://localhost:1" } }],
  ["an address that was typed", TCP, { headers: { "Sec-Fetch-Site": "none" } }],
  ["control with JSON", TCP, { ...control, headers: json }],
  ["control with YAML", TCP, { ...control, headers: { "Content-Type": "application/yaml" } }],
  ["control without a body", TCP, { method: "POST", path: "/_whalesong/rewind" }],
  ["all of it on a unix socket", createSocketUrl(), { ...control, headers: { Host: "evil.example", Origin: "null" } }],
];

test.each(PASSED)("lets pass %s", async (_, listenUrl, sent) => {
  expect((await ask(listenUrl, sent))[0]).toBe(200);
});

afterEach(() => vi.restoreAllMocks());

test.each([
  ["tcp://0.0.0.0:0", true],
  ["tcp://127.0.0.1:0", false],
  ["tcp://localhost:0", false],
])("%s without TLS: warns? %s", async (url, warns) => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
  await (await listen(url, async () => undefined)).close();
  expect(warn.mock.calls.map(([message]) => String(message))).toEqual(
    warns ? [expect.stringContaining(`${url} without TLS is open to all`)] : [],
  );
});
