/**
 * A change is under way until it is answered. A client that was told what it did, by an event or by the result of a
 * `wait`, does not see what was there before it: not in a read that was recorded only after the answer.
 */
import { expect, test } from "vitest";
import { request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Theatre } from "../playbook/theatre.ts";

const LIST = "/v1.41/containers/json?all=1";
const INSPECT = "/v1.41/containers/web/json";

const read = (path: string, state: string, during = ""): string =>
  `---\n${during}request: GET ${path}\nresponse: {status: 200 OK, json: {"State":"${state}"}}\n`;
const DURING = "during: kill\n";
const KILL = "---\nname: kill\nrequest: POST /v1.41/containers/web/kill\nresponse:\n  status: 204 No Content\n";
const BY_EVENT = `${KILL}  until: [said]\n`;
/** Answered after another request, as a stop is that a kill has ended. */
const AFTER_ANOTHER = `${KILL}  cue: [another]\n`;
const ANOTHER = "---\nname: another\nrequest: POST /v1.41/containers/web/resize?h=1&w=1\nresponse: 200 OK\n";
const EVENTS = `---
request: GET /v1.41/events
response: {status: 200 OK, headers: {Content-Type: application/json}}
stream:
  - cue: kill
  - jsonl: {"Action":"die"}
  - mark: said
  - eof: client
`;
const wait = (container: string, during = DURING): string => `---
${during}request: POST /v1.41/containers/${container}/wait
response: {status: 200 OK, headers: {Content-Type: application/json}}
stream:
  - jsonl: {"StatusCode":137}
`;

async function sends(theatre: Theatre, line: string): Promise<Peer> {
  const client = theatre.client();
  await client.sends(request(line));
  await waitForQuiet();
  return client;
}

async function stateAt(theatre: Theatre, path: string): Promise<string | undefined> {
  return /"State":"(\w+)"/.exec(await theatre.asks(request(`GET ${path}`)))?.[1];
}

const tellsByEvent = async (theatre: Theatre): Promise<Peer> => {
  const events = await sends(theatre, "GET /v1.41/events");
  const killer = await sends(theatre, "POST /v1.41/containers/web/kill");
  await events.hearsUpTo("die");
  return killer;
};
const tellsByWait = async (theatre: Theatre, container = "web"): Promise<Peer> => {
  const killer = await sends(theatre, "POST /v1.41/containers/web/kill");
  expect(await theatre.asks(request(`POST /v1.41/containers/${container}/wait`))).toContain("137");
  return killer;
};

const TOLD: readonly [how: string, recorded: string, tells: (theatre: Theatre) => Promise<Peer>][] = [
  ["an event", EVENTS + BY_EVENT, tellsByEvent],
  ["a wait", AFTER_ANOTHER + wait("web") + ANOTHER, tellsByWait],
];

const READS: readonly [what: string, before: string, after: string, sees: readonly string[]][] = [
  ["what was recorded after it", read(LIST, "running"), read(LIST, "exited"), ["exited", "exited"]],
  ["what was recorded after it alone", "", read(LIST, "exited"), ["exited"]],
  ["what is there now, where nothing was recorded after it", read(LIST, "running"), "", ["running"]],
  [
    "what was recorded while it was under way",
    read(LIST, "running"),
    read(LIST, "exiting", DURING) + read(LIST, "exited"),
    ["exiting"],
  ],
];

for (const [how, recorded, tells] of TOLD) {
  test.each(READS)(`a client that was told by ${how} sees %s`, async (_, before, after, states) => {
    const theatre = new Theatre(before + recorded + after);
    const killer = await tells(theatre);
    await killer.hearsNothing();
    for (const state of states) expect(await stateAt(theatre, LIST)).toBe(state);
  });

  test(`a client that was told by ${how} is answered in a strict replay`, async () => {
    const theatre = new Theatre(read(LIST, "running") + recorded + read(LIST, "exited"), { isStrict: true });
    await tells(theatre);
    expect(await stateAt(theatre, LIST)).toBe("exited");
  });
}

test("until it was told, a client sees what was there before", async () => {
  const theatre = new Theatre(read(LIST, "running") + AFTER_ANOTHER + wait("web") + ANOTHER + read(LIST, "exited"));
  const killer = await sends(theatre, "POST /v1.41/containers/web/kill");
  await killer.hearsNothing();
  expect(await stateAt(theatre, LIST)).toBe("running");
});

test("the end of another container tells nothing", async () => {
  const theatre = new Theatre(read(LIST, "running") + AFTER_ANOTHER + wait("db") + ANOTHER + read(LIST, "exited"));
  await tellsByWait(theatre, "db");
  expect(await stateAt(theatre, LIST)).toBe("running");
});

test("what was seen under way, but before an end that was told, is past", async () => {
  const reads = read(INSPECT, "running", DURING);
  const theatre = new Theatre(AFTER_ANOTHER + reads + wait("web") + ANOTHER + read(INSPECT, "exited"));
  const killer = await sends(theatre, "POST /v1.41/containers/web/kill");
  expect(await stateAt(theatre, INSPECT)).toBe("running");
  await theatre.asks(request("POST /v1.41/containers/web/wait"));
  await killer.hearsNothing();
  expect(await stateAt(theatre, INSPECT)).toBe("exited");
});
