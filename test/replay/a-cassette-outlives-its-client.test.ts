/** Recorded with one release of a client, replayed with another. */
import { describe, expect, test } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const HEAD_PING = "---\nrequest: HEAD /_ping\nresponse: 200 OK\n";
const GET_PING = "---\nrequest: GET /_ping\nresponse:\n  status: 200 OK\n  text: OK\n";
const list = (version: string): string => `---
request: GET /${version}containers/json
response:
  status: 200 OK
  json: []
`;

const OTHER_CLIENT = ["User-Agent: Docker-Client/28.5.2 (linux)"];

/** A cassette of a daemon of API `daemon`. */
function cassetteOf(daemon: string, ...documents: readonly string[]): string {
  return `whalesong: 1\nevery-response:\n  Api-Version: "${daemon}"\n  Server: Docker\n${documents.join("")}`;
}

async function pingedVersion(theatre: Theatre, line = "HEAD /_ping"): Promise<string | undefined> {
  return /\r\nApi-Version: (\S+)/i.exec(await theatre.asks(request(line, { headers: OTHER_CLIENT })))?.[1];
}

describe("a ping offers the version that the recording's requests use", () => {
  test.each(["HEAD /_ping", "GET /_ping", "GET /v1.51/_ping"])("%s", async (line) => {
    const ping = line.startsWith("HEAD") ? HEAD_PING : GET_PING.replace("GET /_ping", line);
    expect(await pingedVersion(new Theatre(cassetteOf("1.51", ping, list("v1.41/"))), line)).toBe("1.41");
  });

  test("the highest of several, by number", async () => {
    const documents = [HEAD_PING, list("v1.9/"), list("v1.41/"), list("v1.24/")];
    expect(await pingedVersion(new Theatre(cassetteOf("1.51", ...documents)))).toBe("1.41");
  });

  test("also where it was recorded with its exact head, and nothing else changes", async () => {
    const ping = `---\nrequest: HEAD /_ping\nresponse:\n  status: 200 OK\n  head:\n    - "api-version: 1.51"\n    - "X-Api-Version: 1.51"\n`;
    const answer = await new Theatre(cassetteOf("1.51", ping, list("v1.41/"))).asks(
      request("HEAD /_ping", { headers: OTHER_CLIENT }),
    );
    expect(answer).toBe("HTTP/1.1 200 OK\r\napi-version: 1.41\r\nX-Api-Version: 1.51\r\n\r\n");
  });

  test("also in a strict replay, and other responses stay as they were recorded", async () => {
    const theatre = new Theatre(cassetteOf("1.51", HEAD_PING, list("v1.41/")), { isStrict: true });
    expect(await pingedVersion(theatre)).toBe("1.41");
    expect(await theatre.asks(request("GET /v1.41/containers/json"))).toContain("\r\nApi-Version: 1.51\r\n");
  });
});

describe("a ping is answered as recorded", () => {
  test.each([
    ["if no request has a version", [HEAD_PING, list("")]],
    ["if the requests use the daemon's version", [HEAD_PING, list("v1.24/"), list("v1.51/")]],
    ["if the only version is above the daemon's, which refused it", [HEAD_PING, list("v1.99/")]],
    ["if only pings have a version", [HEAD_PING, GET_PING.replace("/_ping", "/v1.24/_ping")]],
  ])("%s", async (_, documents) => {
    expect(await pingedVersion(new Theatre(cassetteOf("1.51", ...documents)))).toBe("1.51");
  });

  test("for the client that the cassette's header names", async () => {
    const recorded = "recorded: {client: 'docker-sdk-python/5.0.3, Docker-Client/28.5.2'}\n";
    const cassette = cassetteOf("1.51", HEAD_PING, list("v1.41/")).replace("\n", `\n${recorded}`);
    expect(await pingedVersion(new Theatre(cassette))).toBe("1.51");
    const older = cassette.replace("28.5.2", "28.2.2");
    expect(await pingedVersion(new Theatre(older))).toBe("1.41");
  });

  test("for a client that does not name itself", async () => {
    const answer = await new Theatre(cassetteOf("1.51", HEAD_PING, list("v1.41/"))).asks(request("HEAD /_ping"));
    expect(answer).toContain("\r\nApi-Version: 1.51\r\n");
  });

  test("without a version if the daemon named none", async () => {
    const theatre = new Theatre(`whalesong: 1\n${HEAD_PING}${list("v1.41/")}`);
    expect(await pingedVersion(theatre)).toBeUndefined();
  });
});

test("a refused version above the daemon's does not hide those that were served", async () => {
  const documents = [HEAD_PING, list("v1.99/"), list("v1.41/")];
  expect(await pingedVersion(new Theatre(cassetteOf("1.51", ...documents)))).toBe("1.41");
});

test("of several cassettes, the ping offers the highest version, so that each client finds its own", async () => {
  const decks = [cassetteOf("1.51", HEAD_PING, list("v1.41/")), cassetteOf("1.51", list("v1.50/"))];
  expect(await pingedVersion(new Theatre(decks))).toBe("1.50");
});

describe("a miss", () => {
  const wayOut =
    "  - speak its version: set DOCKER_API_VERSION=1.51 for this client, since the recording speaks API 1.51";

  async function linesOf(line: string): Promise<readonly string[]> {
    const theatre = new Theatre(cassetteOf("1.51", list("v1.51/")));
    await theatre.asks(request(line));
    return theatre.misses[0]?.message.split("\n") ?? [];
  }

  test("that differs in version alone names the version to set, and the client to record with", async () => {
    const lines = await linesOf("GET /v1.41/containers/json");
    expect(lines).toContain("    version  recorded 1.51   got 1.41");
    expect(lines.slice(lines.indexOf("You can") + 1)).toEqual([
      wayOut,
      "  - record it anew:    whalesong record run.yaml -- COMMAND, with this client",
      "[WHALESONG_NO_MATCH]  whalesong help WHALESONG_NO_MATCH",
    ]);
  });

  test("names the version as well if more differs at the same path", async () => {
    expect(await linesOf("GET /v1.41/containers/json?all=1")).toContain(wayOut);
  });

  test("in the recorded version says nothing of it", async () => {
    expect((await linesOf("GET /v1.51/containers/json?all=1")).join("\n")).not.toContain("DOCKER_API_VERSION");
  });
});

test("a commit with null for a body, as CLI 20.10 sends it, and one without a body, as CLI 28 does, are equal", async () => {
  const recorded = "---\nrequest: POST /v1.41/commit?repo=img\nresponse: 201 Created\n";
  const theatre = new Theatre(recorded);
  await theatre.asks(encodeJsonRequest("POST /v1.41/commit?repo=docker.io%2Flibrary%2Fimg", null));
  expect(theatre.misses).toEqual([]);
});

describe("what CLI 20.10 writes out and CLI 28 leaves out, or the reverse, has the same meaning", () => {
  const CREATE = "/v1.41/containers/create";
  const ENDPOINT = { IPAMConfig: null, Aliases: null, MacAddress: "", IPPrefixLen: 0, DNSNames: null };

  test.each<readonly [string, unknown, string, unknown]>([
    [CREATE, { HostConfig: { Ulimits: null, KernelMemory: 0 } }, CREATE, { HostConfig: { Ulimits: [] } }],
    [
      CREATE,
      { HostConfig: { NetworkMode: "default" }, NetworkingConfig: { EndpointsConfig: {} } },
      CREATE,
      { HostConfig: { NetworkMode: "default" }, NetworkingConfig: { EndpointsConfig: { default: ENDPOINT } } },
    ],
    ["/v1.41/containers/web/update", { Memory: 1, KernelMemoryTCP: 0 }, "/v1.41/containers/web/update", { Memory: 1 }],
    [
      "/v1.41/networks/reef/connect",
      { Container: "web", EndpointConfig: { Aliases: ["x"] } },
      "/v1.41/networks/reef/connect",
      { Container: "web", EndpointConfig: { Aliases: ["x"], GwPriority: 0 } },
    ],
    ["/v1.41/networks/create", { Name: "reef", EnableIPv6: false }, "/v1.41/networks/create", { Name: "reef" }],
    ["/v1.51/networks/create", { Name: "reef" }, "/v1.51/networks/create", { Name: "reef", CheckDuplicate: true }],
    ["/v1.41/volumes/create", { Name: "vol", DriverOpts: {} }, "/v1.41/volumes/create", { Name: "vol" }],
    ["/v1.41/images/a/tag?repo=me/img", {}, "/v1.41/images/a/tag?repo=docker.io%2Fme%2Fimg", {}],
    ["/v1.41/containers/web/kill?signal=KILL", {}, "/v1.41/containers/web/kill", {}],
  ])("%s %j and %s %j", async (before, recorded, now, today) => {
    expect(await isAnswered([before, recorded], [now, today])).toBe(true);
    expect(await isAnswered([now, today], [before, recorded])).toBe(true);
  });

  test.each<readonly [string, unknown, unknown]>([
    [CREATE, { HostConfig: { Ulimits: null } }, { HostConfig: { Ulimits: [{ Name: "nofile" }] } }],
    [CREATE, { Entrypoint: null }, { Entrypoint: [] }],
    [CREATE, { HostConfig: { Init: null } }, { HostConfig: { Init: false } }],
    [
      CREATE,
      { HostConfig: { NetworkMode: "default" }, NetworkingConfig: { EndpointsConfig: {} } },
      { HostConfig: { NetworkMode: "default" }, NetworkingConfig: { EndpointsConfig: { reef: ENDPOINT } } },
    ],
    ["/v1.41/networks/create", { Name: "reef", EnableIPv6: false }, { Name: "reef", EnableIPv6: true }],
    ["/v1.41/networks/create", { Name: "reef" }, { Name: "reef", CheckDuplicate: false }],
  ])("but not at %s: %j and %j", async (path, recorded, today) => {
    expect(await isAnswered([path, recorded], [path, today])).toBe(false);
  });
});

type Sent = readonly [path: string, body: unknown];

async function isAnswered([path, body]: Sent, [now, today]: Sent): Promise<boolean> {
  const recorded = `---\nrequest:\n  line: POST ${path}\n  json: ${JSON.stringify(body)}\nresponse: 204 No Content\n`;
  const answer = await new Theatre(recorded).asks(encodeJsonRequest(`POST ${now}`, today));
  return answer.startsWith("HTTP/1.1 204 ");
}
