/**
 * A recording of several clients: requests that are equal by the rules of all of them may be different requests of
 * different clients. Each gets the answer to its own, in whatever order they come. No request becomes a miss by that.
 */
import { describe, expect, test } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const CLI_20 = "Docker-Client/20.10.24";
const CLI_28 = "Docker-Client/28.5.2";
const COMPOSE = "compose/v2.40.3";
const PYTHON = "docker-sdk-python/7.1.0";
const CURL = "curl/7.88.1";
const NAMELESS = "";

const CREATE = "POST /v1.41/containers/create";
const VOLUME = "POST /v1.41/volumes/create";
const NETWORK = "POST /v1.41/networks/create";
const EXEC = "POST /v1.41/containers/web/exec";
const CHECKOUT = "com.docker.compose.project.working_dir";
const LIBRARY = "org.testcontainers.version";

interface Sent {
  readonly client: string;
  readonly line: string;
  readonly body: object;
  /** @default 201 Created */
  readonly status?: string;
}

const sent = (client: string, line: string, body: object, status = "201 Created"): Sent => ({
  client,
  line,
  body,
  status,
});

function record(clients: readonly string[], exchanges: readonly Sent[]): string {
  const documents = exchanges.map(
    ({ line, body, status }, at) =>
      `---\nrequest:\n  line: ${line}\n  json-bare: ${JSON.stringify(body)}\nresponse:\n  status: ${status}\n  json: {"Id":"answer ${at}"}\n`,
  );
  return `whalesong: 1\nrecorded: {client: '${clients.join(", ")}'}\n${documents.join("")}`;
}

async function ask(theatre: Theatre, { client, line, body }: Sent): Promise<string> {
  const [head, ...rest] = encodeJsonRequest(line, body).toString("latin1").split("\r\n");
  const agent = client === "" ? [] : [`User-Agent: ${client} (linux)`];
  const answer = await theatre.asks(Buffer.from([head, ...agent, ...rest].join("\r\n"), "latin1"));
  return /answer \d+/.exec(answer)?.[0] ?? (/^HTTP\/1.1 (\d+)/.exec(answer)?.[1] as string);
}

async function askAll(theatre: Theatre, requests: readonly Sent[]): Promise<string[]> {
  const answers: string[] = [];
  for (const one of requests) answers.push(await ask(theatre, one));
  return answers;
}

const labelled = (client: string, label: string, value: string): Sent =>
  sent(client, CREATE, { Image: "alpine", Labels: { [label]: value } });
const withUlimits = (client: string, Ulimits: unknown, more: object = {}): Sent =>
  sent(client, CREATE, { Image: "alpine", HostConfig: { Ulimits, ...more } });
const sized = (client: string, size: readonly number[]): Sent =>
  sent(client, CREATE, { Image: "alpine", Tty: true, HostConfig: { ConsoleSize: size } });

describe("of requests that are equal by the joined rules, each client gets its own", () => {
  test.each<[what: string, clients: readonly string[], exchanges: readonly Sent[]]>([
    ["CLI 20.10 and CLI 28", [CLI_20, CLI_28], [withUlimits(CLI_20, null), withUlimits(CLI_28, [])]],
    [
      "volumes without names of both",
      [CLI_20, CLI_28],
      [sent(CLI_20, VOLUME, { DriverOpts: {} }), sent(CLI_28, VOLUME, {})],
    ],
    [
      "execs of both, one of them under the container's other name",
      [CLI_20, PYTHON],
      [
        sent(CLI_20, EXEC, { Cmd: ["ls"], ConsoleSize: [24, 80] }),
        sent(CURL, EXEC, { Cmd: ["ls"], ConsoleSize: [50, 132] }),
      ],
    ],
    [
      "docker-py beside compose, which does not compare the folder of a project",
      [COMPOSE, PYTHON],
      [labelled(PYTHON, CHECKOUT, "/srv/a"), labelled(PYTHON, CHECKOUT, "/srv/b")],
    ],
    [
      "a nameless client beside compose",
      [COMPOSE],
      [labelled(NAMELESS, CHECKOUT, "/srv/a"), labelled(NAMELESS, CHECKOUT, "/srv/b")],
    ],
    [
      "the CLI beside compose, which does not compare the release of a library",
      [COMPOSE, CLI_28],
      [labelled(CLI_28, LIBRARY, "11.0.0"), labelled(CLI_28, LIBRARY, "11.1.0")],
    ],
    [
      "a client that no preset knows beside the CLI, which does not compare the size of a window",
      [CLI_28, CURL],
      [sized(CURL, [24, 80]), sized(CURL, [50, 132])],
    ],
    [
      "three clients",
      [CLI_20, CLI_28, CURL],
      [withUlimits(CLI_20, null), withUlimits(CLI_28, []), withUlimits(CURL, undefined)],
    ],
  ])("%s", async (_, clients, exchanges) => {
    const answers = exchanges.map((_one, at) => `answer ${at}`);
    expect(await askAll(new Theatre(record(clients, exchanges)), exchanges)).toEqual(answers);
    const theatre = new Theatre(record(clients, exchanges));
    expect(await askAll(theatre, exchanges.toReversed())).toEqual(answers.toReversed());
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [] });
  });

  test("under names of this run", async () => {
    const named = (client: string, name: string, more: object): Sent => sent(client, NETWORK, { Name: name, ...more });
    const old = { CheckDuplicate: true, EnableIPv6: false };
    const recorded = [named(CLI_20, "net-3f1c0a9be2d4", old), named(CLI_28, "net-90e2b7a6c4d8", {})];
    const theatre = new Theatre(record([CLI_20, CLI_28], recorded));
    const today = [named(CLI_28, "net-7b25d8e01fa3", {}), named(CLI_20, "net-c46a0e9d17b2", old)];
    expect(await askAll(theatre, today)).toEqual(["answer 1", "answer 0"]);
  });

  test("two at the same time", async () => {
    const exchanges = [0, 1, 2, 3].flatMap(() => [withUlimits(CLI_20, null), withUlimits(CLI_28, [])]);
    const theatre = new Theatre(record([CLI_20, CLI_28], exchanges));
    const answers = await Promise.all(exchanges.toReversed().map((one) => ask(theatre, one)));
    const clients = answers.map((text) => exchanges[Number(text.slice("answer ".length))]?.client);
    expect(clients).toEqual(exchanges.toReversed().map(({ client }) => client));
    expect(new Set(answers).size).toBe(exchanges.length);
  });
});

describe("the joined rules stand", () => {
  const both = [withUlimits(CLI_20, null), withUlimits(CLI_28, [])];

  test.each<[what: string, recorded: readonly Sent[], today: readonly Sent[], answers: readonly string[]]>([
    [
      "for a release that was not recorded, in recorded order",
      both,
      [withUlimits("Docker-Client/29.0.0", []), withUlimits("Docker-Client/29.0.0", [])],
      ["answer 0", "answer 1"],
    ],
    [
      "for one client that plays the parts of both",
      both,
      [withUlimits(CLI_28, []), withUlimits(CLI_28, [])],
      ["answer 1", "answer 0"],
    ],
    [
      "for a client that comes with what neither has sent",
      both,
      [withUlimits(CURL, undefined, { BlkioDeviceReadBps: [] }), withUlimits(CLI_20, null)],
      ["answer 0", "answer 1"],
    ],
    [
      "where the daemon's answers differ in their status, so that their order decided",
      [withUlimits(CLI_20, null), { ...withUlimits(CLI_28, []), status: "409 Conflict" }],
      [withUlimits(CLI_28, []), withUlimits(CLI_20, null)],
      ["answer 0", "answer 1"],
    ],
    [
      "for what is done to one thing, which has an order",
      [
        sent(CLI_20, "POST /v1.41/networks/net/connect", { Container: "web", EndpointConfig: {} }),
        sent(CLI_28, "POST /v1.41/networks/net/connect", { Container: "web", EndpointConfig: { GwPriority: 0 } }),
      ],
      [
        sent(CLI_28, "POST /v1.41/networks/net/connect", { Container: "web", EndpointConfig: { GwPriority: 0 } }),
        sent(CLI_20, "POST /v1.41/networks/net/connect", { Container: "web", EndpointConfig: {} }),
      ],
      ["answer 0", "answer 1"],
    ],
  ])("%s", async (_, recorded, today, answers) => {
    expect(await askAll(new Theatre(record([CLI_20, CLI_28], recorded)), today)).toEqual(answers);
  });
});

test("of two that differ alike, the nearest is the client's own, and only what keeps it from matching is shown", async () => {
  const theatre = new Theatre(record([CLI_20, CLI_28], [withUlimits(CLI_20, null), withUlimits(CLI_28, [])]));
  await ask(theatre, sent(CLI_28, CREATE, { Image: "busybox", HostConfig: { Ulimits: [] } }));
  expect(theatre.misses[0]?.nearest?.place).toBe("run.yaml:11");
  expect(theatre.misses[0]?.nearest?.differences.map(({ field }) => field)).toEqual(["json.Image"]);
});

test("nothing changes where no client of the recording is known", async () => {
  const sizes = [sized(CURL, [24, 80]), sized(CURL, [50, 132])];
  for (const clients of [[], [CURL]]) {
    const theatre = new Theatre(record(clients, sizes).replace("recorded: {client: ''}\n", ""));
    expect(await askAll(theatre, sizes.toReversed())).toEqual(["answer 0", "answer 1"]);
  }
});

describe("of answers of one era, those for the same `since` and `until` come first", () => {
  const logs = (since: string): string => `GET /v1.41/containers/web/logs?stdout=1&since=${since}`;
  const documents = ["1", "1700000000", "1700000500"].map(
    (since, at) => `---\nrequest: ${logs(since)}\nresponse:\n  status: 200 OK\n  text: "answer ${at}"\n`,
  );

  test.each<[asked: readonly string[], answers: readonly string[]]>([
    [
      ["1700000500", "1", "1700000000"],
      ["answer 2", "answer 0", "answer 1"],
    ],
    [
      ["1700000000", "1700000000", "1"],
      ["answer 1", "answer 1", "answer 0"],
    ],
    [
      ["1760000000", "1760000001", "1760000002", "1760000003"],
      ["answer 0", "answer 1", "answer 2", "answer 2"],
    ],
    [
      ["1700000000", "1760000001", "1760000002", "1"],
      ["answer 1", "answer 0", "answer 2", "answer 0"],
    ],
  ])("since %s", async (asked, answers) => {
    const theatre = new Theatre(documents.join(""));
    const seen: string[] = [];
    for (const since of asked) {
      seen.push(/answer \d/.exec(await theatre.asks(request(logs(since))))?.[0] ?? "none");
    }
    expect(seen).toEqual(answers);
  });

  test("and one that was given before its turn is not given again, where those before it are past", async () => {
    const wait = "POST /v1.41/containers/web/wait";
    const waited = `---\nrequest: ${wait}\nresponse:\n  status: 200 OK\n  json: {"StatusCode":0}\n`;
    const [first = "", ...others] = documents;
    const theatre = new Theatre([first, waited, ...others].join(""));
    const ask = (line: string): Promise<string> => theatre.asks(request(line));
    expect(await ask(logs("1700000000"))).toContain("answer 1");
    await ask(wait);
    expect(await ask(logs("1760000000"))).toContain("answer 2");
  });
});
