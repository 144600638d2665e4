/** An event that tells of a container's end comes behind the output of those that are attached to it. */
import { describe, expect, test } from "vitest";
import {
  encodeChunkedAnswer,
  encodeTextChunk,
  encodeTextFrame,
  RAW_STREAM,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { Theatre, type TheatreOptions } from "../playbook/theatre.ts";

const ID = "95f0c628712edabd8a627dcd69613ecbbe81ed85d1198c1495eab28738bf0534";
const ATTACH = `POST /v1.41/containers/${ID}/attach?stream=1`;
const lines = (events: readonly string[]): string => events.map((event) => `  - ${event}\n`).join("");
const attached = (...events: readonly string[]): string => `---
request: ${ATTACH}
response: {status: 101 UPGRADED, headers: {Content-Type: ${RAW_STREAM}}}
stream:
${lines(events)}`;
const told = (...events: readonly string[]): string => `---
request: GET /v1.41/events
response: {status: 200 OK, headers: {Content-Type: application/json}}
stream:
${lines(events)}`;
const DIED = `{"status":"die","id":"${ID}","Type":"container","Action":"die","Actor":{"ID":"${ID}"}}`;
const OLD_DIED = `{"status":"die","id":"${ID}"}`;
const OTHER_DIED = DIED.replaceAll("95f0", "17f0");
const STARTED = DIED.replaceAll("die", "start");
/** A request that no client makes here. */
const NEVER = `---
name: never
request: POST /v1.41/containers/${ID}/start
response: {status: 204 No Content}
`;
const OUTPUT = ['stdin: "go\\n"', 'stdout: "simple\\n"', "eof: daemon"];

interface Clients {
  readonly theatre: Theatre;
  readonly attach: Peer;
  readonly events: Peer;
}

async function open(event: string, output: readonly string[] = OUTPUT, options: TheatreOptions = {}): Promise<Clients> {
  const theatre = new Theatre(attached(...output) + told(`jsonl: ${event}`, "eof: client") + NEVER, options);
  const attach = theatre.client();
  await attach.sends(upgradeRequest(ATTACH));
  await attach.hears(UPGRADED);
  const events = theatre.client();
  await events.sends(request("GET /v1.41/events"));
  await events.hears(encodeChunkedAnswer("200 OK"));
  return { theatre, attach, events };
}

describe("a container's `die`", () => {
  test.each([
    ["of today", DIED],
    ["of API 1.21", OLD_DIED],
  ])("%s comes behind its output, and 20 ms later", async (_, event) => {
    const { theatre, attach, events } = await open(event);
    await events.hearsNothing();
    await attach.sends("go\n");
    await attach.hears(encodeTextFrame("stdout", "simple\n"));
    await attach.hearsEnd();
    await theatre.passes(19);
    await events.hearsNothing();
    await theatre.passes(1);
    await events.hears(encodeTextChunk(`${event}\n`));
  });

  test("is told after two seconds where the output does not come, and is not waited for again", async () => {
    const { theatre, attach, events } = await open(DIED);
    await theatre.passes(1999);
    await events.hearsNothing();
    await theatre.passes(1);
    await events.hears(encodeTextChunk(`${DIED}\n`));
    const late = theatre.client();
    await late.sends(request("GET /v1.41/events"));
    await late.hears(encodeChunkedAnswer("200 OK"), encodeTextChunk(`${DIED}\n`));
    await attach.breaksOff();
  });

  test("comes when the attached client has left", async () => {
    const { theatre, attach, events } = await open(DIED);
    await attach.breaksOff();
    await theatre.passes(20);
    await events.hears(encodeTextChunk(`${DIED}\n`));
  });

  test("is on the list of waits meanwhile", async () => {
    const { theatre } = await open(DIED);
    expect(theatre.decks.flatMap(({ run }) => run.waits.stalls.map(({ awaits }) => awaits))).toContain(
      "the output of a container that ends",
    );
  });
});

describe("an event does not wait", () => {
  test.each([
    ["that tells of another container's end", OTHER_DIED, OUTPUT],
    ["that tells of no end", STARTED, OUTPUT],
    ["where the client ended the output", DIED, ['stdin: "go\\n"', 'stdout: "simple\\n"', "eof: client"]],
    ["where the output waits for a request that has not come", DIED, ["cue: never", ...OUTPUT]],
  ])("%s", async (_, event, output) => {
    const { events } = await open(event, output);
    await events.hears(encodeTextChunk(`${event}\n`));
  });
});
