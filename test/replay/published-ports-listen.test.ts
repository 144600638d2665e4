import { expect, test } from "vitest";
import type { PortVoice } from "../../src/cassette/model.ts";
import type { PublishedPort } from "../../src/replay/deck/published-ports.ts";
import { request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const ID = "a".repeat(64);
const CREATED = created("8080");
const START = change(`POST /v1.41/containers/${ID}/start`);
const STOP = change(`POST /v1.41/containers/${ID}/stop`);

function created(port: string): string {
  return `---
request:
  line: POST /v1.41/containers/create?name=web
  json-bare: {"HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"${port}"}]}}}
response:
  status: 201 Created
  json: {"Id":"${ID}"}
`;
}

function change(line: string): string {
  return `---\nrequest: ${line}\nresponse: 204 No Content\n`;
}

function answered(line: string, json: unknown): string {
  return `---\nrequest: GET ${line}\nresponse:\n  status: 200 OK\n  json: ${JSON.stringify(json)}\n`;
}

function seen(ports: unknown, id = "web"): string {
  return answered(`/v1.41/containers/${id}/json`, { Id: ID, NetworkSettings: { Ports: ports } });
}

const INSPECTED = seen({
  "80/tcp": [
    { HostIp: "0.0.0.0", HostPort: "32768" },
    { HostIp: "::", HostPort: "32768" },
  ],
  "53/udp": [{ HostIp: "0.0.0.0", HostPort: "32770" }],
  "443/tcp": null,
});
const LISTED = answered("/v1.41/containers/json", [
  { Id: "b".repeat(64), Ports: [{ PrivatePort: 80, PublicPort: 1, Type: "tcp" }] },
  {
    Id: ID,
    Ports: [
      { PrivatePort: 80, PublicPort: 32768, Type: "tcp" },
      { PrivatePort: 81, Type: "tcp" },
      { PrivatePort: 53, PublicPort: 32770, Type: "udp" },
    ],
  },
]);

/** A machine on which some ports are taken. */
class Machine {
  readonly open = new Set<number>();
  readonly #taken: readonly number[];
  #next = 50_000;

  constructor(...taken: readonly number[]) {
    this.#taken = taken;
  }

  /** What is said, by port. */
  readonly voices = new Map<number, PortVoice>();

  readonly publish = async (wanted: number, voice: PortVoice): Promise<PublishedPort> => {
    const port = this.#taken.includes(wanted) || this.open.has(wanted) ? this.#next++ : wanted;
    this.open.add(port);
    this.voices.set(port, voice);
    return { port, close: async () => void this.open.delete(port) };
  };
}

async function says(theatre: Theatre, line: string): Promise<string> {
  const client = theatre.client();
  await client.sends(request(line));
  await client.closesItsHalf();
  return client.hearsAll();
}

async function starts(theatre: Theatre): Promise<void> {
  expect(await says(theatre, `POST /v1.41/containers/${ID}/start`)).toContain("204 No Content");
}

test.each([
  ["an inspect shows", CREATED + START + INSPECTED, [32768]],
  ["a list shows", CREATED + START + LISTED, [32768]],
  ["a later inspect shows", CREATED + START + seen({}) + INSPECTED, [32768]],
  ["were asked for, where nobody looked", CREATED + START, [8080]],
  ["were asked for, where only another run was looked at", CREATED + START + STOP + START + INSPECTED, [8080]],
  ["the daemon was to choose, and nobody saw", created("") + START, []],
  ["were asked for as a range", created("8000-8010") + START, []],
])("the ports that %s listen from the start on", async (_which, cassette, ports) => {
  const machine = new Machine();
  const theatre = new Theatre(cassette, machine);
  await says(theatre, "GET /_ping");
  expect([...machine.open]).toEqual([]);
  await starts(theatre);
  expect([...machine.open]).toEqual(ports);
});

test.each([
  ["stop", "POST", `/v1.41/containers/${ID}/stop`, 0],
  ["kill", "POST", `/v1.41/containers/${ID}/kill`, 0],
  ["kill by SIGTERM", "POST", `/v1.41/containers/${ID}/kill?signal=SIGTERM`, 0],
  ["a signal that programs live on", "POST", `/v1.41/containers/${ID}/kill?signal=HUP`, 1],
  ["remove", "DELETE", `/v1.41/containers/${ID}?force=1`, 0],
  ["pause", "POST", `/v1.41/containers/${ID}/pause`, 1],
  ["restart", "POST", `/v1.41/containers/${ID}/restart`, 1],
  ["stop of another container", "POST", "/v1.41/containers/db/stop", 1],
])("after %s this many ports listen", async (_what, method, path, left) => {
  const machine = new Machine();
  const theatre = new Theatre(CREATED + START + INSPECTED + change(`${method} ${path}`) + INSPECTED, machine);
  await starts(theatre);
  expect(machine.open.size).toBe(1);
  expect(await says(theatre, `${method} ${path}`)).toContain("204 No Content");
  expect(machine.open.size).toBe(left);
});

test("if the port is taken, another one listens, and inspect and list name it", async () => {
  const machine = new Machine(32768);
  const theatre = new Theatre(CREATED + START + INSPECTED + LISTED + answered("/v1.41/info", { N: 32768 }), machine);
  await starts(theatre);
  expect([...machine.open]).toEqual([50_000]);
  const inspected = await says(theatre, "GET /v1.41/containers/web/json");
  expect(inspected).toContain('"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"50000"},{"HostIp":"::","HostPort":"50000"}]');
  expect(inspected).toContain('"HostPort":"32770"');
  const [head = "", body = ""] = inspected.split("\r\n\r\n");
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
  expect(await says(theatre, "GET /v1.41/containers/json")).toContain('"PublicPort":50000,');
  expect(await says(theatre, "GET /v1.41/info")).toContain('{"N":32768}');
  expect(await says(theatre, "GET /_whalesong/state")).toContain('"ports":[{"recorded":32768,"today":50000}]');
});

test("a port that moved stays there when its container is started again", async () => {
  const machine = new Machine(32768);
  const theatre = new Theatre(CREATED + START + INSPECTED + STOP + START + INSPECTED, machine);
  await starts(theatre);
  await says(theatre, `POST /v1.41/containers/${ID}/stop`);
  expect([...machine.open]).toEqual([]);
  await says(theatre, `POST /v1.41/containers/${ID}/start`);
  expect([...machine.open]).toEqual([50_000]);
});

test.each(["rewind", "eject"])("%s closes them", async (command) => {
  const machine = new Machine();
  const theatre = new Theatre(CREATED + START + INSPECTED, machine);
  await starts(theatre);
  const client = theatre.client();
  const body = '{"cassette": "run.yaml"}';
  await client.sends(request(`POST /_whalesong/${command}`, { body }));
  await client.hearsUpTo("200 OK");
  expect([...machine.open]).toEqual([]);
});

test("a start on an ejected cassette opens no port", async () => {
  const machine = new Machine();
  const theatre = new Theatre(CREATED + START + INSPECTED, machine);
  const [deck] = theatre.decks;
  await deck?.ports.close();
  await starts(theatre);
  expect([...machine.open]).toEqual([]);
});

test("without --ports no port listens", async () => {
  const theatre = new Theatre(CREATED + START + INSPECTED);
  await starts(theatre);
  expect(theatre.decks[0]?.ports.open).toEqual([]);
});

test("the text of a port is found by the container's port, also where the host's port moved", async () => {
  const machine = new Machine(8080);
  const header = 'whalesong: 1\nports:\n  80/tcp: {greets: "hello"}\n';
  const theatre = new Theatre(`${header}${CREATED}${START}`, { publish: machine.publish });
  await starts(theatre);
  expect([...machine.voices]).toEqual([[50_000, { greets: Buffer.from("hello") }]]);
});

test("a failed start opens no port, and a failed removal closes none", async () => {
  const machine = new Machine();
  const refused = (line: string): string => change(line).replace("204 No Content", "409 Conflict");
  const again = "POST /v1.41/containers/web/start";
  const remove = `DELETE /v1.41/containers/${ID}`;
  const theatre = new Theatre(CREATED + refused(again) + START + refused(remove), { publish: machine.publish });
  expect(await says(theatre, again)).toContain("409 Conflict");
  expect([...machine.open]).toEqual([]);
  await starts(theatre);
  expect(await says(theatre, remove)).toContain("409 Conflict");
  expect([...machine.open]).toEqual([8080]);
});
