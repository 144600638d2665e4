/**
 * What another client was told before an answer came is told before that again, and a stop that ended because of
 * another request ends because of it again. Nothing waits for long for what does not come.
 */
import { describe, expect, test } from "vitest";
import { encodeChunkedAnswer, encodeTextChunk, NO_CONTENT, request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Theatre, type TheatreOptions } from "../playbook/theatre.ts";

const lines = (events: readonly string[]): string => events.map((event) => `  - ${event}\n`).join("");
const told = (...events: readonly string[]): string => `---
request: GET /v1.41/events
response: {status: 200 OK, headers: {Content-Type: application/json}}
stream:
${lines(events)}`;
const change = (path: string, more = "", name = "change"): string => `---
name: ${name}
request: POST /v1.41${path}
response:
  status: 204 No Content
${more}`;
const UNTIL = "  until: [said]\n";
const START = change("/containers/web/start", UNTIL);
const TOLD = 'jsonl: {"Action":"start"}';
const HEARD = encodeTextChunk('{"Action":"start"}\n');

async function follows(theatre: Theatre): Promise<Peer> {
  const client = theatre.client();
  await client.sends(request("GET /v1.41/events"));
  await client.hears(encodeChunkedAnswer("200 OK"));
  return client;
}

async function posts(theatre: Theatre, path = "/containers/web/start"): Promise<Peer> {
  const client = theatre.client();
  await client.sends(request(`POST /v1.41${path}`));
  await waitForQuiet();
  return client;
}

describe("an answer that comes after what events tell", () => {
  const open = async (cassette: string, options: TheatreOptions = {}): Promise<{ theatre: Theatre; events: Peer }> => {
    const theatre = new Theatre(cassette, options);
    return { theatre, events: await follows(theatre) };
  };

  test.each([
    ["a start", "/containers/web/start"],
    ["a create", "/containers/create?name=web"],
    ["a network's removal", "/networks/prune"],
    ["a tag", "/images/web/tag?repo=x"],
    ["an exec", "/containers/web/exec"],
  ])("of %s leaves the client of the events 20 ms to read", async (_, path) => {
    const { theatre, events } = await open(
      told("cue: change", TOLD, "mark: said", "eof: client") + change(path, UNTIL),
    );
    // Not longer on a busy machine: other clients see the change under way until it is answered.
    theatre.clock.load = 10;
    const client = await posts(theatre, path);
    await events.hears(HEARD);
    await theatre.passes(19);
    await client.hearsNothing();
    await theatre.passes(1);
    await client.hears(NO_CONTENT);
  });

  test("does not keep the pace of a stream that its client left", async () => {
    const { theatre, events } = await open(
      told("cue: change", "wait: 200ms", 'jsonl: {"a":1}', "wait: 200ms", TOLD, "mark: said", "eof: client") + START,
    );
    await posts(theatre);
    await events.hearsUpTo("start");
  });

  test("hurries a stream that pauses already", async () => {
    const { theatre, events } = await open(
      told('jsonl: {"a":1}', "wait: 200ms", "cue: change", TOLD, "mark: said", "eof: client") + START,
    );
    await events.hears(encodeTextChunk('{"a":1}\n'));
    await events.hearsNothing();
    await posts(theatre);
    await events.hears(HEARD);
  });

  test("hurries a stream that is behind, though it is answered already", async () => {
    const { theatre, events } = await open(
      told("cue: first", 'jsonl: {"a":1}', "wait: 200ms", 'jsonl: {"a":2}', "cue: change", TOLD, "eof: client") +
        change("/containers/db/start", "", "first") +
        START.replace(UNTIL, ""),
    );
    await posts(theatre);
    await posts(theatre, "/containers/db/start");
    await events.hearsUpTo("start");
  });

  test("keeps the pace of what comes behind that", async () => {
    const { theatre, events } = await open(
      told("cue: change", "wait: 200ms", TOLD, "mark: said", "wait: 200ms", TOLD, "eof: client") + START,
    );
    await posts(theatre);
    await events.hears(HEARD);
    await theatre.passes(199);
    await events.hearsNothing();
    await theatre.passes(1);
    await events.hears(HEARD);
  });

  test.each<[string, string, (events: Peer) => Promise<unknown>]>([
    ["is left", 'cue: change\n  - cue: never\n  - jsonl: {"a":1}', (events) => events.breaksOff()],
    [
      "was left before it told of it",
      'cue: never\n  - jsonl: {"a":1}\n  - cue: change',
      (events) => events.breaksOff(),
    ],
  ])("does not wait for a stream that %s", async (_, before, leaves) => {
    const never = change("/containers/x/start", "", "never");
    const { theatre, events } = await open(told(before, TOLD, "mark: said", "eof: client") + START + never);
    await leaves(events);
    await (await posts(theatre)).hears(NO_CONTENT);
  });

  test("does not wait for a stream that no client has requested", async () => {
    const theatre = new Theatre(told("cue: change", TOLD, "mark: said", "eof: client") + START);
    await (await posts(theatre)).hears(NO_CONTENT);
    expect(theatre.report.stalled).toEqual([]);
  });

  test("does not wait for a stream that waits for a request from before it", async () => {
    const { theatre } = await open(
      told("cue: first", 'jsonl: {"a":1}', "cue: change", TOLD, "mark: said", "eof: client") +
        change("/containers/db/start", "", "first") +
        START,
    );
    await (await posts(theatre)).hears(NO_CONTENT);
  });

  const SIDE_BY_SIDE =
    told("cue: first", "cue: change", 'jsonl: {"a":1}', TOLD, "mark: said", "eof: client") +
    change("/containers/db/start", "", "first") +
    START +
    change("/containers/web/kill", "  until: [said]\n", "again");

  test("waits for a stream that waits for a request that was made together with it", async () => {
    const { theatre } = await open(SIDE_BY_SIDE);
    const client = await posts(theatre);
    await client.hearsNothing();
    await posts(theatre, "/containers/db/start");
    await theatre.passes(20);
    await client.hears(NO_CONTENT);
  });

  /** The stream is on its way to the mark for either change. */
  const REACHABLE = SIDE_BY_SIDE.replace("cue: change", "cue: change\n  - cue: again");

  test("waits no longer than two seconds, and only once for a stream that stands still", async () => {
    const { theatre } = await open(REACHABLE);
    const client = await posts(theatre);
    await theatre.passes(1999);
    await client.hearsNothing();
    await theatre.passes(1);
    await client.hears(NO_CONTENT);
    await (await posts(theatre, "/containers/web/kill")).hears(NO_CONTENT);
    expect(theatre.report.missed).toEqual([]);
  });

  test("still waits for a stream that another client has waited for and left", async () => {
    const { theatre } = await open(REACHABLE);
    const client = await posts(theatre);
    await client.breaksOff();
    await waitForQuiet();
    const other = await posts(theatre, "/containers/web/kill");
    await other.hearsNothing();
    await posts(theatre, "/containers/db/start");
    await theatre.passes(20);
    await other.hears(NO_CONTENT);
  });

  test("goes on waiting when two things that look alike have changed places", async () => {
    const { theatre } = await open(SIDE_BY_SIDE);
    const client = await posts(theatre);
    for (const { run } of theatre.decks) run.marks.wakeAll();
    await client.hearsNothing();
    await posts(theatre, "/containers/db/start");
    await theatre.passes(20);
    await client.hears(NO_CONTENT);
  });

  test("is in the report while it waits, and the client may leave", async () => {
    const { theatre } = await open(SIDE_BY_SIDE);
    const client = await posts(theatre);
    expect(theatre.report.stalled).toContainEqual(expect.stringContaining("waits for `said`"));
    await client.breaksOff();
    await waitForQuiet();
    expect(theatre.report.stalled).not.toContainEqual(expect.stringContaining("/web/start waits"));
  });
});

describe("a wait's result", () => {
  const RESULT = `---
request: POST /v1.41/containers/web/wait
response: {status: 200 OK, headers: {Content-Type: application/json}}
stream:
  - until: said
  - jsonl: {"StatusCode":0}
`;
  const result = encodeTextChunk('{"StatusCode":0}\n');

  async function waits(theatre: Theatre): Promise<Peer> {
    const client = await posts(theatre, "/containers/web/wait");
    await client.hears(encodeChunkedAnswer("200 OK"));
    return client;
  }

  test("comes after what events tell of the end", async () => {
    const theatre = new Theatre(told(TOLD, "mark: said", "eof: client") + RESULT);
    const events = await follows(theatre);
    await events.hears(HEARD);
    await theatre.passes(15);
    const client = await waits(theatre);
    await client.hearsNothing();
    await theatre.passes(5);
    await client.hears(result);
  });

  test("does not wait for events that no client follows", async () => {
    const theatre = new Theatre(told(TOLD, "mark: said", "eof: client") + RESULT);
    await (await waits(theatre)).hears(result);
  });
});

describe.each(["stop?t=200", "restart?t=200"])("a %s that was answered after a kill", (verb) => {
  const path = `/containers/web/${verb}`;
  const cassette = change(path, "  wait: 500ms\n  cue: [kill]\n", "slow") + change("/containers/web/kill", "", "kill");

  test("is answered after the kill", async () => {
    const theatre = new Theatre(cassette);
    const client = await posts(theatre, path);
    await client.hearsNothing();
    await (await posts(theatre, "/containers/web/kill")).hears(NO_CONTENT);
    await client.hears(NO_CONTENT);
  });

  test("is answered at once if the kill has come before", async () => {
    const theatre = new Theatre(cassette);
    await posts(theatre, "/containers/web/kill");
    await (await posts(theatre, path)).hears(NO_CONTENT);
  });

  test("waits two seconds longer than it was recorded to take", async () => {
    const theatre = new Theatre(cassette);
    const client = await posts(theatre, path);
    await theatre.passes(2499);
    await client.hearsNothing();
    await theatre.passes(1);
    await client.hears(NO_CONTENT);
  });

  test("keeps its own pace where the tempo does", async () => {
    const theatre = new Theatre(cassette, { tempo: { scale: 1, maxWaitMs: 1e9 } });
    const client = await posts(theatre, path);
    await theatre.passes(300);
    await posts(theatre, "/containers/web/kill");
    await theatre.passes(199);
    await client.hearsNothing();
    await theatre.passes(1);
    await client.hears(NO_CONTENT);
  });
});
