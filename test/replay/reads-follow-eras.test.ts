import { describe, expect, test } from "vitest";
import { encodeJsonAnswer, NO_CONTENT, request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { Theatre } from "../playbook/theatre.ts";

function read(says: string, target = "/v1.41/containers/web/json", during = ""): string {
  return `---
${during === "" ? "" : `during: ${during}\n`}request: GET ${target}
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: ${JSON.stringify(says)}
`;
}

function change(verb: string, container = "web", name = ""): string {
  return `---
${name === "" ? "" : `name: ${name}\n`}request: POST /v1.41/containers/${container}/${verb}
response: 204 No Content
`;
}

async function does(client: Peer, verb: string, container = "web"): Promise<void> {
  await client.sends(request(`POST /v1.41/containers/${container}/${verb}`));
  await client.hears(NO_CONTENT);
}

async function sees(client: Peer, says: string, target = "/v1.41/containers/web/json"): Promise<void> {
  await client.sends(request(`GET ${target}`));
  await client.hears(encodeJsonAnswer("200 OK", `${JSON.stringify(says)}\n`));
}

const LIFE = [
  read("created"),
  change("start"),
  read("running"),
  read("still running"),
  change("stop"),
  read("exited"),
].join("");

describe.each([{ polls: 0 }, { polls: 1 }, { polls: 50 }])("a client that polls $polls times", ({ polls }) => {
  test("sees the answers of each era, then the last one of it again", async () => {
    const client = new Theatre(LIFE).client();
    for (let poll = 0; poll < polls; poll += 1) await sees(client, "created");
    await does(client, "start");
    for (let poll = 0; poll < polls; poll += 1) await sees(client, poll === 0 ? "running" : "still running");
    await does(client, "stop");
    for (let poll = 0; poll < polls; poll += 1) await sees(client, "exited");
  });
});

test("changes of another container open no era", async () => {
  const client = new Theatre(LIFE + change("start", "db") + read("db", "/v1.41/containers/db/json")).client();
  await does(client, "start", "db");
  await sees(client, "created");
  await does(client, "start");
  await sees(client, "running");
  await sees(client, "db", "/v1.41/containers/db/json");
});

test("a list depends on all of its class, and info on everything", async () => {
  const list = "/v1.41/containers/json";
  const images = "/v1.41/images/json";
  const info = "/v1.41/info";
  const looks = (state: string): string => [list, images, info].map((target) => read(state, target)).join("");
  const client = new Theatre(looks("before") + change("start") + looks("after")).client();
  await does(client, "start");
  await sees(client, "after", list);
  await sees(client, "before", images);
  await sees(client, "after", images);
  await sees(client, "after", info);
});

describe("a read in an era without one", () => {
  const GAPS = [read("created"), change("start"), change("pause"), read("paused"), change("unpause")].join("");

  test("is answered from the latest earlier era", async () => {
    const client = new Theatre(GAPS).client();
    await does(client, "start");
    await sees(client, "created");
    await does(client, "pause");
    await sees(client, "paused");
    await does(client, "unpause");
    await sees(client, "paused");
  });

  test("is answered from the earliest later era, if there is no earlier one", async () => {
    const client = new Theatre(change("start") + read("running") + read("later")).client();
    await sees(client, "running");
  });

  test("is a miss if the replay is strict", async () => {
    const theatre = new Theatre(GAPS, { isStrict: true });
    const client = theatre.client();
    await sees(client, "created");
    await does(client, "start");
    await client.sends(request("GET /v1.41/containers/web/json"));
    expect(await client.hearsUpTo("}\n")).toContain("501 Not Implemented");
    await does(client, "pause");
    await sees(client, "paused");
    await sees(client, "paused");
  });
});

test("a read during a change belongs to the era between the request and the response of the change", async () => {
  const stop = `---
name: stop
request: POST /v1.41/containers/web/stop
response:
  status: 204 No Content
  wait: 10s
`;
  const cassette = read("running") + stop + read("stopping", undefined, "stop") + read("exited");
  const theatre = new Theatre(cassette, { tempo: { scale: 1, maxWaitMs: Number.POSITIVE_INFINITY } });
  const [client, other] = [theatre.client(), theatre.client()];
  await sees(client, "running");
  await other.sends(request("POST /v1.41/containers/web/stop"));
  await other.hearsNothing();
  await sees(client, "stopping");
  await sees(client, "stopping");
  await theatre.passes(10_000);
  await other.hears(NO_CONTENT);
  await sees(client, "exited");
});

describe.each([{ polls: 0 }, { polls: 1 }, { polls: 3 }])(
  "a client that polls $polls times and then waits",
  ({ polls }) => {
    const wait = (status: string): string => `---
request: POST /v1.41/containers/web/wait
response:
  status: ${status}
  headers: {Content-Type: application/json}
  json: {"StatusCode":0}
`;
    const looks = (says: string): string => read(says) + read(says, "/v1.41/containers/json");
    const waits = async (client: Peer, status: string): Promise<void> => {
      await client.sends(request("POST /v1.41/containers/web/wait"));
      await client.hears(encodeJsonAnswer(status, '{"StatusCode":0}\n'));
    };

    test("never sees a container running after it has the result of a wait, in any read", async () => {
      const cassette = looks("running").repeat(3) + wait("200 OK") + looks("exited");
      const client = new Theatre(change("start") + cassette).client();
      await does(client, "start");
      for (let poll = 0; poll < polls; poll += 1) await sees(client, "running");
      await waits(client, "200 OK");
      for (const target of [undefined, "/v1.41/containers/json"]) await sees(client, "exited", target);
    });

    test("goes on in the same era if the wait failed", async () => {
      const client = new Theatre(read("one") + read("two") + wait("409 Conflict") + read("three")).client();
      await waits(client, "409 Conflict");
      await sees(client, "one");
    });
  },
);

test("pings and versions belong to no era", async () => {
  const version = "/v1.41/version";
  const client = new Theatre(read("one", version) + change("start") + read("two", version)).client();
  await sees(client, "one", version);
  await sees(client, "two", version);
  await does(client, "start");
  await sees(client, "two", version);
});

test("a read that was never requested is unplayed, one that was polled less often is not", async () => {
  const theatre = new Theatre(LIFE + read("db", "/v1.41/containers/db/json"));
  const client = theatre.client();
  await sees(client, "created");
  await does(client, "start");
  await does(client, "stop");
  expect(theatre.report.unplayed).toEqual([
    expect.stringMatching(/^run\.yaml:\d+ {2}GET \/v1\.41\/containers\/db\/json$/),
  ]);
});
