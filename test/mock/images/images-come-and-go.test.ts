import { describe, expect, test } from "vitest";
import { readImageTars } from "../../../src/mock/operations/images/read-image-tars.ts";
import type { RegistryScript } from "../../../src/mock/registry/scripted-registry.ts";
import { MockedDaemon, type TestResponse } from "../../playbook/mocked.ts";
import { packTar } from "../../playbook/tarred.ts";

const ANONYMOUS = ["X-Registry-Auth: e30="];

function lines({ text }: TestResponse): Record<string, unknown>[] {
  return text
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function as(username: string, password: string): string[] {
  return [`X-Registry-Auth: ${Buffer.from(JSON.stringify({ username, password })).toString("base64")}`];
}

async function tags(docker: MockedDaemon, query = ""): Promise<string[][]> {
  const { json } = await docker.asks(`GET /v1.41/images/json${query}`);
  return json.map(({ RepoTags }: { RepoTags: string[] }) => RepoTags);
}

describe("an image is pulled", () => {
  test("with progress of each layer", async () => {
    const docker = new MockedDaemon();
    const messages = lines(await docker.asks("POST /v1.41/images/create?fromImage=alpine&tag=3.19"));
    expect(messages[0]).toEqual({ status: "Pulling from library/alpine", id: "3.19" });
    expect(messages.map(({ status }) => status)).toContain("Pull complete");
    expect(messages.at(-1)).toEqual({ status: "Status: Downloaded newer image for alpine:3.19" });
    const again = lines(await docker.asks("POST /v1.41/images/create?fromImage=alpine:3.19"));
    expect(again.at(-1)).toEqual({ status: "Status: Image is up to date for alpine:3.19" });
    expect(await tags(docker)).toContainEqual(["alpine:3.19"]);
  });

  test.each([
    ["20.10", "does not match the specified platform: wanted linux/arm64, actual: linux/amd64"],
    ["28", "its platform (linux/amd64) does not match the specified platform (linux/arm64)"],
  ] as const)("of another platform, with a warning of Engine %s", async (engine, warning) => {
    const docker = new MockedDaemon({ engine });
    const messages = lines(await docker.asks("POST /v1.41/images/create?fromImage=alpine:3.19&platform=linux/arm64"));
    expect(messages.at(-1)?.status).toBe(`WARNING: image with reference alpine:3.19 was found but ${warning}`);
  });

  test.each([
    ["nosuch", 404, /^pull access denied for nosuch, repository does not exist or may require 'docker login'/],
    ["alpine:nosuch", 404, /^manifest for alpine:nosuch not found: manifest unknown/],
    ["127.0.0.1:5000/x:1", 404, /^manifest for 127.0.0.1:5000\/x:1 not found/],
    ["Alpine:1", 400, /^invalid reference format: repository name must be lowercase/],
    ["scratch:latest", 403, /^'scratch' is a reserved name/],
    ["broken:1", 500, /^toomanyrequests/],
  ])("%s is refused with %d", async (name, status, message) => {
    const registry = { failures: { broken: { message: "toomanyrequests" } } };
    const events = await new MockedDaemon({ registry }).asks(`POST /v1.41/images/create?fromImage=${name}`);
    expect(events.status).toBe(status);
    expect(events.json.message).toMatch(message);
  });

  test("under any name, if the script allows it", async () => {
    const docker = new MockedDaemon({ registry: { hasAnyImage: true } });
    expect((await docker.asks("POST /v1.41/images/create?fromImage=nosuch:9")).status).toBe(200);
    expect(await docker.runs("cat /etc/os-release", { Image: "nosuch:9" })).toMatch(/^[0-9a-f]{64}$/);
  });

  test("and breaks off between layers", async () => {
    const registry = { failures: { "redis:7": { message: "unexpected EOF", afterLayers: 0 } } };
    const events = await new MockedDaemon({ registry }).asks("POST /v1.41/images/create?fromImage=redis:7");
    expect(events.status).toBe(200);
    expect(lines(events).at(-1)).toEqual({ errorDetail: { message: "unexpected EOF" }, error: "unexpected EOF" });
  });
});

describe("a registry", () => {
  const registry: RegistryScript = { users: { "127.0.0.1:5000": { tide: "low" } } };
  const target = "127.0.0.1:5000/web";

  async function push(docker: MockedDaemon, headers: readonly string[]): Promise<Record<string, unknown>[]> {
    await docker.asks(`POST /v1.41/images/busybox/tag?repo=${target}&tag=1`);
    return lines(await docker.sends(`POST /v1.41/images/${target}/push?tag=1`, { headers }));
  }

  test("checks the credentials", async () => {
    const docker = new MockedDaemon({ registry });
    expect((await push(docker, ANONYMOUS)).at(-1)).toMatchObject({ error: "no basic auth credentials" });
    expect((await push(docker, as("tide", "high"))).at(-1)).toMatchObject({
      error: "unauthorized: authentication required",
    });
    const pull = await docker.asks(`POST /v1.41/images/create?fromImage=${target}:1`);
    expect([pull.status, pull.json.message]).toEqual([
      500,
      'Head "http://127.0.0.1:5000/v2/web/manifests/1": no basic auth credentials',
    ]);
  });

  test("stores what is pushed, and returns its digest", async () => {
    const docker = new MockedDaemon({ registry });
    const messages = await push(docker, as("tide", "low"));
    const { aux } = messages.at(-1) as { aux: { Tag: string; Digest: string } };
    expect(aux.Tag).toBe("1");
    const again = await push(docker, as("tide", "low"));
    expect(again.map(({ status }) => status)).toContain("Layer already exists");
    await docker.asks(`DELETE /v1.41/images/${target}:1`);
    const pull = await docker.sends(`POST /v1.41/images/create?fromImage=${target}:1`, { headers: as("tide", "low") });
    expect(lines(pull)).toContainEqual({ status: `Digest: ${aux.Digest}` });
  });

  test("is not asked without the header", async () => {
    const events = await new MockedDaemon().asks("POST /v1.41/images/busybox/push");
    expect([events.status, events.json.message]).toEqual([400, "Bad parameters and missing X-Registry-Auth: EOF"]);
  });
});

describe("an image is removed", () => {
  test("name by name, and with its last name also its layers", async () => {
    const docker = new MockedDaemon();
    await docker.asks("POST /v1.41/images/busybox/tag?repo=tide&tag=low");
    expect((await docker.asks("DELETE /v1.41/images/tide:low")).json).toEqual([{ Untagged: "tide:low" }]);
    const last = (await docker.asks("DELETE /v1.41/images/busybox")).json;
    expect(last.map((one: object) => Object.keys(one)[0])).toEqual(["Untagged", "Deleted", "Deleted"]);
    expect(await tags(docker)).toEqual([["hello-world:latest"]]);
  });

  test("not while a container uses it, unless forced, and never while one runs", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 100");
    const refused = await docker.asks("DELETE /v1.41/images/busybox");
    expect([refused.status, refused.json.message]).toEqual([
      409,
      expect.stringMatching(/^conflict: unable to remove repository reference "busybox" \(must force\) - container/),
    ]);
    const image = docker.engine.images.find("busybox").id;
    const running = await docker.asks(`DELETE /v1.41/images/${image}?force=1`);
    expect([running.status, running.json.message]).toEqual([
      409,
      expect.stringMatching(/\(cannot be forced\) - image is being used by running container/),
    ]);
    await docker.asks(`POST /v1.41/containers/${id}/kill`);
    const stopped = await docker.asks(`DELETE /v1.41/images/${image}`);
    expect([stopped.status, stopped.json.message]).toEqual([
      409,
      expect.stringMatching(/\(must be forced\) - image is being used by stopped container/),
    ]);
    expect((await docker.asks(`DELETE /v1.41/images/${image}?force=1`)).status).toBe(200);
  });
});

describe("an image is saved, loaded or imported", () => {
  test("in an archive, and keeps its id", async () => {
    const [one, other] = [new MockedDaemon(), new MockedDaemon()];
    const id = await one.runs("echo hi > /file; rm /etc/group; mkdir -p /long/".concat("x".repeat(120)));
    await one.asks(`POST /v1.41/commit?container=${id}&repo=tide&tag=1&comment=c`);
    const archive = await one.asks("GET /v1.41/images/tide:1/get");
    const loading = Buffer.from(archive.text, "latin1");
    const messages = lines(await other.sends("POST /v1.41/images/load", { body: loading }));
    expect(messages).toEqual([{ stream: "Loaded image: tide:1\n" }]);
    expect(other.engine.images.find("tide:1").id).toBe(one.engine.images.find("tide:1").id);
    const run = await other.runs("cat /file; ls /etc; ls /long | wc -c", { Image: "tide:1" });
    expect(await other.readsLogs(run)).toBe("hi\nhostname\nhosts\nmtab\npasswd\nresolv.conf\n121\n");
  });

  test("as a tar of files, with changes", async () => {
    const docker = new MockedDaemon();
    const body = packTar({ "etc/tide": "low\n" });
    const line = "POST /v1.41/images/create?fromSrc=-&repo=tide&tag=1&message=m&changes=ENV%20A=1";
    const [messages] = lines(await docker.sends(line, { body }));
    const { json } = await docker.asks("GET /v1.41/images/tide:1/json");
    expect([json.Id, json.Comment, json.Config.Env, json.Size]).toEqual([messages?.status, "m", ["A=1"], 4]);
  });

  test("from a file of the test", async () => {
    const [image] = await readImageTars([{ name: "web:1", tar: packTar({ "etc/tide": "low\n" }) }]);
    const docker = new MockedDaemon({ images: image === undefined ? [] : [image] });
    expect(await tags(docker, '?filters={"reference":["web"]}')).toEqual([["web:1"]]);
    await expect(readImageTars([{ name: "Web", tar: Buffer.alloc(0) }])).rejects.toMatchObject({
      code: "WHALESONG_BAD_IMAGE",
    });
  });
});

test("every change of an image is an event", async () => {
  const docker = new MockedDaemon();
  await docker.asks("POST /v1.41/images/create?fromImage=alpine:3");
  await docker.asks("POST /v1.41/images/alpine:3/tag?repo=tide");
  await docker.asks("DELETE /v1.41/images/tide");
  await docker.asks("GET /v1.41/images/alpine:3/get");
  await docker.asks("DELETE /v1.41/images/alpine:3");
  const ID = expect.stringMatching(/^sha256:/);
  expect(docker.engine.events.past.map(({ action, attributes }) => [action, attributes.name])).toEqual([
    ["pull", "alpine"],
    ["tag", "tide"],
    ["untag", ID],
    ["save", ID],
    ["untag", ID],
    ["untag", ID],
    ["delete", ID],
  ]);
});

describe("as version 1.9 has it", () => {
  test("ids have no algorithm, a file can be inserted, and a taken name stays", async () => {
    const docker = new MockedDaemon({ pages: { "http://tide.example/x": "page" } });
    const { json } = await docker.asks("GET /v1.9/images/json");
    expect(Object.keys(json[0])).toEqual(["Created", "Id", "ParentId", "RepoTags", "Size", "VirtualSize"]);
    expect(json[0].Id).toMatch(/^[0-9a-f]{64}$/);
    expect((await docker.asks("GET /v1.9/images/busybox/json")).json).toHaveProperty("container_config");
    const insert = "POST /v1.9/images/busybox/insert?path=/etc/x&url=http://tide.example";
    const inserted = lines(await docker.asks(`${insert}/x`));
    for (const image of ["busybox", inserted.at(-1)?.status]) {
      expect(await docker.readsLogs(await docker.runs("cat /etc/x", { Image: image }))).toBe("page");
    }
    expect(lines(await docker.asks(`${insert}/nosuch`)).at(-1)).toHaveProperty("error");
    const taken = await docker.asks("POST /v1.9/images/busybox/tag?repo=hello-world");
    expect([taken.status, taken.text]).toEqual([409, expect.stringMatching(/^Conflict: Tag hello-world:latest/)]);
    expect((await docker.asks("POST /v1.9/images/busybox/tag?repo=hello-world&force=1")).status).toBe(201);
  });
});

describe("a committed image", () => {
  test("has its container's settings with the changes", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("true", { Hostname: "web", Env: ["A=1"], Volumes: {} });
    const { json } = await docker.asks(`POST /v1.41/commit?container=${id}&changes=ENV%20B=2`);
    const { Config } = (await docker.asks(`GET /v1.41/images/${json.Id}/json`)).json;
    expect(Config).toMatchObject({ Hostname: "web", Image: "busybox", Volumes: null });
    expect(Config.Env).toEqual(["A=1", expect.stringMatching(/^PATH=/), "B=2"]);
  });

  test("is listed beside its base by the disk usage; an image between them is not", async () => {
    const docker = new MockedDaemon();
    await docker.runs("touch /x");
    for (const step of ["first", "second"]) {
      const { json } = await docker.asks("GET /v1.41/containers/json?all=1");
      const commit = await docker.asks(`POST /v1.41/commit?container=${json[0].Id}&comment=${step}`);
      await docker.runs("touch /y", { Image: commit.json.Id });
    }
    const { json } = await docker.asks("GET /v1.41/system/df");
    const nameless = json.Images.filter(({ RepoTags }: { RepoTags: string[] }) => RepoTags[0] === "<none>:<none>");
    expect(nameless).toHaveLength(1);
    expect(json.Images).toHaveLength(3);
  });
});
