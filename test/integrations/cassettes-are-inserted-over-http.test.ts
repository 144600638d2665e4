/** `whalesong serve`: cassettes are inserted over a control door, each gets a socket, and DELETE gives the verdict. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { request as sendRequest } from "node:http";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { expect, onTestFinished, test } from "vitest";
import { type ServingVerb, startInProcess } from "../cli/run-in-process.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const CASSETTES = "/_whalesong/cassettes";

interface JsonAnswer {
  readonly status: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: it is JSON of the server, looked at by the test
  readonly body: any;
}

async function startServer(...flags: readonly string[]): Promise<ServingVerb> {
  const server = await startInProcess("serve", "--upstream", "mock", ...flags);
  onTestFinished(async () => void (await server.stop()));
  return server;
}

function send(socketPath: string, method: string, path: string, body?: unknown): Promise<JsonAnswer> {
  const content = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(content) };
    const request = sendRequest({ socketPath, method, path, headers }, async (response) =>
      resolve({ status: response.statusCode, body: JSON.parse(await text(response)) }),
    );
    request.on("error", reject);
    request.end(content);
  });
}

function clientOf({ body }: JsonAnswer): Docker {
  return new Docker({ socketPath: body.dockerHost.replace("unix://", "") });
}

async function insert({ socket }: ServingVerb, fields: object): Promise<JsonAnswer> {
  const inserted = await send(socket, "POST", CASSETTES, fields);
  expect(inserted).toMatchObject({ status: 201 });
  return inserted;
}

const remove = ({ socket }: ServingVerb, { body }: JsonAnswer, query = ""): Promise<JsonAnswer> =>
  send(socket, "DELETE", `${CASSETTES}/${body.id}${query}`);

test("records, then replays, and DELETE gives the verdict of each", async () => {
  const cassette = join(createTemporaryFolder(), "pull.yaml");
  const server = await startServer();
  const recording = await insert(server, { cassette, mode: "once" });
  expect(recording.body).toMatchObject({ mode: "record", cassette });
  const images = await clientOf(recording).listImages();
  expect(await remove(server, recording)).toMatchObject({
    status: 200,
    body: { mode: "record", ok: true, saved: true, exchanges: 1, problems: [] },
  });
  const replay = await insert(server, { cassette, mode: "once" });
  expect(await clientOf(replay).listImages()).toEqual(images);
  expect(await remove(server, replay)).toMatchObject({
    body: { mode: "replay", ok: true, message: "", saved: false, exchanges: 1, played: 1, unplayed: [] },
  });
  expect((await remove(server, replay)).status).toBe(404);
});

test("a miss and an unplayed exchange are in the verdict, with a report for people", async () => {
  const cassette = join(createTemporaryFolder(), "a.yaml");
  const server = await startServer();
  const recording = await insert(server, { cassette, mode: "record" });
  await clientOf(recording).listImages();
  await remove(server, recording);
  const recordCommand = "rspec jobs_spec.rb:3";
  const missed = await insert(server, { cassette, mode: "replay", recordCommand });
  await expect(clientOf(missed).listNetworks()).rejects.toThrow(/networks[\s\S]*record it: +rspec jobs_spec.rb:3\n/);
  const { body } = await remove(server, missed);
  expect(body).toMatchObject({ ok: false, played: 0, missed: [{ method: "GET", target: "/networks" }] });
  expect(body.unplayed).toEqual([expect.stringContaining("GET /images/json")]);
  expect(body.message).toContain("1 missed, 1 not requested");
  expect(body.message).toMatch(/record it: +rspec jobs_spec\.rb:3\n/);
  // In the words of this door, not in those of the functions for Node.
  expect(body.message).toContain("not requested (`allowUnplayed` allows this)");
  const unnamed = await insert(server, { cassette, mode: "replay" });
  await expect(clientOf(unnamed).listNetworks()).rejects.toThrow("run the test again with WHALESONG_MODE=record");
  await remove(server, unnamed);
  const left = await insert(server, { cassette, mode: "replay", allowUnplayed: true });
  expect((await remove(server, left)).body).toMatchObject({ ok: true, unplayed: [expect.any(String)] });
});

test.each([
  ["mock", {}, true],
  ["mock", { failOnUnusedFaults: true }, false],
  ["replay", {}, true],
  ["replay", { failOnUnusedFaults: true }, false],
])("in the mode %s with %j a fault that was never applied is in the verdict: ok %s", async (mode, fields, ok) => {
  const folder = createTemporaryFolder();
  const [cassette, faults] = [join(folder, "a.yaml"), join(folder, "faults.yaml")];
  writeFileSync(cassette, "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n");
  writeFileSync(faults, "- {on: SystemPing, latency: 1ms}\n- {on: ContainerStart, latency: 1ms}\n");
  const server = await startServer();
  const inserted = await insert(server, { ...(mode === "mock" ? {} : { cassette }), mode, faults, ...fields });
  await clientOf(inserted).ping();
  const unused = `${faults}:2  no request matched \`on: ContainerStart\``;
  const { body } = await remove(server, inserted);
  expect(body).toMatchObject({ ok, unusedFaults: [unused] });
  expect(body.message).toBe(ok ? "" : `faults that were never applied:\n  ${unused}`);
});

test.each([
  ["of a failed test", "?failed=true", {}, false],
  ["of a failed test that is to be kept", "?failed=true", { keepFailed: true }, true],
  ["that is discarded", "?discard=true", {}, false],
  ["of a test that passed", "", {}, true],
])("a recording %s is kept or thrown away", async (_what, query, fields, isSaved) => {
  const cassette = join(createTemporaryFolder(), "a.yaml");
  const server = await startServer();
  const recording = await insert(server, { cassette, mode: "record", ...fields });
  await clientOf(recording).version();
  expect((await remove(server, recording, query)).body).toMatchObject({ ok: true, saved: isSaved });
  expect(existsSync(cassette)).toBe(isSaved);
});

test.each([
  ["ids of its own", {}, 2],
  ["the ids of a seed that is named", { seed: "reef" }, 1],
])("what is appended to a recording of the mock has %s", async (_what, fields, count) => {
  const cassette = join(createTemporaryFolder(), "a.yaml");
  const server = await startServer();
  for (const [mode, Image] of [
    ["record", "busybox"],
    ["append", "hello-world"],
  ]) {
    const inserted = await insert(server, { cassette, mode, ...fields });
    await clientOf(inserted).createContainer({ Image });
    expect((await remove(server, inserted)).body).toMatchObject({ ok: true });
  }
  const ids = readFileSync(cassette, "utf8").match(/[0-9a-f]{64}/g) ?? [];
  expect([ids.length, new Set(ids).size]).toEqual([2, count]);
});

test("a recorder stays transparent: the control paths are forwarded by the socket of a recording", async () => {
  const cassette = join(createTemporaryFolder(), "a.yaml");
  const server = await startServer();
  const recording = await insert(server, { cassette, mode: "record" });
  const { status } = await send(recording.body.dockerHost.replace("unix://", ""), "GET", CASSETTES);
  expect(status).toBe(404);
  await remove(server, recording);
  expect(readFileSync(cassette, "utf8")).toContain(`request: GET ${CASSETTES}`);
});

test("tests side by side have sockets of their own", async () => {
  const folder = createTemporaryFolder();
  const server = await startServer();
  const names = ["reef", "tide", "kelp"];
  const opened = await Promise.all(
    names.map((name) => insert(server, { cassette: join(folder, `${name}.yaml`), mode: "record" })),
  );
  expect(new Set(opened.map(({ body }) => body.dockerHost)).size).toBe(3);
  await Promise.all(opened.map((one, index) => clientOf(one).createVolume({ Name: names[index] as string })));
  expect((await send(server.socket, "GET", CASSETTES)).body.cassettes).toHaveLength(3);
  await Promise.all(opened.map((one) => remove(server, one)));
  for (const name of names) {
    const recorded = readFileSync(join(folder, `${name}.yaml`), "utf8");
    expect(recorded.match(/^request:/gm)).toHaveLength(1);
    expect(recorded).toContain(name);
  }
});

test("a simulated daemon needs no cassette", async () => {
  const server = await startServer();
  const mock = await insert(server, { mode: "mock", engine: "20.10", now: "2026-11-20T12:00:00Z" });
  expect(await clientOf(mock).version()).toMatchObject({ ApiVersion: "1.41" });
  expect((await remove(server, mock)).body).toMatchObject({ mode: "mock", ok: true, exchanges: 0 });
});

test("the end closes and removes all sockets, and throws half recordings away", async () => {
  const cassette = join(createTemporaryFolder(), "half.yaml");
  const server = await startServer();
  const recording = await insert(server, { cassette, mode: "record" });
  await clientOf(recording).version();
  const { stdout, stderr } = await server.stop();
  expect(stdout).toBe(`unix://${server.socket}\n`);
  expect(stderr).toContain(`1 recording did not end before the server, and was thrown away: ${cassette}`);
  expect(existsSync(cassette)).toBe(false);
  for (const socket of [server.socket, recording.body.dockerHost.replace("unix://", "")])
    expect(existsSync(dirname(socket))).toBe(false);
});

test("over TCP, what a page may send is refused", async () => {
  const server = await startServer("--control", "tcp://127.0.0.1:0");
  const url = server.socket.replace("tcp:", "http:") + CASSETTES;
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url, { headers: { Origin: "http://evil.example" } })).status).toBe(403);
  expect((await fetch(url, { method: "POST", body: '{"mode":"mock"}' })).status).toBe(403);
  const headers = { "Content-Type": "application/json" };
  expect((await fetch(url, { method: "POST", headers, body: '{"mode":"mock"}' })).status).toBe(201);
});

test("what is no control request is told where it is", async () => {
  const server = await startServer();
  expect(await send(server.socket, "GET", "/v1.41/containers/json")).toMatchObject({
    status: 404,
    body: { message: expect.stringContaining("not a daemon") },
  });
});

test.each([
  ["", "the body must be a JSON object"],
  ["[]", "the body must be a JSON object"],
  ["{}", "`cassette` must be a cassette"],
  ['{"casette": "a.yaml"}', "did you mean `cassette`?"],
  ['{"cassette": "a.yaml", "mode": "rekord"}', "`mode` must be one of"],
  ['{"cassette": "a.yaml", "ignore": "query.t"}', "`ignore` must be a list of texts"],
  ['{"cassette": "a.yaml", "tempo": "fast"}', "`2x`"],
  ['{"cassette": "a.yaml", "now": "soon"}', "a time like"],
  ['{"cassette": "/nowhere/a.yaml", "mode": "replay"}', "/nowhere/a.yaml"],
])("refuses %s", async (body, why) => {
  const server = await startServer();
  const { status, body: answer } = await send(server.socket, "POST", CASSETTES, body);
  expect(status).toBe(400);
  expect(answer.message).toContain(why);
  expect(answer.code).toMatch(/^WHALESONG_/);
  expect((await send(server.socket, "GET", CASSETTES)).body.cassettes).toEqual([]);
});

test.each([
  [
    "http",
    "the body has no `allowUnplaid`; did you mean `allowUnplayed`",
    '{"cassette": "web.yaml", ',
    "the member `upstream`",
  ],
  [
    "pytest",
    "the mark `whalesong` has no `allow_unplaid`; did you mean `allow_unplayed`",
    'whalesong(cassette="',
    "`--whalesong-upstream`",
  ],
  [
    "go",
    "`whalesongtest.Options` has no `AllowUnplaid`; did you mean `AllowUnplayed`",
    'Options{Cassette: "',
    "WHALESONG_UPSTREAM",
  ],
])("answers %s in its own words", async (caller, unknown, example, upstream) => {
  const server = await startServer();
  const cassette = join(createTemporaryFolder(), "a.yaml");
  const refuse = async (fields: object): Promise<string> =>
    (await send(server.socket, "POST", CASSETTES, { cassette, caller, ...fields })).body.message;
  expect(await refuse({ allowUnplaid: true })).toContain(unknown);
  expect(await refuse({ allowUnplayed: 3 })).toContain(example);
  const unreachable = await refuse({ mode: "once", upstream: "unix:///nowhere/at-all.sock" });
  expect(unreachable).toMatch(/^there is no cassette at `.*a\.yaml`, so this run would record it/);
  expect(unreachable).toContain(`with DOCKER_HOST or ${upstream}`);
});

const TOKEN = `npm_${"aB3dE5gH7j".repeat(4).slice(0, 36)}`;

test.each([
  ["http", '`"redact": ["/PATTERN/"]`', '`"allowSecrets": ["npm token"]`'],
  ["pytest", '`redact=["/PATTERN/"]`', '`allow_secrets=["npm token"]`'],
  ["go", '`Redact: []string{"/PATTERN/"}`', '`AllowSecrets: []string{"npm token"}`'],
])("a recording of %s that is refused names the ways out in its own words", async (caller, redact, allow) => {
  const cassette = join(createTemporaryFolder(), "a.yaml");
  const server = await startServer();
  const recording = await insert(server, { cassette, caller, mode: "record", redact: ["no-tokens"] });
  await clientOf(recording).createVolume({ Name: "kelp", Labels: { at: TOKEN } });
  const { message } = (await remove(server, recording)).body;
  expect(message).toContain(redact);
  expect(message).toContain(allow);
  expect(message).not.toContain("--");
});

test("a recording leaves out what `redact` names, and may have what `allowSecrets` names", async () => {
  const cassette = join(createTemporaryFolder(), "a.yaml");
  const server = await startServer();
  const attempt = async (fields: object): Promise<JsonAnswer> => {
    const recording = await insert(server, { cassette, mode: "record", ...fields });
    await clientOf(recording).createVolume({ Name: "kelp", Labels: { at: TOKEN, REEF: "coral-4711" } });
    return remove(server, recording);
  };
  const redact = ["no-tokens", "REEF"];
  expect((await attempt({ redact })).body).toMatchObject({ ok: false, saved: false });
  expect((await attempt({ redact, allowSecrets: ["npm token"] })).body).toMatchObject({ ok: true, saved: true });
  const recorded = readFileSync(cassette, "utf8");
  expect(recorded).toContain(TOKEN);
  expect(recorded).not.toContain("coral-4711");
});

test("refuses an unknown outcome, and goes on with the cassette", async () => {
  const server = await startServer();
  const mock = await insert(server, { mode: "mock" });
  expect((await remove(server, mock, "?faild=true")).body.code).toBe("WHALESONG_BAD_CONTROL");
  expect((await remove(server, mock, "?failed=true")).status).toBe(200);
});
