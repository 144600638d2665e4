/** Each test is about a sentence or an example of the document of API 1.9, section 2.1. */
import { describe, expect, test } from "vitest";
import { findFieldValue } from "../../../../src/wire/http/head.ts";
import { encodeTextFrame, upgradeRequest } from "../../../playbook/http.ts";
import { MockedDaemon, parseTestResponse, type TestResponse } from "../../../playbook/mocked.ts";
import { waitForQuiet } from "../../../playbook/quiet.ts";

const V = "/v1.9/containers";
const HEX = /^[0-9a-f]{64}$/;

function typeOf({ head }: TestResponse): string | undefined {
  return findFieldValue(head.fields, "Content-Type");
}

async function createContainer(
  docker: MockedDaemon,
  settings: Record<string, unknown> = {},
  name = "web",
): Promise<string> {
  const { json } = await docker.asks(`POST ${V}/create?name=${name}`, { Image: "busybox", Cmd: ["true"], ...settings });
  return json.Id;
}

describe("a list", () => {
  test("has the members of the example, and the names", async () => {
    const docker = new MockedDaemon();
    await docker.runs("echo 1 > /x", { ExposedPorts: { "2222/tcp": {} } }, "job");
    const { json } = await docker.asks(`GET ${V}/json?all=1&size=1`);
    expect(json).toEqual([
      {
        Id: expect.stringMatching(HEX),
        Names: ["/job"],
        Image: "busybox:latest",
        Command: "sh -c 'echo 1 > /x'",
        Created: expect.any(Number),
        Status: "Exit 0",
        Ports: [],
        SizeRw: 2,
        SizeRootFs: expect.any(Number),
      },
    ]);
  });

  test("has each published port once, as private, public and type", async () => {
    const docker = new MockedDaemon();
    const settings = { ExposedPorts: { "2222/tcp": {} } };
    await docker.asks(`POST ${V}/${await createContainer(docker, { ...settings, Cmd: ["sleep", "9"] })}/start`, {
      PortBindings: { "2222/tcp": [{ HostPort: "3333" }] },
    });
    const { json } = await docker.asks(`GET ${V}/json`);
    expect(json[0].Ports).toEqual([{ PrivatePort: 2222, PublicPort: 3333, Type: "tcp" }]);
  });

  test.each(["all=maybe", "size=2", "limit=many"])("is refused with 400 for %s", async (query) => {
    const { status, text } = await new MockedDaemon().asks(`GET ${V}/json?${query}`);
    expect([status, text]).toEqual([400, expect.stringMatching(/^Bad parameter/)]);
  });

  test("selects containers before or since another, even if they do not run", async () => {
    const docker = new MockedDaemon();
    for (const name of ["one", "two", "three"]) await createContainer(docker, {}, name);
    const names = async (query: string): Promise<string[]> =>
      (await docker.asks(`GET ${V}/json?${query}`)).json.flatMap(({ Names }: { Names: string[] }) => Names);
    expect(await names("before=two")).toEqual(["/one"]);
    expect(await names("since=two")).toEqual(["/three"]);
  });
});

describe("a container is created", () => {
  test("with an id and no warnings", async () => {
    const { status, json } = await new MockedDaemon().asks(`POST ${V}/create`, { Image: "busybox", Cmd: ["date"] });
    expect([status, json]).toEqual([201, { Id: expect.stringMatching(HEX), Warnings: [] }]);
  });

  test("with memory, name servers, ports and others' volumes in its configuration", async () => {
    const docker = new MockedDaemon();
    await createContainer(docker, { Volumes: { "/data": {} } }, "store");
    const settings = {
      Memory: 8_000_000,
      CpuShares: 2,
      Dns: ["8.8.8.8"],
      VolumesFrom: "store",
      PortSpecs: ["8080:80"],
    };
    const id = await createContainer(docker, settings);
    const { json } = await docker.asks(`GET ${V}/${id}/json`);
    expect(json.Config).toMatchObject({ Memory: 8_000_000, CpuShares: 2, Dns: ["8.8.8.8"], VolumesFrom: "store" });
    expect(json.Config).toMatchObject({ PortSpecs: null, ExposedPorts: { "80/tcp": {} } });
    expect(Object.keys(json.Volumes)).toEqual(["/data"]);
    expect(json.HostConfig.PortBindings).toEqual({ "80/tcp": [{ HostIp: "", HostPort: "8080" }] });
  });

  test("under a name of letters, digits, - and _, even of one character", async () => {
    const docker = new MockedDaemon();
    expect((await docker.asks(`GET ${V}/${await createContainer(docker, {}, "_")}/json`)).json.Name).toBe("/_");
    const { status, text } = await docker.asks(`POST ${V}/create?name=a.b`, { Image: "busybox", Cmd: ["date"] });
    expect([status, text]).toEqual([500, expect.stringContaining("only [a-zA-Z0-9_-] are allowed")]);
  });

  test("not without its image: 404", async () => {
    expect((await new MockedDaemon().asks(`POST ${V}/create`, { Image: "base", Cmd: ["date"] })).status).toBe(404);
  });

  test("not under a taken name: a status that the document does not list is 500", async () => {
    const docker = new MockedDaemon();
    await createContainer(docker);
    const { status, text } = await docker.asks(`POST ${V}/create?name=web`, { Image: "busybox", Cmd: ["date"] });
    expect([status, text]).toEqual([500, expect.stringMatching(/^Conflict/)]);
  });
});

describe("an inspection", () => {
  test("has the members of the example", async () => {
    const docker = new MockedDaemon();
    const { json } = await docker.asks(`GET ${V}/${await createContainer(docker)}/json`);
    expect(json).toMatchObject({
      Id: expect.stringMatching(HEX),
      Path: "true",
      Args: [],
      Config: { PortSpecs: null, Dns: null, VolumesFrom: "", Memory: 0, MemorySwap: 0 },
      State: { Running: false, Pid: 0, ExitCode: 0, StartedAt: "0001-01-01T00:00:00Z", Ghost: false },
      Image: expect.stringMatching(HEX),
      NetworkSettings: { IpAddress: "", IpPrefixLen: 0, Gateway: "", Bridge: "", PortMapping: null },
      SysInitPath: expect.any(String),
      ResolvConfPath: expect.any(String),
      Volumes: {},
    });
    expect(json.HostConfig).toEqual({
      Binds: null,
      ContainerIDFile: "",
      LxcConf: [],
      Privileged: false,
      PortBindings: null,
      Links: null,
      PublishAllPorts: false,
    });
    expect(json.Config).not.toHaveProperty("Labels");
  });

  test("calls a dead container a ghost", async () => {
    const docker = new MockedDaemon();
    const id = await createContainer(docker);
    docker.engine.containers.change(id, (now) => ({ ...now, state: { ...now.state, status: "dead" } }));
    expect((await docker.asks(`GET ${V}/${id}/json`)).json.State.Ghost).toBe(true);
  });
});

describe("a start", () => {
  const SETTINGS = {
    Binds: ["/tmp:/tmp"],
    LxcConf: { "lxc.utsname": "docker" },
    PortBindings: { "22/tcp": [{ HostPort: "11022" }] },
    PublishAllPorts: false,
    Privileged: false,
  };

  test("may have host settings: folders, ports and options of lxc", async () => {
    const docker = new MockedDaemon();
    const id = await createContainer(docker, { Cmd: ["sleep", "9"], ExposedPorts: { "22/tcp": {} } });
    const started = await docker.asks(`POST ${V}/${id}/start`, SETTINGS);
    expect([started.status, typeOf(started), started.text]).toEqual([204, "text/plain", ""]);
    const { json } = await docker.asks(`GET ${V}/${id}/json`);
    expect(json.Volumes).toEqual({ "/tmp": "/tmp" });
    expect(json.NetworkSettings.PortMapping).toEqual({ Tcp: { "22": "11022" }, Udp: {} });
    expect(json.HostConfig).toMatchObject({
      Binds: ["/tmp:/tmp"],
      LxcConf: [{ Key: "lxc.utsname", Value: "docker" }],
    });
  });

  test("shares a host folder with later containers", async () => {
    const docker = new MockedDaemon();
    const writes = await createContainer(docker, { Cmd: ["sh", "-c", "echo pearl > /in/shell"] }, "writes");
    await docker.asks(`POST ${V}/${writes}/start`, { Binds: ["/sea:/in"] });
    await waitForQuiet();
    const reads = await createContainer(docker, { Cmd: ["cat", "/out/shell"] }, "reads");
    await docker.asks(`POST ${V}/${reads}/start`, { Binds: ["/sea:/out"] });
    await waitForQuiet();
    expect(await docker.readsLogs(reads)).toBe("pearl\n");
  });

  test("of a running container, and a stop of a stopped one, answer as if they changed it", async () => {
    const docker = new MockedDaemon();
    const id = await createContainer(docker, { Cmd: ["sleep", "9"] });
    for (const act of ["start", "start", "kill", "stop", "kill"]) {
      expect((await docker.asks(`POST ${V}/${id}/${act}`)).status, act).toBe(204);
    }
  });
});

describe("what runs", () => {
  test("appears as in `ps aux`, each word of a command in a column", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 10");
    const { json } = await docker.asks(`GET ${V}/${id}/top`);
    expect(json.Titles.slice(0, 3)).toEqual(["USER", "PID", "%CPU"]);
    expect(json.Processes[0].slice(-2)).toEqual(["sleep", "10"]);
  });

  test("cannot be removed; a stopped container has no processes: 500", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 10");
    expect((await docker.asks(`DELETE ${V}/${id}?force=1`)).status).toBe(500);
    await docker.asks(`POST ${V}/${id}/kill`);
    expect((await docker.asks(`GET ${V}/${id}/top`)).status).toBe(500);
    expect((await docker.asks(`DELETE ${V}/${id}?v=perhaps`)).status).toBe(400);
    expect((await docker.asks(`DELETE ${V}/${id}?v=1`)).status).toBe(204);
  });

  test("can be waited for: the response has only a status code", async () => {
    const docker = new MockedDaemon();
    const { text } = await docker.asks(`POST ${V}/${await docker.runs("exit 4")}/wait`);
    expect(text).toBe('{"StatusCode":4}\n');
  });
});

describe("an attached client", () => {
  test("gets frames after a 200, even if it requests an upgrade", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("echo out; echo err >&2");
    const client = docker.client();
    await client.sends(upgradeRequest(`POST ${V}/${id}/attach?logs=1&stream=0&stdout=1&stderr=1`));
    const response = parseTestResponse(await client.hearsAll(), "POST /");
    expect([response.status, typeOf(response)]).toEqual([200, "application/vnd.docker.raw-stream"]);
    expect(response.text).toBe(encodeTextFrame("stdout", "out\n") + encodeTextFrame("stderr", "err\n"));
  });

  test.each([
    ["nosuch/attach?logs=1", 404, "No such container: nosuch\n"],
    ["web/attach?logs=perhaps", 400, 'Bad parameter: "perhaps" is neither true nor false\n'],
  ])("is refused at %s with %d, as text", async (path, status, text) => {
    const docker = new MockedDaemon();
    await createContainer(docker);
    const response = await docker.asks(`POST ${V}/${path}`);
    expect([response.status, response.text, typeOf(response)]).toEqual([status, text, "text/plain; charset=utf-8"]);
  });
});

describe("files", () => {
  test("are copied as a stream of octets", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("echo pearl > /test.txt");
    const copied = await docker.asks(`POST ${V}/${id}/copy`, { Resource: "test.txt" });
    expect([copied.status, typeOf(copied)]).toEqual([200, "application/octet-stream"]);
    expect(copied.text).toMatch(/^test\.txt\0.*pearl\n/s);
    expect((await docker.asks(`POST ${V}/${id}/copy`, { Resource: "nosuch" })).status).toBe(404);
  });

  test("that have not changed are an empty list", async () => {
    const docker = new MockedDaemon();
    expect((await docker.asks(`GET ${V}/${await createContainer(docker)}/changes`)).text).toBe("[]\n");
  });
});
