/** A simulated daemon over real sockets: alone, behind a replay, before a recorder. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, expectTypeOf, onTestFinished, test } from "vitest";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/upstream.ts";
import { type MockDocker, type MockOptions, mockDocker } from "../../src/modes/mock-docker.ts";
import { type ReplayOptions, replayCassettes } from "../../src/modes/replay.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Peer } from "../playbook/peer.ts";
import { packTar } from "../playbook/tarred.ts";

async function startMock(options: MockOptions = {}): Promise<MockDocker> {
  const docker = await mockDocker(options);
  onTestFinished(() => docker.stop());
  return docker;
}

async function startReplay(options: ReplayOptions): ReturnType<typeof replayCassettes> {
  const replay = await replayCassettes(options);
  onTestFinished(async () => void (await replay.stop()));
  return replay;
}

function writeFile(text: string, name = "file.yaml"): string {
  const path = join(createTemporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

async function answerOf(url: string, question: Buffer): Promise<string> {
  const client = new Peer(await connect(parseUpstream(url)));
  await client.sends(question);
  await client.closesItsHalf();
  return client.hearsAll();
}

test("dockerode sees the state of a literal, and the changes of a test", async () => {
  const docker = await startMock({
    containers: [{ name: "web", image: "nginx", logs: ["ready"] }],
    faults: [{ on: "ContainerStart", name: "web", nth: 1, answer: { status: 500, message: "no space left" } }],
  });
  const client = new Docker({ socketPath: docker.socketPath });
  await docker.containers.get("web").crash({ exitCode: 139 });
  expect(await client.listContainers({ all: true })).toMatchObject([{ Names: ["/web"], State: "exited" }]);
  const web = client.getContainer("web");
  await expect(web.start()).rejects.toMatchObject({
    statusCode: 500,
    message: expect.stringContaining("no space left"),
  });
  await web.start();
  expect((await web.inspect()).State.Running).toBe(true);
  docker.calls.expect("ContainerStart", { name: "nginx", times: 2 });
  docker.calls.expectInOrder("ContainerList", "ContainerStart", "ContainerInspect");
  expect(docker.faults).toMatchObject([{ matched: 2, applied: 1 }]);
  docker.calls.verify();
  expectTypeOf(docker.socketPath).toEqualTypeOf<string | undefined>();
  expectTypeOf(docker.on).parameter(0).toEqualTypeOf<"call" | "exec" | "event" | "container" | "reset">();
});

test.each([
  [{ answer: { status: 500, message: "no space left" } }, /no space left/],
  [{ reset_peer: "0s" }, /socket hang up|ECONNRESET/],
])(
  "a start that %j keeps from the daemon touches no container, not even one that removes itself",
  async (fault, why) => {
    const docker = await startMock({ images: ["busybox"], faults: [{ on: "ContainerStart", nth: 1, ...fault }] });
    const client = new Docker({ socketPath: docker.socketPath });
    const options = { name: "once", Image: "busybox", Cmd: ["true"], HostConfig: { AutoRemove: true } };
    const once = await client.createContainer(options);
    await expect(once.start()).rejects.toThrow(why);
    expect((await once.inspect()).State).toMatchObject({ Status: "created", ExitCode: 0, Error: "" });
    const removed = once.wait({ condition: "removed" });
    await once.start();
    await removed;
    await expect(once.inspect()).rejects.toMatchObject({ statusCode: 404 });
  },
);

test("a start that fails in the daemon removes a container that removes itself", async () => {
  const docker = await startMock({ images: ["busybox"] });
  const client = new Docker({ socketPath: docker.socketPath });
  const HostConfig = { AutoRemove: true };
  const once = await client.createContainer({ Image: "busybox", Cmd: ["no-such-program"], HostConfig });
  await expect(once.start()).rejects.toMatchObject({ statusCode: 400 });
  await expect(once.inspect()).rejects.toMatchObject({ statusCode: 404 });
});

test("images are names, literals and tars", async () => {
  const docker = await startMock({
    images: ["alpine:3", { name: "web:1", tar: packTar({ "etc/tide": "low\n" }) }, { name: "web:2", from: "web:1" }],
  });
  const client = new Docker({ socketPath: docker.socketPath });
  const tags = (await client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
  expect(tags).toEqual(expect.arrayContaining(["alpine:3", "web:1", "web:2"]));
  await client.createContainer({ Image: "web:2", name: "web" });
  expect(docker.containers.get("web").readFile("/etc/tide").toString()).toBe("low\n");
});

test("without a socket it answers this process alone, wherever Docker's clients look", async () => {
  const docker = await startMock({ inProcess: true, containers: [{ name: "web", image: "nginx" }] });
  const named = async (client: Docker): Promise<unknown> => (await client.listContainers())[0]?.Names;
  expect(await named(new Docker({ socketPath: docker.socketPath }))).toEqual(["/web"]);
  expect(await named(new Docker({ socketPath: "/var/run/docker.sock" }))).toEqual(["/web"]);
  expect(existsSync(docker.socketPath ?? "")).toBe(false);
  docker.calls.expect("ContainerList", { times: 2 });
  await docker.stop();
  await expect(named(new Docker({ socketPath: docker.socketPath }))).rejects.toMatchObject({ code: "ENOENT" });
});

test("without a socket it answers at the chosen addresses only", async () => {
  const docker = await startMock({ inProcess: ["tcp://docker.test:2375"] });
  const client = new Docker({ protocol: "http", host: "docker.test", port: 2375 });
  expect((await client.version()).ApiVersion).toBe("1.51");
  expect(docker.url).toMatch(/^unix:\/\/\/whalesong\//);
});

test("a fault is found by the name, where the client goes by the id", async () => {
  const docker = await startMock({ faults: [{ on: "ContainerStart", name: "job", reset_peer: "0ms" }] });
  const client = new Docker({ socketPath: docker.socketPath });
  const job = await client.createContainer({ Image: "busybox", name: "job", Cmd: ["true"] });
  await expect(job.start()).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("state and faults stand in files, too", async () => {
  const state = writeFile(
    "containers: [{name: web, image: nginx}]\nfaults: [{on: ContainerList, answer: {status: 503}}]\n",
  );
  const faults = writeFile("- {on: SystemInfo, answer: {status: 500, message: later}}\n");
  const docker = await startMock({ state, faults });
  expect(docker.containers.get("web").status).toBe("running");
  expect(await answerOf(docker.url, request("GET /v1.41/containers/json"))).toMatch(
    /^HTTP\/1\.1 503 Service Unavailable/,
  );
  expect(await answerOf(docker.url, request("GET /v1.41/info"))).toContain('{"message":"later"}');
  docker.clearFaults();
  docker.addFaults({ on: "SystemPing", answer: { status: 500 } });
  expect(await answerOf(docker.url, request("GET /v1.41/info"))).toMatch(/^HTTP\/1\.1 200 OK/);
  docker.reset();
  expect(docker.faults).toHaveLength(2);
});

test.each([
  ["a state", "containers: [{name: x}]", "state", "WHALESONG_BAD_STATE", /file\.yaml:1:14 {2}/],
  ["faults in a state", "faults: [{on: x, timeout: 1s}]", "state", "WHALESONG_BAD_STATE", /unknown operation `x`/],
  ["faults", "- {}", "faults", "WHALESONG_BAD_FAULTS", /file\.yaml:1:3 {2}a fault must say what happens/],
])("%s that cannot be understood is refused where it is wrong", async (_what, text, option, code, message) => {
  const options: MockOptions = { [option]: writeFile(text) };
  await expect(mockDocker(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test.each([
  [{ faults: [{ timeout: "soon" }] }, "WHALESONG_BAD_FAULTS", /faults:3:14 {2}`timeout` must be a duration/],
  [{ state: "/nowhere/state.yaml" }, "WHALESONG_NO_FILE", /cannot read `\/nowhere\/state\.yaml`/],
  [{ only: ["ContainerLst"] }, "WHALESONG_NO_SUCH_CALL", /did you mean `ContainerList`/],
])("%j is refused at the start", async (options: MockOptions, code, message) => {
  await expect(mockDocker(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test.each([
  ["docs/mock.md", "state"],
  ["docs/faults.md", "faults"],
])("the example in %s is understood", async (path, option) => {
  const [, yaml = ""] = /```yaml\n(.*?)```/s.exec(readFileSync(join(import.meta.dirname, "../..", path), "utf8")) ?? [];
  const docker = await startMock({ [option]: writeFile(yaml) });
  expect(docker.faults.length + docker.containers.size).toBeGreaterThanOrEqual(3);
});

const CASSETTE = `whalesong: 1
---
request: GET /v1.41/info
response:
  status: 200 OK
  json: {"Name":"recorded"}
---
request: GET /v1.41/containers/{id}/json
response:
  status: 200 OK
  json: {"Id":"{id}","Name":"/by-hand"}
`;

test("behind a replay the simulated daemon answers what is not recorded", async () => {
  const replay = await startReplay({
    cassettes: [writeFile(CASSETTE)],
    onMiss: { mock: { containers: [{ name: "web", image: "nginx" }] } },
  });
  const { url } = replay;
  expect(await answerOf(url, request("GET /v1.41/info"))).toContain('{"Name":"recorded"}');
  expect(await answerOf(url, request("GET /v1.41/containers/db/json"))).toContain('{"Id":"db","Name":"/by-hand"}');
  expect(await answerOf(url, request("GET /v1.41/containers/json"))).toContain('"Names":["/web"]');
  const created = await answerOf(
    url,
    encodeJsonRequest("POST /v1.41/containers/create?name=new", { Image: "busybox" }),
  );
  expect(created).toMatch(/^HTTP\/1\.1 201 Created/);
  expect(await answerOf(url, request("GET /_whalesong/state"))).toMatch(/"missed":\[\].*"name":"web"/s);
  expect(await answerOf(url, request("GET /_whalesong/calls?on=ContainerCreate"))).toContain('"Image":"busybox"');
  const answeredElsewhere = { by: "mock", requests: 2 };
  expect(await replay.stop()).toMatchObject({ played: 2, missed: [], answeredElsewhere });
});

test("faults stand before a replay, and are driven while it runs", async () => {
  const { url } = await startReplay({
    cassettes: [writeFile(CASSETTE)],
    faults: [{ on: "SystemInfo", nth: 1, limit_data: 5 }],
  });
  expect(await answerOf(url, request("GET /v1.41/info"))).toMatch(/\r\n\r\n\{"Nam$/);
  expect(await answerOf(url, request("GET /v1.41/info"))).toContain('{"Name":"recorded"}');
  const added = await answerOf(
    url,
    encodeJsonRequest("POST /_whalesong/faults", [{ on: "SystemInfo", answer: { status: 503 } }]),
  );
  expect(added).toContain('{"on":"SystemInfo","answer":{"status":503},"matched":0,"applied":0}');
  expect(await answerOf(url, request("GET /v1.23/info"))).toMatch(/^HTTP\/1\.1 503 Service Unavailable.*text\/plain/s);
  await answerOf(url, request("DELETE /_whalesong/faults"));
  expect(await answerOf(url, request("GET /v1.41/info"))).toContain('{"Name":"recorded"}');
  const bad = await answerOf(url, encodeJsonRequest("POST /_whalesong/faults", [{ on: "SystemInfo" }]));
  expect(bad).toMatch(/^HTTP\/1\.1 400 .*body:1:2 {2}a fault must say what happens.*"WHALESONG_BAD_FAULTS"/s);
});
