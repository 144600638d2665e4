import { expect, test } from "vitest";
import type { Behaviour } from "../../../src/mock/runtime/behaviours/behaviour.ts";
import { parseBehaviours } from "../../../src/mock/runtime/behaviours/parse-behaviours.ts";
import type { PortOpener } from "../../../src/mock/runtime/open-port.ts";
import type { Daemon } from "../../../src/session/connection.ts";
import { connectionPair } from "../../../src/session/pair.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { Peer } from "../../playbook/peer.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";

const V = "/v1.41";

function createDaemonWith(yaml: string): MockedDaemon {
  return new MockedDaemon({ behaviours: parseBehaviours(yaml, "b.yaml") });
}

async function start(docker: MockedDaemon, body: object, name = "web"): Promise<void> {
  expect((await docker.asks(`POST ${V}/containers/create?name=${name}`, body)).status).toBe(201);
  expect((await docker.asks(`POST ${V}/containers/${name}/start`)).status).toBe(204);
  await waitForQuiet();
}

async function readState(docker: MockedDaemon, name = "web") {
  return (await docker.asks(`GET ${V}/containers/${name}/json`)).json.State;
}

test("an image of a behaviour need not exist; its script prints with its waits, and ends", async () => {
  const docker = createDaemonWith("- {image: 'shop:1', does: [one, {wait: 200ms}, {stderr: \"two\\n\"}], exit: 3}");
  await start(docker, { Image: "shop:1" });
  expect(await docker.readsLogs("web")).toBe("one\n");
  await docker.passes(300);
  expect(await docker.readsLogs("web")).toBe("one\ntwo\n");
  expect(await readState(docker)).toMatchObject({ Status: "exited", ExitCode: 3 });
});

test("a behaviour that stays ends at a stop with its code, and ignores the signals it lists", async () => {
  const docker = createDaemonWith("- {image: db, does: ready, stays: true, signals: {TERM: 7, HUP: ignore}}");
  await start(docker, { Image: "db" });
  await docker.asks(`POST ${V}/containers/web/kill?signal=HUP`);
  expect((await readState(docker)).Status).toBe("running");
  await docker.asks(`POST ${V}/containers/web/stop`);
  expect(await readState(docker)).toMatchObject({ Status: "exited", ExitCode: 7 });
});

test("a command matches wherever it is called, with and without arguments", async () => {
  const docker = createDaemonWith(
    "- {command: pg_isready, does: accepting}\n- {command: psql -c *, does: [{stdout: no}], exit: 2}",
  );
  const id = await docker.runs("pg_isready -U x && echo fine; psql -c 1; echo $?; psql");
  expect(await docker.readsLogs(id)).toBe("accepting\nfine\nno2\nsh: psql: not found\n");
});

test("lines are answered, and files exist and are written", async () => {
  const docker = createDaemonWith(
    "- {container: web, files: {/etc/a: there}, does: [{writes: {/tmp/b: too}}, {answers: {ping: pong, '*': what}}]}",
  );
  const body = { Image: "busybox", Cmd: ["any"], OpenStdin: true, StdinOnce: true };
  await start(docker, body);
  const client = docker.client();
  await client.sends(`POST ${V}/containers/web/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: d\r\n\r\n`);
  await client.hearsUpTo("\r\n\r\n");
  await client.sends("ping\nhello\n");
  await client.closesItsHalf();
  await waitForQuiet();
  expect(await docker.readsLogs("web")).toBe("pong\nwhat\n");
  const { json } = await docker.asks(`GET ${V}/containers/web/changes`);
  expect(json.map(({ Path }: { Path: string }) => Path)).toEqual(["/etc", "/etc/a", "/tmp", "/tmp/b"]);
});

test("health goes through its sequence, and stays at its last result", async () => {
  const docker = createDaemonWith("- {image: db, stays: true, health: [unhealthy, healthy]}");
  await start(docker, { Image: "db", Healthcheck: { Test: ["CMD", "x"], Interval: 1e9 } });
  expect((await readState(docker)).Health.Status).toBe("starting");
  await docker.passes(1000);
  expect((await readState(docker)).Health).toMatchObject({ Status: "starting", FailingStreak: 1 });
  await docker.passes(2000);
  expect((await readState(docker)).Health).toMatchObject({ Status: "healthy", FailingStreak: 0 });
  const { json } = await docker.asks(`GET ${V}/containers/json`);
  expect(json[0].Status).toMatch(/\(healthy\)$/);
});

test("a function has arguments, variables, lines and signals, and returns an exit code", async () => {
  const greeter: Behaviour = {
    command: "greet",
    does: async ({ args, env, stdout, stderr, signal, sleep, files }) => {
      files.write("/seen", args.join(","));
      await stdout.write(`hello ${args[0]} from ${env.WHERE}\n`);
      while (!signal.aborted) await sleep(100);
      await stderr.write(`stopped by ${signal.reason}\n`);
      return 4;
    },
  };
  const docker = new MockedDaemon({ behaviours: [greeter] });
  await start(docker, { Image: "busybox", Cmd: ["greet", "you"], Env: ["WHERE=here"] });
  expect(await docker.readsLogs("web")).toBe("hello you from here\n");
  await docker.asks(`POST ${V}/containers/web/kill?signal=TERM`);
  await docker.passes(200);
  expect(await docker.readsLogs("web")).toBe("hello you from here\nstopped by TERM\n");
  expect((await readState(docker)).ExitCode).toBe(4);
});

test("KILL ends a function that waits for ever", async () => {
  const docker = new MockedDaemon({ behaviours: [{ image: "stuck", does: () => new Promise(() => undefined) }] });
  await start(docker, { Image: "stuck" });
  await docker.asks(`POST ${V}/containers/web/kill`);
  expect(await readState(docker)).toMatchObject({ Status: "exited", ExitCode: 137 });
});

/** Ports of a machine in memory. */
function createPortOpener(taken: readonly number[] = []): { opens: PortOpener; at: Map<number, Daemon> } {
  const at = new Map<number, Daemon>();
  const opens: PortOpener = async (requested, answer) => {
    if (taken.includes(requested) || at.has(requested)) return undefined;
    const port = requested === 0 ? 50_000 + at.size : requested;
    at.set(port, answer);
    return { port, close: async () => void at.delete(port) };
  };
  return { opens, at };
}

async function exchange(answer: Daemon | undefined, text: string): Promise<string> {
  const [near, far] = connectionPair();
  void answer?.(far);
  const peer = new Peer(near);
  await peer.sends(text);
  await peer.closesItsHalf();
  return peer.hearsAll();
}

test("published ports answer as the behaviour says, while the container runs", async () => {
  const { opens, at } = createPortOpener();
  const behaviours = parseBehaviours(
    `- image: db
  stays: true
  ports:
    7: echo
    80: {http: {/health: {body: ok}, "*": {status: 503, headers: {A: b}}}}
    5432: {greets: "hi\\n", answers: {ping: pong}}`,
    "b.yaml",
  );
  const docker = new MockedDaemon({ behaviours, opensPorts: opens });
  await start(docker, { Image: "db", HostConfig: { PublishAllPorts: true } });
  const { json } = await docker.asks(`GET ${V}/containers/web/json`);
  const host = (port: number): Daemon | undefined =>
    at.get(Number(json.NetworkSettings.Ports[`${port}/tcp`][0].HostPort));
  expect(await exchange(host(7), "abc")).toBe("abc");
  expect(await exchange(host(5432), "ping\nother\n")).toBe("hi\npong\n");
  expect(
    await exchange(host(80), "GET /health HTTP/1.1\r\nHost: web\r\n\r\nHEAD / HTTP/1.1\r\nHost: web\r\n\r\n"),
  ).toBe(
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok" +
      "HTTP/1.1 503 Service Unavailable\r\nA: b\r\nContent-Length: 0\r\n\r\n",
  );
  await docker.asks(`POST ${V}/containers/web/stop`);
  await waitForQuiet();
  expect([...at.keys()]).toEqual([]);
});

const PAGE = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";

test.each([
  ["nginx", [], [], /^HTTP\/1\.1 200 OK\r\n[\s\S]*<h1>nginx \(simulated\)<\/h1>/],
  ["httpd", [], [], /<h1>httpd-foreground \(simulated\)<\/h1>/],
  ["nginx", ["sleep", "9"], [], /^$/],
  ["nginx", [], [{ image: "nginx", ports: { 80: { greets: "mine" } }, stays: true }], /^mine/],
])("a web server has a page on its port: %s %j %j", async (Image, Cmd, behaviours, answer) => {
  const { opens, at } = createPortOpener();
  const docker = new MockedDaemon({ behaviours: behaviours as readonly Behaviour[], opensPorts: opens });
  await docker.asks(`POST ${V}/images/create?fromImage=${Image}&tag=latest`);
  const HostConfig = { PortBindings: { "80/tcp": [{ HostPort: "8080" }] } };
  await start(docker, { Image, ...(Cmd.length === 0 ? {} : { Cmd }), HostConfig });
  expect(await exchange(at.get(8080), PAGE)).toMatch(answer);
});

test("other containers reach a web server by its name", async () => {
  const docker = new MockedDaemon();
  await docker.asks(`POST ${V}/images/create?fromImage=nginx&tag=latest`);
  await docker.asks(`POST ${V}/networks/create`, { Name: "shop" });
  await start(docker, { Image: "nginx", HostConfig: { NetworkMode: "shop" } });
  await start(
    docker,
    { Image: "busybox", Cmd: ["wget", "-qO-", "http://web/"], HostConfig: { NetworkMode: "shop" } },
    "ask",
  );
  expect(await docker.readsLogs("ask")).toContain("<h1>nginx (simulated)</h1>");
});

test("a port in use on this machine fails the start with dockerd's message", async () => {
  const docker = new MockedDaemon({ opensPorts: createPortOpener([8080]).opens });
  await docker.asks(`POST ${V}/containers/create?name=web`, {
    Image: "busybox",
    Cmd: ["sleep", "9"],
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }] } },
  });
  const { status, json } = await docker.asks(`POST ${V}/containers/web/start`);
  expect(status).toBe(500);
  expect(json.message).toMatch(
    /^driver failed programming external connectivity on endpoint web .*address already in use$/,
  );
  expect(await readState(docker)).toMatchObject({ Status: "created", ExitCode: 128 });
});

test("two containers cannot publish one port, and only exposed ports are published", async () => {
  const docker = new MockedDaemon();
  const body = {
    Image: "busybox",
    Cmd: ["sleep", "9"],
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }], "81/tcp": [{ HostPort: "8081" }] } },
  };
  await start(docker, body);
  await docker.asks(`POST ${V}/containers/create?name=other`, body);
  const { json } = await docker.asks(`POST ${V}/containers/other/start`);
  expect(json.message).toMatch(/Bind for 0\.0\.0\.0:8080 failed: port is already allocated$/);
  const listed = (await docker.asks(`GET ${V}/containers/json`)).json[0].Ports;
  expect(listed.map(({ PublicPort }: { PublicPort: number }) => PublicPort)).toEqual([8080, 8080]);
});

test("a health check with nulls for its times, as compose sends it, is run at the daemon's own pace", async () => {
  const docker = new MockedDaemon();
  const Healthcheck = { Test: ["CMD", "true"], Interval: 1e9, Timeout: null, StartPeriod: null, Retries: null };
  await docker.runs("sleep 1000", { Healthcheck }, "web");
  await docker.passes(1500);
  expect((await readState(docker)).Health.Status).toBe("healthy");
  expect(docker.faults).toEqual([]);
});
