/** Each test is about a sentence or an example of the document of API 1.9, sections 2.2 and 2.3. */
import { describe, expect, test } from "vitest";
import { saveImages } from "../../../../src/mock/operations/images/save.ts";
import { findFieldValue } from "../../../../src/wire/http/head.ts";
import { MockedDaemon, type TestResponse } from "../../../playbook/mocked.ts";
import { packTar } from "../../../playbook/tarred.ts";

const V = "/v1.9";
const HEX = expect.stringMatching(/^[0-9a-f]{64}$/);
const HOST = "127.0.0.1:5000";

function parseLines({ text }: TestResponse): Record<string, unknown>[] {
  return text
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function typeOf({ head }: TestResponse): string | undefined {
  return findFieldValue(head.fields, "Content-Type");
}

describe("images", () => {
  test("are listed once each, with all their tags", async () => {
    const docker = new MockedDaemon();
    await docker.asks(`POST ${V}/images/busybox/tag?repo=tide&tag=low`);
    const { json } = await docker.asks(`GET ${V}/images/json?all=0`);
    expect(json).toContainEqual({
      RepoTags: ["busybox:latest", "tide:low"],
      Id: HEX,
      ParentId: "",
      Created: expect.any(Number),
      Size: expect.any(Number),
      VirtualSize: expect.any(Number),
    });
  });

  test("are inspected in lower case", async () => {
    const { json } = await new MockedDaemon().asks(`GET ${V}/images/busybox/json`);
    expect(json).toMatchObject({ id: HEX, parent: "", created: expect.any(String), Size: expect.any(Number) });
    expect(json.container_config).toMatchObject({ Memory: 0, PortSpecs: null, Dns: null, VolumesFrom: "" });
  });

  test("have a history of ids, times and commands", async () => {
    const { json } = await new MockedDaemon().asks(`GET ${V}/images/busybox/history`);
    expect(json).toEqual([{ Id: HEX, Created: expect.any(Number), CreatedBy: expect.any(String) }]);
  });

  test.each([
    ["repo=Reef", 400],
    ["repo=hello-world&force=perhaps", 400],
    ["repo=hello-world", 409],
    ["repo=hello-world&force=1", 201],
  ])("are tagged: %s is answered with %d", async (query, status) => {
    expect((await new MockedDaemon().asks(`POST ${V}/images/busybox/tag?${query}`)).status).toBe(status);
  });

  test("are removed, and the response has their ids", async () => {
    const docker = new MockedDaemon();
    const { json: before } = await docker.asks(`GET ${V}/images/hello-world/json`);
    const { json } = await docker.asks(`DELETE ${V}/images/hello-world`);
    expect(json.slice(0, 2)).toEqual([{ Untagged: before.id }, { Deleted: before.id }]);
  });

  test("in use stay, even with force", async () => {
    const docker = new MockedDaemon();
    await docker.runs("sleep 9");
    const { status } = await docker.asks(`DELETE ${V}/images/busybox?force=1`);
    expect(status).toBe(409);
  });

  test("are found on the hub, with is_trusted", async () => {
    const { json } = await new MockedDaemon().asks(`GET ${V}/images/search?term=redis`);
    expect(json).toEqual([
      { description: expect.any(String), is_official: true, is_trusted: false, name: "redis", star_count: 1000 },
    ]);
  });
});

describe("an image is pulled", () => {
  test("by name and tag, and its progress has numbers", async () => {
    const messages = parseLines(await new MockedDaemon().asks(`POST ${V}/images/create?fromImage=redis&tag=7`));
    expect(messages).toContainEqual(
      expect.objectContaining({ status: "Downloading", progressDetail: { current: 100, total: 100 } }),
    );
  });

  test("from the registry that the query names", async () => {
    const docker = new MockedDaemon({ registry: { images: { [`${HOST}/shop:1`]: {} } } });
    await docker.asks(`POST ${V}/images/create?fromImage=shop&tag=1&registry=http://${HOST}/v1/`);
    expect(docker.engine.images.lookUp(`${HOST}/shop:1`)).toBeDefined();
  });

  test("not if no registry has it: 500", async () => {
    const { status, text } = await new MockedDaemon().asks(`POST ${V}/images/create?fromImage=nosuch`);
    expect([status, text]).toEqual([500, expect.stringMatching(/^pull access denied/)]);
  });

  test("and a later error is a message of the stream", async () => {
    const docker = new MockedDaemon({ registry: { failures: { "redis:7": { message: "Invalid", afterLayers: 0 } } } });
    const messages = parseLines(await docker.asks(`POST ${V}/images/create?fromImage=redis&tag=7`));
    expect(messages.at(-1)).toMatchObject({ error: "Invalid" });
  });

  test("or imported from the request's body", async () => {
    const docker = new MockedDaemon();
    const body = packTar({ "srv/page": "hello\n" });
    const messages = parseLines(await docker.sends(`POST ${V}/images/create?fromSrc=-&repo=reef&tag=1`, { body }));
    expect(messages).toEqual([{ status: HEX }]);
    expect(docker.engine.images.lookUp("reef:1")).toBeDefined();
  });
});

describe("an image is pushed", () => {
  test("with all its tags, without credentials", async () => {
    const docker = new MockedDaemon();
    for (const tag of ["1", "2"]) await docker.asks(`POST ${V}/images/busybox/tag?repo=${HOST}/shop&tag=${tag}`);
    const messages = parseLines(await docker.asks(`POST ${V}/images/${HOST}/shop/push`));
    expect(messages.map(({ status }) => status)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^1: digest/), expect.stringMatching(/^2: digest/)]),
    );
    expect(messages.filter((message) => "aux" in message)).toEqual([]);
  });

  test("to the registry that the query names", async () => {
    const docker = new MockedDaemon();
    await docker.asks(`POST ${V}/images/busybox/push?registry=${HOST}`);
    await docker.asks(`POST ${V}/images/create?fromImage=${HOST}/busybox&tag=latest`);
    expect(docker.engine.images.lookUp(`${HOST}/busybox`)).toBeDefined();
  });

  test("not if it does not exist: 404", async () => {
    expect((await new MockedDaemon().asks(`POST ${V}/images/nosuch/push`)).status).toBe(404);
  });
});

describe("a tarball", () => {
  test("of an image is loaded without messages", async () => {
    const docker = new MockedDaemon();
    const pieces: Buffer[] = [];
    for await (const piece of saveImages(new MockedDaemon().engine, ["hello-world"])) pieces.push(piece);
    await docker.asks(`DELETE ${V}/images/hello-world`);
    const loaded = await docker.sends(`POST ${V}/images/load`, { body: Buffer.concat(pieces) });
    expect([loaded.status, loaded.text, typeOf(loaded)]).toEqual([200, "", undefined]);
    expect(docker.engine.images.lookUp("hello-world")).toBeDefined();
  });

  test("that is invalid gets 500", async () => {
    const { status } = await new MockedDaemon().sends(`POST ${V}/images/load`, { body: Buffer.from("none") });
    expect(status).toBe(500);
  });

  test("comes from an image, and 500 if there is no such image", async () => {
    const docker = new MockedDaemon();
    expect(typeOf(await docker.asks(`GET ${V}/images/busybox/get`))).toBe("application/x-tar");
    expect((await docker.asks(`GET ${V}/images/nosuch/get`)).status).toBe(500);
  });
});

describe("a build", () => {
  const body = packTar({ Dockerfile: "FROM busybox\nRUN exit 3\n" });

  test("reports step by step, and fails with the command's exit code", async () => {
    const messages = parseLines(await new MockedDaemon().sends(`POST ${V}/build?t=reef`, { body }));
    expect(messages[0]).toEqual({ stream: "Step 1/2 : FROM busybox" });
    expect(messages.at(-1)).toMatchObject({ error: expect.any(String), errorDetail: { code: 3 } });
  });

  test("pulls its base with the credentials of the configuration file", async () => {
    const docker = new MockedDaemon({
      registry: { users: { [HOST]: { tide: "low" } }, images: { [`${HOST}/shop:1`]: {} } },
    });
    const login = { [HOST]: { username: "tide", password: "low" } };
    const config = Buffer.from(JSON.stringify({ configs: login })).toString("base64");
    const messages = await docker.sends(`POST ${V}/build`, {
      headers: [`X-Registry-Config: ${config}`],
      body: packTar({ Dockerfile: `FROM ${HOST}/shop:1\n` }),
    });
    expect(messages.text).toContain("Successfully built");
  });
});

describe("of the daemon itself", () => {
  test("/info has the members of the example, flags as true and false", async () => {
    const { json } = await new MockedDaemon().asks(`GET ${V}/info`);
    expect(json).toEqual({
      Containers: 0,
      Images: 2,
      Debug: false,
      NFd: expect.any(Number),
      NGoroutines: expect.any(Number),
      MemoryLimit: true,
      SwapLimit: true,
      IPv4Forwarding: true,
    });
  });

  test("/version has three members", async () => {
    const { json } = await new MockedDaemon().asks(`GET ${V}/version`);
    expect(Object.keys(json)).toEqual(["Version", "GitCommit", "GoVersion"]);
  });

  test("/auth checks the password; without a user name it answers 204", async () => {
    const docker = new MockedDaemon();
    const who = { username: "hannibal", password: "xxxx", email: "hannibal@a-team.example" };
    expect((await docker.asks(`POST ${V}/auth`, who)).json).toEqual({ Status: "Login Succeeded" });
    expect((await docker.asks(`POST ${V}/auth`, { ...who, password: "wrong" })).status).toBe(500);
    expect((await docker.asks(`POST ${V}/auth`, {})).status).toBe(204);
  });

  test("/events has containers and images, with the image's tag", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("true");
    const client = docker.client();
    await client.sends(Buffer.from(`GET ${V}/events?since=1374067924 HTTP/1.1\r\nHost: docker\r\n\r\n`));
    const response = await client.hearsUpTo('"die"');
    expect(response).toContain(`{"status":"create","id":"${id}","from":"busybox:latest","time":`);
    expect(response).not.toContain('"connect"');
  });
});

describe("a commit", () => {
  test("has its message in `m`, its settings in the body, and the type of content of the example", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("true");
    const done = await docker.asks(`POST ${V}/commit?container=${id}&m=message&repo=reef`, {
      Cmd: ["date"],
      DisableNetwork: true,
    });
    expect([done.status, typeOf(done)]).toEqual([201, "application/vnd.docker.raw-stream"]);
    expect(JSON.parse(done.text)).toEqual({ Id: HEX });
    const { configuration } = docker.engine.images.find("reef");
    expect(configuration).toMatchObject({ comment: "message", config: { Cmd: ["date"], NetworkDisabled: true } });
  });

  test("needs an existing container: 404", async () => {
    expect((await new MockedDaemon().asks(`POST ${V}/commit?container=nosuch`)).status).toBe(404);
  });
});
