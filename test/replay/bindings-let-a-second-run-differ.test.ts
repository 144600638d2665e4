/** A session that makes up its names anew each time: recorded with some of them, played with others. */
import { describe, expect, test } from "vitest";
import {
  answer,
  encodeChunkedAnswer,
  encodeHead,
  encodeJsonAnswer,
  encodeJsonRequest,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  NO_CONTENT,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { createRecordedScene, createReplayedScene, type Scenario } from "../playbook/scenario.ts";
import { HEADER, Studio } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";

const ID = "5d1c0a9be2d4".padEnd(64, "0");

/** What one run makes up: a number of base 36 has not always the same length. */
interface MadeUp {
  readonly session: string;
  readonly name: string;
  readonly typed: string;
}

const RECORDED: MadeUp = {
  session: "2c9c6a5e-38a2-4a9b-9d32-0b54f2c7e001",
  name: "box-k3x9f2q7ab1",
  typed: "3f1c0a9be2d47c55",
};
const TODAY: MadeUp = {
  session: "91b7c5d4-0f6e-4d3a-8a51-7de8a3b9f002",
  name: "box-7hq0zt4mw",
  typed: "90e2b7a6c4d81f03",
};
const LABEL = "org.example.session-id";

function created({ session, name }: MadeUp): Scenario {
  const body = { Image: "alpine", Env: [`SESSION=${session}`, "A=1"], Labels: { [LABEL]: session } };
  return async ({ talk }) => {
    const client = await talk();
    await client.asks(encodeJsonRequest(`POST /v1.41/containers/create?name=${name}`, body));
    await client.answers(encodeJsonAnswer("201 Created", `{"Id":"${ID}","Warnings":[]}\n`));
    await client.asks(request(`GET /v1.41/containers/${name}/json`));
    await client.answers(
      encodeJsonAnswer("200 OK", `{"Id":"${ID}","Name":"/${name}","Config":{"Labels":{"${LABEL}":"${session}"}}}\n`),
    );
    const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL}=${session}`] }));
    await client.asks(request(`GET /v1.41/containers/json?filters=${filters}`));
    await client.answers(encodeJsonAnswer("200 OK", `[{"Id":"${ID}","Names":["/${name}"]}]\n`));
  };
}

function streamed({ session, name, typed }: MadeUp): Scenario {
  const event = `{"Type":"container","Action":"start","Actor":{"Attributes":{"name":"${name}","x":"a\\n${name}"}}}\n`;
  return async ({ talk }) => {
    const [client, attach, events] = [await talk(), await talk(), await talk()];
    await events.asks(request("GET /v1.41/events"));
    await events.answers(encodeChunkedAnswer("200 OK"));
    await attach.asks(upgradeRequest(`POST /v1.41/containers/${name}/attach?stream=1&stdin=1`));
    await attach.answers(UPGRADED);
    await client.asks(request(`POST /v1.41/containers/${name}/start`));
    await client.answers(NO_CONTENT);
    await events.answers(encodeTextChunk(event));
    await attach.answers(encodeTextFrame("stdout", `hello from ${name}\n`));
    await attach.asks(`echo ${typed}\n`);
    await attach.answers(
      encodeTextFrame("stdout", `${typed}\n`),
      encodeTextFrame("stderr", `in ${session}, not in x${RECORDED.session}\n`),
    );
    await attach.daemonEnds();
    await client.asks(request(`GET /v1.41/containers/${name}/logs?stdout=1`));
    await client.answers(encodeChunkedAnswer("200 OK", ["Content-Type: application/vnd.docker.raw-stream"]));
    await client.answers(
      encodeTextChunk(encodeTextFrame("stdout", `${name}\n`)),
      encodeTextChunk(encodeTextFrame("stdout", `${name} again\n`)),
      LAST_CHUNK,
    );
    await events.answers(LAST_CHUNK);
  };
}

/** Heads that say a name: in the clear, in base64, and one whose lines have an order of their own. */
function headed({ name }: MadeUp): Scenario {
  const stat = Buffer.from(JSON.stringify({ name, size: 3, linkTarget: "" })).toString("base64");
  const body = `made of ${name}`;
  return async ({ talk }) => {
    const client = await talk();
    await client.asks(request(`HEAD /v1.41/containers/${name}/archive?path=%2F${name}`));
    await client.answers(answer("200 OK", { own: [`X-Docker-Container-Path-Stat: ${stat}`] }));
    await client.asks(request(`POST /v1.41/commit?container=${name}`));
    await client.answers(
      encodeHead("HTTP/1.1 201 Created", [`content-length: ${body.length}`, `Location: /v1.41/x/${name}`, "X-Odd: 1"]) +
        body,
    );
  };
}

async function record(...scenarios: readonly Scenario[]): Promise<Studio> {
  const studio = new Studio();
  for (const scenario of scenarios) await scenario(createRecordedScene(studio));
  await studio.finish();
  return studio;
}

async function play({ store }: Studio, ...scenarios: readonly Scenario[]): Promise<Theatre> {
  const theatre = new Theatre(store.text, { sidecars: store.sidecars });
  for (const scenario of scenarios) await scenario(createReplayedScene(theatre));
  await waitForQuiet();
  expect(theatre.report).toMatchObject({ missed: [], unplayed: [], stalled: [], differing: [], problems: [] });
  return theatre;
}

describe("a second run gets its own names", () => {
  test("in what it creates and looks for", async () => {
    const studio = await record(created(RECORDED));
    await play(studio, created(TODAY));
    await play(studio, created(RECORDED));
  });

  test("in streams: the lengths of frames, chunks and events follow the new names", async () => {
    const studio = await record(created(RECORDED), streamed(RECORDED));
    await play(studio, created(TODAY), streamed(TODAY));
  });

  test("in heads: in the clear, in base64, and in heads kept exactly", async () => {
    const studio = await record(created(RECORDED), headed(RECORDED));
    expect(studio.store.text).toContain("  head:\n");
    await play(studio, created(TODAY), headed(TODAY));
  });

  test("whichever request comes first", async () => {
    const studio = await record(headed(RECORDED), created(RECORDED));
    await play(studio, headed(TODAY), created(TODAY));
  });
});

const create = (name: string, image = "alpine", id = "1"): string => `---
request:
  line: POST /v1.41/containers/create?name=${name}
  json-bare: {"Image":"${image}","Labels":{"a.b":"${name}"},"HostConfig":{"Memory":1}}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {"Id":"${id}","Name":"${name}"}
`;
const creates = (name: string, image = "alpine", memory = 1): Buffer =>
  encodeJsonRequest(`POST /v1.41/containers/create?name=${name}`, {
    Image: image,
    Labels: { "a.b": name },
    HostConfig: { Memory: memory },
  });
const made = (name: string, id = "1"): string => encodeJsonAnswer("201 Created", `{"Id":"${id}","Name":"${name}"}\n`);

async function misses(theatre: Theatre, question: Buffer): Promise<void> {
  const client = theatre.client();
  await client.sends(question);
  expect(await client.hearsUpTo("}\n")).toMatch(/^HTTP\/1\.1 501 /);
}

describe("requests at the same time", () => {
  test("never stand for the same recorded one", async () => {
    const names = ["box-k3x9f2q7ab1", "box-p8d2m5w0yz4", "box-3v6c1j9r8tx"];
    const today = ["box-7hq0zt4mw2c", "box-b5n4g1e7k9u", "box-x0a6s3l2i8o"];
    const theatre = new Theatre(names.map((name, at) => create(name, "alpine", `${at}`)).join(""));
    const clients = today.map(() => theatre.client());
    await Promise.all(today.map((name, at) => clients[at]?.sends(creates(name))));
    const heard = await Promise.all(clients.map((client) => client.hearsUpTo("}\n")));
    expect(heard.map((text) => /"Name":"([^"]+)"/.exec(text)?.[1])).toEqual(today);
    expect(new Set(heard.map((text) => /"Id":"(\d)"/.exec(text)?.[1])).size).toBe(3);
    expect(theatre.misses).toEqual([]);
  });
});

describe("a value that was not generated", () => {
  test("is a miss, though generated values differ, too, and nothing is bound", async () => {
    const theatre = new Theatre(create("box-k3x9f2q7ab1"));
    await misses(theatre, creates("box-7hq0zt4mw2c", "postgres"));
    expect(theatre.decks[0]?.run.bindings.isEmpty).toBe(true);
  });

  test("is a miss if the recorded value stands for another one already", async () => {
    const theatre = new Theatre(create("box-k3x9f2q7ab1"));
    const client = theatre.client();
    await client.sends(creates("box-7hq0zt4mw2c"));
    await client.hears(made("box-7hq0zt4mw2c"));
    await misses(theatre, creates("box-b5n4g1e7k9u"));
    await misses(theatre, creates("box-7hq0zt4mw2c"));
  });

  test("comes before bindings, on whichever cassette it was recorded", async () => {
    const theatre = new Theatre([create("box-k3x9f2q7ab1", "alpine", "1"), create("box-7hq0zt4mw2c", "alpine", "2")]);
    const client = theatre.client();
    await client.sends(creates("box-7hq0zt4mw2c"));
    await client.hears(made("box-7hq0zt4mw2c", "2"));
    expect(theatre.decks[0]?.run.bindings.isEmpty).toBe(true);
  });
});

describe("rules", () => {
  const withRules = (rules: string): string => HEADER + rules;

  test.each([
    ["of the header", "bind: {container: query.name, label: 'json.Labels[\"a.b\"]'}\n", {}],
    ["of the call", "", { bind: ["query.name", "json.Labels.a.b"] }],
    ["of both", "bind: {label: json.Labels.a.b}\n", { bind: ["query.name"] }],
  ])("%s bind what has no random shape", async (_, header, rules) => {
    const theatre = new Theatre(withRules(header) + create("web"), { rules });
    const client = theatre.client();
    await client.sends(creates("shop"));
    await client.hears(made("shop"));
    await misses(theatre, creates("shop"));
  });

  test.each([
    ["of the header", "ignore: [query.name, json.Labels, json.HostConfig.Memory]\n", {}],
    ["of the call", "", { ignore: ["query.name", 'json.Labels["a.b"]', "json.HostConfig"] }],
  ])("%s leave out what is not compared, and the response has the recorded words", async (_, header, rules) => {
    const client = new Theatre(withRules(header) + create("web"), { rules }).client();
    await client.sends(creates("shop", "alpine", 7));
    await client.hears(made("web"));
  });

  test("bind the members of a list one by one", async () => {
    const start = `---
request:
  line: POST /v1.41/containers/web/exec
  json-bare: {"Cmd":["touch","one"],"Env":["B=one","A=1"]}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: "one"
`;
    const client = new Theatre(`${withRules("bind: {cmd: json.Cmd, env: json.Env}\n")}${start}`).client();
    await client.sends(
      encodeJsonRequest("POST /v1.41/containers/web/exec", { Cmd: ["touch", "two"], Env: ["A=1", "B=two"] }),
    );
    await client.hears(encodeJsonAnswer("201 Created", '"two"\n'));
  });

  test("bind nothing where anything else differs", async () => {
    const theatre = new Theatre(withRules("bind: {container: query.name}\n") + create("web"));
    await misses(theatre, creates("shop", "postgres"));
    expect(theatre.decks[0]?.run.bindings.isEmpty).toBe(true);
    await theatre.client().sends(creates("shop"));
  });

  test("bind values outside ASCII", async () => {
    const client = new Theatre(
      withRules("bind: {label: json.Labels.a.b}\n") +
        create("web").replace('"web"}', '"größe"}').replace('"Name":"web"', '"Name":"größe"'),
    ).client();
    const body = { Image: "alpine", Labels: { "a.b": "☃" }, HostConfig: { Memory: 1 } };
    await client.sends(encodeJsonRequest("POST /v1.41/containers/create?name=web", body));
    await client.hears(Buffer.from(made("☃")));
  });
});

describe("input of the client", () => {
  const attached = (...events: readonly string[]): string => `---
request: POST /v1.41/containers/web/attach?stream=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
${events.map((event) => `  - ${event}\n`).join("")}`;

  async function attach(...events: readonly string[]): Promise<{ client: Peer; theatre: Theatre }> {
    const theatre = new Theatre(attached(...events));
    const client = theatre.client();
    await client.sends(upgradeRequest("POST /v1.41/containers/web/attach?stream=1"));
    await client.hears(UPGRADED);
    return { client, theatre };
  }

  test("may be generated anew, in whatever pieces it arrives", async () => {
    const { client } = await attach('stdin: "k 3f1c0a9be2d47c55\\n"', 'stdout: "k 3f1c0a9be2d47c55\\n"', "eof: daemon");
    for (const piece of ["k 90e2", "b7a6c4d8", "1f03\n"]) await client.sends(piece);
    await client.hears(encodeTextFrame("stdout", "k 90e2b7a6c4d81f03\n"));
    await client.hearsEnd();
  });

  test("is compared in today's words, where they are bound", async () => {
    const { client, theatre } = await attach(
      'stdin: "3f1c0a9be2d47c55\\n"',
      'stdin: "3f1c0a9be2d47c55\\n"',
      "eof: daemon",
    );
    await client.sends("90e2b7a6c4d81f03\n");
    await client.sends("1b2a3c4d5e6f7089\n");
    expect(await client.hearsAll()).toContain('expected "90e2b7a6c4d81f03\\n", got "1b2a3c4d5e6f7089\\n"');
    expect(theatre.report.differing).toHaveLength(1);
  });

  test("is an error where anything else differs", async () => {
    const { client, theatre } = await attach('stdin: "a 3f1c0a9be2d47c55\\n"', "eof: daemon");
    await client.sends("b 90e2b7a6c4d81f03\n");
    expect(await client.hearsAll()).toContain("WHALESONG_STDIN_DIFFERS");
    expect(theatre.decks[0]?.run.bindings.isEmpty).toBe(true);
  });
});
