import { describe, expect, test } from "vitest";
import { findFieldValue } from "../../../../src/wire/http/head.ts";
import { ROUTES } from "../../../../src/wire/operations/routes.ts";
import { MockedDaemon } from "../../../playbook/mocked.ts";

describe("errors", () => {
  test.each([
    ["/v1.41", "application/json", '{"message":"No such container: x"}\n'],
    ["/v1.24", "application/json", '{"message":"No such container: x"}\n'],
    ["", "application/json", '{"message":"No such container: x"}\n'],
    ["/v1.23", "text/plain; charset=utf-8", "No such container: x\n"],
    ["/v1.9", "text/plain; charset=utf-8", "No such container: x\n"],
  ])("at %s are %s", async (prefix, type, text) => {
    const { head, text: body } = await new MockedDaemon().asks(`GET ${prefix}/containers/x/json`);
    expect(head.status).toBe(404);
    expect(findFieldValue(head.fields, "Content-Type")).toBe(type);
    expect(body).toBe(text);
  });

  test("of the router have none of Docker's headers", async () => {
    const { head, json } = await new MockedDaemon().asks("GET /v1.41/nosuch");
    expect(json).toEqual({ message: "page not found" });
    expect(head.fields.map(([name]) => name)).toEqual(["Content-Type", "Date", "Content-Length"]);
  });

  test("name each operation that the mock does not simulate", async () => {
    const docker = new MockedDaemon();
    for (const [method, template, name] of ROUTES) {
      const target = template.replace(/\{\w+(\.\.\.)?\}/, "thing");
      const { status, text } = await docker.asks(`${method} /v1.41${target}`, method === "POST" ? {} : undefined);
      expect(status, `${method} ${target}`).toBeGreaterThanOrEqual(200);
      if (status === 501) expect(text).toContain(`does not simulate ${name}`);
    }
    expect(docker.faults).toEqual([]);
  });
});

describe("versions", () => {
  test("that are too new, or older than minApi, are refused", async () => {
    const docker = new MockedDaemon({ minApi: "1.12" });
    const tooNew = await docker.asks("GET /v1.42/_ping");
    expect([tooNew.status, tooNew.json.message]).toEqual([
      400,
      "client version 1.42 is too new. Maximum supported API version is 1.41",
    ]);
    const tooOld = await docker.asks("GET /v1.9/_ping");
    expect([tooOld.status, tooOld.text]).toEqual([
      400,
      "client version 1.9 is too old. Minimum supported API version is 1.12, please upgrade your client to a newer version\n",
    ]);
    expect(findFieldValue(tooOld.head.fields, "Docker-Experimental")).toBeUndefined();
  });

  test.each([
    ["28", "1.52", "1.51"],
    ["20.10", "1.42", "1.41"],
    ["28", "abc", "1.51"],
    ["28", "1", "1.51"],
    ["28", "-1", "1.51"],
    ["28", "", "1.51"],
  ] as const)("Engine %s has no minimum %j", (engine, minApi, newest) => {
    expect(() => new MockedDaemon({ engine, minApi })).toThrow(
      `the oldest API version must be one like 1.24, up to ${newest} of Engine ${engine}; found ${minApi}`,
    );
  });

  test("a ping has the newest version", async () => {
    const { head, text } = await new MockedDaemon().asks("GET /_ping");
    expect(text).toBe("OK");
    expect(findFieldValue(head.fields, "Api-Version")).toBe("1.41");
  });

  test.each([
    ["1.41", { has: ["Mounts", "Id"], lacks: ["Volumes", "VolumesRW"] }],
    ["1.20", { has: ["Mounts", "Id"], lacks: ["Volumes"] }],
    ["1.19", { has: ["Volumes", "VolumesRW", "Id"], lacks: ["Mounts"] }],
    ["1.9", { has: ["Id", "Volumes", "SysInitPath"], lacks: ["Mounts", "VolumesRW", "GraphDriver"] }],
  ])("%s has its own members in an inspection", async (api, { has, lacks }) => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 1");
    const { json } = await docker.asks(`GET /v${api}/containers/${id}/json`);
    expect(Object.keys(json)).toEqual(expect.arrayContaining(has));
    expect(Object.keys(json).filter((name) => lacks.includes(name))).toEqual([]);
  });

  test("copy exists up to 1.23, and then answers 404 without a body", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("echo pearl > /tmp/shell");
    const old = await docker.asks(`POST /v1.23/containers/${id}/copy`, { Resource: "/tmp/shell" });
    expect([old.status, old.text.includes("pearl\n")]).toEqual([200, true]);
    const today = await docker.asks(`POST /v1.24/containers/${id}/copy`, { Resource: "/tmp/shell" });
    expect([today.status, today.text, findFieldValue(today.head.fields, "Content-Length")]).toEqual([404, "", "0"]);
  });

  test("corsHeader adds CORS headers", async () => {
    const { head } = await new MockedDaemon({ corsHeader: "*" }).asks("GET /_ping");
    expect(findFieldValue(head.fields, "Access-Control-Allow-Origin")).toBe("*");
  });

  test.each(["", "/v1.9", "/v1.41"])("OPTIONS %s answers 200 for every page", async (prefix) => {
    const docker = new MockedDaemon({ corsHeader: "http://sea.example" });
    const { head, text } = await docker.asks(`OPTIONS ${prefix}/containers/web/json`);
    expect([head.status, text, findFieldValue(head.fields, "Access-Control-Allow-Origin")]).toEqual([
      200,
      "",
      "http://sea.example",
    ]);
    expect(findFieldValue(head.fields, "Access-Control-Allow-Methods")).toContain("OPTIONS");
    expect((await docker.asks("OPTIONS /v1.42/containers/json")).status).toBe(400);
  });
});
