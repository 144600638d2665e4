/** Each test is about an entry of the changelog of API 1.0 to 1.16; `before` is the last version without it. */
import { describe, expect, test } from "vitest";
import { findFieldValue } from "../../../../src/wire/http/head.ts";
import { encodeTextFrame } from "../../../playbook/http.ts";
import { MockedDaemon, type TestResponse } from "../../../playbook/mocked.ts";
import { waitForQuiet } from "../../../playbook/quiet.ts";
import { packTar } from "../../../playbook/tarred.ts";

const HOST = "127.0.0.1:5000";
const WHO = { username: "tide", password: "low", email: "tide@sea.example", serveraddress: HOST };

function typeOf({ head }: TestResponse): string | undefined {
  return findFieldValue(head.fields, "Content-Type");
}

function encodeAuth(who: object): string {
  return `X-Registry-Auth: ${Buffer.from(JSON.stringify(who)).toString("base64")}`;
}

describe("operations", () => {
  test.each([
    ["GET", "/containers/web/top", "1.2", "1.3"],
    ["GET", "/events?since=1", "1.2", "1.3"],
    ["GET", "/containers/web/logs?stdout=1", "1.10", "1.11"],
    ["GET", "/_ping", "1.10", "1.11"],
    ["POST", "/containers/web/pause", "1.11", "1.12"],
    ["GET", "/networks", "1.11", "1.12"],
  ])("%s %s came after %s", async (method, path, before, since) => {
    const docker = new MockedDaemon();
    await docker.runs("sleep 9", {}, "web");
    expect((await docker.asks(`${method} /v${before}${path}`)).text).toBe("page not found\n");
    const client = docker.client();
    await client.sends(Buffer.from(`${method} /v${since}${path} HTTP/1.1\r\nHost: docker\r\n\r\n`));
    expect(await client.hearsUpTo("\r\n")).toMatch(/^HTTP\/1\.1 20[04] /);
  });

  test.each([
    ["GET", "/images/viz", "1.6", "1.41"],
    ["GET", "/images/viz", "1.6", "1.7"],
    ["GET", "/auth", "1.1", "1.2"],
    ["POST", "/images/busybox/insert?url=http://a.example/b&path=/", "1.11", "1.12"],
  ])("%s %s existed up to %s", async (method, path, last, after) => {
    const docker = new MockedDaemon();
    expect((await docker.asks(`${method} /v${last}${path}`)).status).toBe(200);
    expect((await docker.asks(`${method} /v${after}${path}`)).status).toBe(404);
  });
});

describe("1.16", () => {
  test("a container's MAC address counts, and did not before", async () => {
    const docker = new MockedDaemon();
    const made = await docker.asks("POST /v1.11/containers/create", {
      Image: "busybox",
      Cmd: ["true"],
      MacAddress: "02:42:00:00:00:01",
    });
    expect(docker.engine.containers.find(made.json.Id).config.MacAddress).toBeUndefined();
  });

  test("clients can copy a volume's data, and could not before", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("echo pearl > /data/shell", { Volumes: { "/data": {} } });
    const copyFrom = (api: string): Promise<TestResponse> =>
      docker.asks(`POST /v${api}/containers/${id}/copy`, { Resource: "/data/shell" });
    expect((await copyFrom("1.16")).text).toContain("pearl\n");
    expect((await copyFrom("1.11")).status).toBe(404);
  });
});

test("1.15: HostConfig counts at creation, and did not before", async () => {
  const docker = new MockedDaemon();
  const sent = { Image: "busybox", Cmd: ["true"], HostConfig: { Privileged: true } };
  const { json: old } = await docker.asks("POST /v1.11/containers/create", sent);
  const { json: newer } = await docker.asks("POST /v1.15/containers/create", sent);
  const isPrivileged = (id: string): unknown => docker.engine.containers.find(id).hostConfig.Privileged;
  expect([isPrivileged(old.Id), isPrivileged(newer.Id)]).toEqual([false, true]);
});

describe("1.14", () => {
  test("a start may have capabilities, and could not before", async () => {
    const docker = new MockedDaemon();
    const { json } = await docker.asks("POST /v1.11/containers/create", { Image: "busybox", Cmd: ["true"] });
    await docker.asks(`POST /v1.11/containers/${json.Id}/start`, { CapAdd: ["SYS_TIME"], Privileged: true });
    const { hostConfig } = docker.engine.containers.find(json.Id);
    expect([hostConfig.CapAdd, hostConfig.Privileged]).toEqual([null, true]);
  });

  test("force kills at once; before, it gave time to stop", async () => {
    const docker = new MockedDaemon();
    const script = "trap 'echo bye > /sea/shell; exit 0' TERM; while true; do sleep 1; done";
    const id = await docker.runs(script, { HostConfig: { Binds: ["/sea:/sea"] } });
    const removed = docker.asks(`DELETE /v1.10/containers/${id}?force=1`);
    await docker.passes(2000);
    expect((await removed).status).toBe(204);
    expect(await docker.readsLogs(await docker.runs("cat /s/shell", { HostConfig: { Binds: ["/sea:/s"] } }))).toBe(
      "bye\n",
    );
  });

  test("an image's name may have its tag; before, the tag was a parameter", async () => {
    const docker = new MockedDaemon();
    expect((await docker.asks("POST /v1.11/images/create?fromImage=redis:7")).status).toBe(500);
    expect((await docker.asks("POST /v1.14/images/create?fromImage=redis:7")).status).toBe(200);
  });
});

describe("1.13", () => {
  test("a start and a stop that change nothing answer 304, and did not before", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 9");
    expect((await docker.asks(`POST /v1.13/containers/${id}/start`)).status).toBe(304);
    expect((await docker.asks(`POST /v1.11/containers/${id}/start`)).status).toBe(204);
  });

  test("a commit pauses the container, and did not before", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 9");
    const pauses = (): number => docker.engine.events.past.filter(({ action }) => action === "pause").length;
    await docker.asks(`POST /v1.12/commit?container=${id}`);
    expect(pauses()).toBe(0);
    await docker.asks(`POST /v1.13/commit?container=${id}`);
    expect(pauses()).toBe(1);
  });
});

test("1.12: members begin with capitals, and is_trusted becomes is_automated", async () => {
  const docker = new MockedDaemon();
  expect((await docker.asks("GET /v1.12/images/busybox/json")).json).toHaveProperty("ContainerConfig");
  expect((await docker.asks("GET /v1.11/images/busybox/json")).json).toHaveProperty("container_config");
  expect((await docker.asks("GET /v1.12/images/search?term=redis")).json[0]).toHaveProperty("is_automated");
  expect((await docker.asks("GET /v1.11/images/search?term=redis")).json[0]).toHaveProperty("is_trusted");
});

test("1.11: events end at `until`; before, they went on", async () => {
  const docker = new MockedDaemon();
  expect((await docker.asks("GET /v1.11/events?since=1&until=2")).status).toBe(200);
  const client = docker.client();
  await client.sends(Buffer.from("GET /v1.10/events?until=2 HTTP/1.1\r\nHost: docker\r\n\r\n"));
  await client.hearsUpTo("\r\n\r\n");
  await docker.asks("POST /v1.10/containers/create", { Image: "busybox", Cmd: ["true"] });
  expect(await client.hearsUpTo("create")).toContain("create");
});

test("1.10: force removes an image and a container in use, and did not before", async () => {
  const docker = new MockedDaemon();
  const id = await docker.runs("true");
  expect((await docker.asks("DELETE /v1.9/images/busybox?force=1")).status).toBe(409);
  expect((await docker.asks("DELETE /v1.10/images/busybox?force=1")).status).toBe(200);
  expect((await docker.asks(`DELETE /v1.10/containers/${id}?force=1`)).status).toBe(204);
});

test("1.9: a build sends all credentials in one file; before, those of one registry", async () => {
  const docker = new MockedDaemon({
    registry: { users: { [HOST]: { tide: "low" } }, images: { [`${HOST}/shop:1`]: {} } },
  });
  const buildIn = async (api: string): Promise<string> => {
    const body = packTar({ Dockerfile: `FROM ${HOST}/shop:1\n` });
    return (await docker.sends(`POST /v${api}/build`, { headers: [encodeAuth(WHO)], body })).text;
  };
  expect(await buildIn("1.9")).toContain("no basic auth credentials");
  expect(await buildIn("1.8")).toContain("Successfully built");
});

describe("1.8", () => {
  const body = packTar({ Dockerfile: "FROM busybox\nRUN exit 3\n" });

  test("a build reports JSON; before, it reported text", async () => {
    const docker = new MockedDaemon();
    expect((await docker.sends("POST /v1.8/build", { body })).text).toContain('"errorDetail":{"code":3');
    const old = await docker.sends("POST /v1.7/build", { body });
    expect([old.status, typeOf(old)]).toEqual([200, "text/plain; charset=utf-8"]);
    expect(old.text).toMatch(
      /^Step 1\/2 : FROM busybox\n[\s\S]*\nError: The command .* returned a non-zero code: 3\n$/,
    );
  });

  test("progress has numbers; before, only words", async () => {
    const response = await new MockedDaemon().asks("POST /v1.7/images/create?fromImage=redis&tag=7");
    expect(response.text).toContain('"progress":"[====');
    expect(response.text).not.toContain("progressDetail");
  });

  test("an inspection has HostConfig, and had not before", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("true");
    expect((await docker.asks(`GET /v1.8/containers/${id}/json`)).json).toHaveProperty("HostConfig");
    expect((await docker.asks(`GET /v1.7/containers/${id}/json`)).json).not.toHaveProperty("HostConfig");
  });
});

describe("1.7", () => {
  test("a list has one entry for each image; before, one for each tag", async () => {
    const docker = new MockedDaemon();
    await docker.asks(`POST /v1.6/images/busybox/tag?repo=${HOST}/tide&tag=low`);
    const { json } = await docker.asks("GET /v1.6/images/json");
    expect(json).toContainEqual({
      VirtualSize: expect.any(Number),
      Size: expect.any(Number),
      Created: expect.any(Number),
      Id: expect.stringMatching(/^[0-9a-f]{64}$/),
      Tag: "low",
      Repository: `${HOST}/tide`,
    });
    expect(json.map(({ Repository }: { Repository: string }) => Repository)).toContain("busybox");
  });

  test("search results are in lower case; before, they had two members in capitals", async () => {
    const { json } = await new MockedDaemon().asks("GET /v1.6/images/search?term=redis");
    expect(json).toEqual([{ Name: "redis", Description: expect.any(String) }]);
  });

  test("/images/viz is gone", async () => {
    const docker = new MockedDaemon();
    const response = await docker.asks("GET /v1.6/images/viz");
    expect(typeOf(response)).toBe("text/plain");
    expect(response.text).toMatch(/^digraph docker \{\n base -> "[0-9a-f]{12}" \[style=invis\]\n/);
  });
});

test("1.6: attached clients get both streams apart; before, merged", async () => {
  const docker = new MockedDaemon();
  const id = await docker.runs("echo out; echo err >&2");
  const readAttached = async (api: string): Promise<string> =>
    (await docker.asks(`POST /v${api}/containers/${id}/attach?logs=1&stdout=1&stderr=1`)).text;
  expect(await readAttached("1.6")).toBe(encodeTextFrame("stdout", "out\n") + encodeTextFrame("stderr", "err\n"));
  expect(await readAttached("1.5")).toBe("out\nerr\n");
});

describe("1.5", () => {
  const registry = { users: { [HOST]: { tide: "low" } }, images: { [`${HOST}/shop:1`]: {} } };

  test("a pull sends credentials, and sent none before", async () => {
    const docker = new MockedDaemon({ registry });
    const pullIn = (api: string): Promise<TestResponse> =>
      docker.sends(`POST /v${api}/images/create?fromImage=${HOST}/shop&tag=1`, { headers: [encodeAuth(WHO)] });
    expect((await pullIn("1.4")).text).toContain("no basic auth credentials");
    expect((await pullIn("1.5")).text).toContain("Downloaded newer image");
  });

  test("a push sends credentials in a header; before, in its body", async () => {
    const docker = new MockedDaemon({ registry });
    await docker.asks(`POST /v1.9/images/busybox/tag?repo=${HOST}/tide`);
    const target = `/images/${HOST}/tide/push`;
    expect((await docker.asks(`POST /v1.4${target}`, WHO)).text).toContain("latest: digest");
    expect((await docker.asks(`POST /v1.5${target}`, WHO)).text).toContain("no basic auth credentials");
    expect((await docker.sends(`POST /v1.5${target}`, { headers: [encodeAuth(WHO)] })).text).toContain(
      "latest: digest",
    );
  });

  test("ports are a list; before, they were a text", async () => {
    const docker = new MockedDaemon();
    const bindings = { "80/tcp": [{ HostPort: "8080" }], "53/udp": [{ HostPort: "5353" }] };
    const exposed = { "80/tcp": {}, "53/udp": {}, "9/tcp": {} };
    await docker.runs("sleep 9", { ExposedPorts: exposed, HostConfig: { PortBindings: bindings } });
    const { json } = await docker.asks("GET /v1.4/containers/json");
    expect(json[0].Ports.split(", ").sort()).toEqual(["5353->53/udp", "8080->80"]);
  });
});

describe("1.4", () => {
  test("top takes arguments of ps, and took none before", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 9");
    const titles = async (api: string): Promise<string[]> =>
      (await docker.asks(`GET /v${api}/containers/${id}/top?ps_args=-ef`)).json.Titles;
    expect([(await titles("1.3"))[0], (await titles("1.4"))[0]]).toEqual(["USER", "UID"]);
  });

  test("events have the image's name, and had not before", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("true");
    const client = docker.client();
    await client.sends(Buffer.from("GET /v1.3/events?since=1 HTTP/1.1\r\nHost: docker\r\n\r\n"));
    expect(await client.hearsUpTo('"die"')).toContain(`{"status":"create","id":"${id}","time":`);
  });
});

describe("1.3", () => {
  test("a start may have host settings, and could not before", async () => {
    const docker = new MockedDaemon();
    const { json } = await docker.asks("POST /v1.2/containers/create", { Image: "busybox", Cmd: ["true"] });
    await docker.asks(`POST /v1.2/containers/${json.Id}/start`, { Binds: ["/sea:/sea"] });
    await waitForQuiet();
    expect(docker.engine.containers.find(json.Id).mounts).toEqual([]);
  });

  test("lists have sizes, and had none before", async () => {
    const docker = new MockedDaemon();
    await docker.runs("sleep 9");
    expect((await docker.asks("GET /v1.3/containers/json?size=1")).json[0]).toHaveProperty("SizeRootFs");
    expect((await docker.asks("GET /v1.2/containers/json?size=1")).json[0]).not.toHaveProperty("SizeRootFs");
  });
});

describe("1.2", () => {
  test("clients keep the login; before, the daemon kept it", async () => {
    const docker = new MockedDaemon({ registry: { users: { [HOST]: { tide: "low" } } } });
    await docker.asks("POST /v1.2/auth", WHO);
    expect((await docker.asks("GET /v1.1/auth")).json).toEqual({ username: "", email: "" });
    await docker.asks("POST /v1.1/auth", WHO);
    expect((await docker.asks("GET /v1.1/auth")).json).toEqual({ username: "tide", email: WHO.email });
    await docker.asks(`POST /v1.1/images/busybox/tag?repo=${HOST}/tide`);
    expect((await docker.asks(`POST /v1.1/images/${HOST}/tide/push`)).text).toContain("latest: digest");
  });

  test("a removal lists what it removed, and did not before", async () => {
    const docker = new MockedDaemon();
    expect((await docker.asks("DELETE /v1.1/images/hello-world")).status).toBe(204);
    expect((await docker.asks("DELETE /v1.2/images/busybox")).json[0]).toHaveProperty("Untagged");
  });
});

test("1.1: progress is JSON; before, it was a raw stream of text", async () => {
  const docker = new MockedDaemon();
  expect(typeOf(await docker.asks("POST /v1.1/images/create?fromImage=redis&tag=7"))).toBe("application/json");
  const old = await docker.asks("POST /v1.0/images/create?fromImage=redis&tag=6");
  expect(typeOf(old)).toBe("application/vnd.docker.raw-stream");
  expect(old.text).toMatch(/^6: Pulling from library\/redis\r\n/);
});
