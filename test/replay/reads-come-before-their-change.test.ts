/**
 * `docker compose up` lists containers in one thread and starts one in another. On a slow machine the list comes while the
 * start is under way, and in the replay before it: it is held until the start comes, since no other answer fits.
 */
import { describe, expect, test } from "vitest";
import { encodeJsonAnswer, encodeJsonRequest, NO_CONTENT, request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Theatre } from "../playbook/theatre.ts";

const ID = "c".repeat(64);
const LIST = "/v1.41/containers/json?all=1";

const list = (names: readonly string[], during = ""): string =>
  `---\n${during === "" ? "" : `during: ${during}\n`}request: GET ${LIST}\nresponse:\n  status: 200 OK\n  headers: {Content-Type: application/json}\n  json: ${JSON.stringify(names)}\n`;
const create = `---
name: create
request:
  line: POST /v1.41/containers/create?name=job
  json-bare: {"Image":"x"}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {"Id":"${ID}"}
`;
const change = (verb: string): string =>
  `---\nname: ${verb}\nrequest: POST /v1.41/containers/job/${verb}\nresponse: 204 No Content\n`;

async function creates(client: Peer): Promise<void> {
  await client.sends(encodeJsonRequest("POST /v1.41/containers/create?name=job", { Image: "x" }));
  await client.hears(encodeJsonAnswer("201 Created", `{"Id":"${ID}"}\n`));
}

async function does(client: Peer, verb: string): Promise<void> {
  await client.sends(request(`POST /v1.41/containers/job/${verb}`));
  await client.hears(NO_CONTENT);
}

const asks = (client: Peer): Promise<void> => client.sends(request(`GET ${LIST}`));
const sees = (client: Peer, names: readonly string[]): Promise<void> =>
  client.hears(encodeJsonAnswer("200 OK", `${JSON.stringify(names)}\n`));

const RACE = list([]) + create + change("start") + list(["job"], "start");

describe("a read that was recorded while a change was under way", () => {
  test.each([
    ["after a read of before the thing was made", RACE],
    ["without any other", create + change("start") + list(["job"], "start")],
    ["during a change before it, too", list([]) + create + change("start") + list(["job"], "[create, start]")],
  ])("is held until the change comes, %s", async (_, cassette) => {
    const theatre = new Theatre(cassette);
    const [main, monitor] = [theatre.client(), theatre.client()];
    if (cassette.includes("[]")) {
      await asks(main);
      await sees(main, []);
    }
    await creates(main);
    await asks(monitor);
    await waitForQuiet();
    await monitor.hearsNothing();
    expect(theatre.report.stalled).toEqual([expect.stringContaining("`start`")]);
    await does(main, "start");
    await sees(monitor, ["job"]);
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [], stalled: [] });
  });

  test("is still held when another exchange has taken the place of one", async () => {
    const theatre = new Theatre(RACE);
    const [main, monitor] = [theatre.client(), theatre.client()];
    await creates(main);
    await asks(monitor);
    await waitForQuiet();
    for (const { run } of theatre.decks) run.cues.wakeAll();
    await waitForQuiet();
    await monitor.hearsNothing();
    await does(main, "start");
    await sees(monitor, ["job"]);
  });

  test("is answered from another cassette that has an answer for now", async () => {
    const theatre = new Theatre([RACE, list(["other"])], { isStrict: true });
    const [main, monitor] = [theatre.client(), theatre.client()];
    await creates(main);
    await asks(monitor);
    await sees(monitor, ["other"]);
  });

  test("is held for the next client when one has left", async () => {
    const theatre = new Theatre(RACE);
    const [main, first, second] = [theatre.client(), theatre.client(), theatre.client()];
    await creates(main);
    await asks(first);
    await theatre.passes(1000);
    await first.breaksOff();
    await waitForQuiet();
    await asks(second);
    await theatre.passes(1500);
    await second.hearsNothing();
    await does(main, "start");
    await sees(second, ["job"]);
  });

  test("is held in a strict replay, and is no miss", async () => {
    const theatre = new Theatre(RACE, { isStrict: true });
    const [main, monitor] = [theatre.client(), theatre.client()];
    await creates(main);
    await asks(monitor);
    await does(main, "start");
    await sees(monitor, ["job"]);
    expect(theatre.report.missed).toEqual([]);
  });

  test("is answered from the latest earlier era when the change has not come for two seconds", async () => {
    const theatre = new Theatre(RACE);
    const [main, monitor] = [theatre.client(), theatre.client()];
    await asks(main);
    await sees(main, []);
    await creates(main);
    await asks(monitor);
    await theatre.passes(1900);
    await monitor.hearsNothing();
    await theatre.passes(100);
    await sees(monitor, []);
    expect(theatre.report.stalled).toEqual([]);
    // One that polls is held once.
    await asks(monitor);
    await sees(monitor, []);
  });

  test.each([
    [
      "the recording has an answer for now",
      list([]) + create + list(["made"]) + change("start") + list(["job"], "start"),
    ],
    [
      "another change comes before that one",
      list(["made"]) + create + change("kill") + change("start") + list(["job"], "start"),
    ],
    ["it was recorded when the change was over", list(["made"]) + create + change("start") + list(["job"])],
  ])("is not held where %s", async (_, cassette) => {
    const theatre = new Theatre(cassette);
    const [main, monitor] = [theatre.client(), theatre.client()];
    await creates(main);
    await asks(monitor);
    await sees(monitor, ["made"]);
  });
});
