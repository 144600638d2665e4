import { beforeEach, describe, expect, test } from "vitest";
import { MockedDaemon } from "../../../playbook/mocked.ts";

let docker: MockedDaemon;

beforeEach(async () => {
  docker = new MockedDaemon();
  await docker.runs("exit 3", { Labels: { tide: "low", sea: "north" } }, "over");
  await docker.runs("sleep 600", { Labels: { tide: "high" }, ExposedPorts: { "80/tcp": {} } }, "web");
  await docker.asks("POST /v1.41/containers/create?name=idle", { Image: "hello-world" });
});

async function listNames(query: string): Promise<string[]> {
  const { json } = await docker.asks(`GET /v1.41/containers/json?${query}`);
  return json.map(({ Names }: { Names: string[] }) => Names[0]);
}

describe("containers are listed", () => {
  test.each([
    ["", ["/web"]],
    ["all=1", ["/idle", "/web", "/over"]],
    ["limit=2", ["/idle", "/web"]],
    ['filters={"status":["exited"]}', ["/over"]],
    ['filters={"exited":["3"]}', ["/over"]],
    ['all=1&filters={"label":["tide"]}', ["/web", "/over"]],
    ['all=1&filters={"label":["tide=low","sea"]}', ["/over"]],
    ['all=1&filters={"label":{"tide=high":true}}', ["/web"]],
    ['all=1&filters={"name":["^/?w"]}', ["/web"]],
    ['all=1&filters={"ancestor":["hello-world"]}', ["/idle"]],
    ['all=1&filters={"before":["web"]}', ["/over"]],
    ['all=1&filters={"since":["over"]}', ["/idle", "/web"]],
    ['all=1&filters={"expose":["80"]}', ["/web"]],
    ['all=1&filters={"network":["bridge"]}', ["/idle", "/web", "/over"]],
    ['filters={"health":["healthy"]}', []],
  ])("%s", async (query, names) => {
    expect(await listNames(encodeURI(query))).toEqual(names);
  });

  test("with a text for their status", async () => {
    const { json } = await docker.asks("GET /v1.41/containers/json?all=1");
    const texts = json.map(({ State, Status, Command }: Record<string, string>) => [State, Status, Command]);
    expect(texts).toEqual([
      ["created", "Created", "/hello"],
      ["running", "Up Less than a second", "sh -c 'sleep 600'"],
      ["exited", "Exited (3) Less than a second ago", "sh -c 'exit 3'"],
    ]);
  });

  test("a container is found by name, by id, and by the beginning of its id", async () => {
    const { json } = await docker.asks("GET /v1.41/containers/web/json");
    for (const reference of [json.Id, json.Id.slice(0, 12), json.Id.slice(0, 5), "/web"]) {
      expect((await docker.asks(`GET /v1.41/containers/${encodeURIComponent(reference)}/json`)).json.Id).toBe(json.Id);
    }
  });
});

describe("files", () => {
  test("come out and go in as tars, and are listed as changes", async () => {
    const { text } = await docker.asks("GET /v1.41/containers/web/archive?path=/etc/passwd");
    const client = docker.client();
    const tar = Buffer.from(text, "latin1");
    const head = `PUT /v1.41/containers/web/archive?path=/tmp HTTP/1.1\r\nHost: d\r\nContent-Length: ${tar.length}\r\n\r\n`;
    await client.sends(head, tar);
    expect(await client.hearsUpTo("\r\n\r\n")).toContain("200 OK");
    const { json } = await docker.asks("GET /v1.41/containers/web/changes");
    expect(json).toEqual([
      { Path: "/tmp", Kind: 0 },
      { Path: "/tmp/passwd", Kind: 1 },
    ]);
    expect((await docker.asks("GET /v1.41/containers/web/export")).text).toContain("tmp/passwd");
  });

  test("have their stat in a header, without a body or its length", async () => {
    const { head, text } = await docker.asks("HEAD /v1.41/containers/web/archive?path=/etc/passwd");
    const names = head.fields.map(([name]) => name);
    expect(text).toBe("");
    expect(names).toContain("X-Docker-Container-Path-Stat");
    expect(names).not.toContain("Content-Length");
  });
});
