/** Real clients, each with its own way to name a socket, are answered from cassettes by msw and by nock. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import axios from "axios";
import Docker from "dockerode";
import got from "got";
import { describe, expect, onTestFinished, test } from "vitest";
import type { PlaybackOptions } from "../../src/integrations/cassette-playback.ts";
import { goldenPath } from "../golden/cassettes.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { type LibraryTransport, NOWHERE, ROADS } from "./library-transports.ts";

const LIBRARIES = ["msw", "nock"] as const;
const ID = "c0e5d94474f8bc7e8ead5e531f5ae6c0fca14dd82f953fcbbb773f198bc563e4";
const JSON_TYPE = "headers: {Content-Type: application/json}";

const RUN = `whalesong: 1
every-response: {Api-Version: "1.41", Server: Docker/20.10.24 (linux)}
---
request:
  line: POST /containers/create?name=web-3f2a9c1e&Image=busybox&Labels=%7B%22a%22%3A%221%22%2C%22b%22%3A%222%22%7D
  json: {name: web-3f2a9c1e, Image: busybox, Labels: {a: "1", b: "2"}}
response:
  status: 201 Created
  ${JSON_TYPE}
  json: {Id: ${ID}, Warnings: []}
---
request: GET /containers/web-3f2a9c1e/json
response:
  status: 200 OK
  ${JSON_TYPE}
  json: {Id: ${ID}, Name: /web-3f2a9c1e, State: {Status: created}}
---
request: POST /containers/${ID}/start
response: 204 No Content
---
request: GET /containers/web-3f2a9c1e/json
response:
  status: 200 OK
  ${JSON_TYPE}
  json: {Id: ${ID}, Name: /web-3f2a9c1e, State: {Status: running}}
`;

describe.each(LIBRARIES)("over %s", (library) => {
  function playing(cassette: string, options: PlaybackOptions = {}): LibraryTransport {
    const road = ROADS[library](cassette, options);
    onTestFinished(() => road.leave());
    return road;
  }

  function playingText(text: string, options: PlaybackOptions = {}): LibraryTransport {
    return playing(writeCassette(text), options);
  }

  test("dockerode sees eras, under a name of its own, and may put its JSON in another order", async () => {
    const { docker } = playingText(RUN);
    const client = new Docker({ socketPath: NOWHERE });
    const name = "web-77b0e4d2";
    const spec = { name, Labels: { b: "2", a: "1" }, Image: "busybox" };
    const container = await client.createContainer(spec);
    for (let poll = 0; poll < 3; poll += 1) expect(await readStatus(client, name)).toBe(`/${name} created`);
    await container.start();
    for (let poll = 0; poll < 3; poll += 1) expect(await readStatus(client, name)).toBe(`/${name} running`);
    docker.done();
    expect(docker.report()).toMatchObject({ exchanges: 4, played: 4, missed: [], unplayed: [] });
  });

  test("dockerode pulls and hears every message", async () => {
    const { docker } = playing(goldenPath("dockerode-run"));
    const client = new Docker({ socketPath: NOWHERE });
    const messages = await new Promise<unknown[]>((resolve, reject) => {
      const done = (error: Error | null, said: unknown[]): void => (error === null ? resolve(said) : reject(error));
      client.pull("busybox:latest").then((stream) => client.modem.followProgress(stream, done), reject);
    });
    expect(messages.at(-1)).toEqual({ status: "Status: Downloaded newer image for busybox:latest" });
    expect(docker.report()).toMatchObject({ played: 1, missed: [] });
  });

  test("dockerode gets the error of a miss, and `done` throws it", async () => {
    const { docker } = playingText(RUN);
    const client = new Docker({ socketPath: NOWHERE });
    await expect(client.getContainer("other").inspect()).rejects.toMatchObject({
      statusCode: 501,
      json: { message: expect.stringContaining("GET /containers/other/json") },
    });
    expect(docker.report().missed).toMatchObject([{ code: "WHALESONG_NO_MATCH", target: "/containers/other/json" }]);
    expect(() => docker.done()).toThrow(
      expect.objectContaining({
        code: "WHALESONG_NOT_AS_RECORDED",
        message: expect.stringMatching(
          /: 1 missed, 3 not requested\n[\s\S]*GET \/containers\/other\/json[\s\S]*but not requested[\s\S]*:12 {2}GET /,
        ),
      }),
    );
  });

  test.each([true, false])("dockerode is refused an attach at once (hijack: %s)", async (hijack) => {
    const { docker } = playingText(`whalesong: 1
---
request: POST /containers/web/attach?stream=true&stdin=true&hijack=${hijack}
response:
  status: ${hijack ? "101 UPGRADED" : "200 OK"}
  headers: {Content-Type: application/vnd.docker.raw-stream}
${hijack ? "" : "  hijack: true\n"}stream:
  - stdout: hello
`);
    const client = new Docker({ socketPath: NOWHERE });
    await expect(client.getContainer("web").attach({ stream: true, stdin: true, hijack })).rejects.toMatchObject({
      statusCode: 501,
      message: expect.stringMatching(/run\.yaml:3\)[\s\S]*whalesong\/intercept/),
    });
    expect(docker.report().missed).toMatchObject([{ code: "WHALESONG_NOT_CARRIED" }]);
  });

  test("what was played once is not played twice, until it is rewound", async () => {
    const { docker } = playingText(RUN);
    const start = (): Promise<unknown> => new Docker({ socketPath: NOWHERE }).getContainer(ID).start();
    await start();
    await expect(start()).rejects.toMatchObject({ statusCode: 501 });
    await docker.rewind();
    await start();
    expect(docker.report()).toMatchObject({ played: 1, missed: [] });
  });

  const FETCHERS = {
    fetch: async () => (await fetch("http://localhost/version")).json(),
    axios: async () => (await axios.get("http://localhost/version", { socketPath: NOWHERE })).data,
    got: () => got(`http://unix:${NOWHERE}:/version`, { enableUnixSockets: true }).json(),
    "got, and what it calls its host": () => got("http://docker/version").json(),
  };

  test.each(Object.keys(FETCHERS) as (keyof typeof FETCHERS)[])("%s is answered", async (fetcher) => {
    const { docker } = playingText(VERSION);
    expect(await FETCHERS[fetcher]()).toEqual({ ApiVersion: "1.41" });
    docker.done();
  });

  test("only the origin that is named is answered for", async () => {
    playingText(VERSION, { origin: "http://build.example:2375" });
    expect(await got("http://build.example:2375/version", { retry: { limit: 0 } }).json()).toEqual({
      ApiVersion: "1.41",
    });
    await expect(got("http://localhost:1/version", { retry: { limit: 0 } })).rejects.toThrow();
  });

  test("an expression for origins is held against each anew; text that is none is an error", async () => {
    playingText(VERSION, { origin: /example:2375$/g });
    for (let time = 0; time < 3; time += 1) {
      expect(await got("http://build.example:2375/version").json()).toEqual({ ApiVersion: "1.41" });
    }
    expect(() => playingText(VERSION, { origin: "build.example" })).toThrow(
      expect.objectContaining({ code: "WHALESONG_BAD_ADDRESS" }),
    );
  });

  test("a daemon that never answered does not answer now", async () => {
    playingText("whalesong: 1\n---\nrequest: GET /version\nresponse: none\n");
    await expect(got("http://docker/version", { retry: { limit: 0 } })).rejects.toThrow();
  });

  test("what breaks off breaks off", async () => {
    playingText(`whalesong: 1
---
request: GET /containers/web/logs?follow=1&stdout=1
response:
  status: 200 OK
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - stdout: hello
  - reset
`);
    const logs = got("http://docker/containers/web/logs?follow=1&stdout=1", { retry: { limit: 0 } });
    await expect(logs).rejects.toThrow();
  });
});

const VERSION = `whalesong: 1
---
request: GET /version
response:
  status: 200 OK
  ${JSON_TYPE}
  json: {ApiVersion: "1.41"}
`;

function writeCassette(text: string): string {
  const path = join(createTemporaryFolder(), "run.yaml");
  writeFileSync(path, text);
  return path;
}

async function readStatus(client: Docker, name: string): Promise<string> {
  const { Name, State } = await client.getContainer(name).inspect();
  return `${Name} ${State.Status}`;
}
