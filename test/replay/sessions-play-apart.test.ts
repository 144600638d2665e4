import { describe, expect, test } from "vitest";
import { NO_CONTENT, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const START = "POST /v1.41/containers/web/start";
const INSPECT = "GET /v1.41/containers/web/json";
const CASSETTE = `---
request: ${INSPECT}
response:
  status: 200 OK
  text: created
---
request: ${START}
response: 204 No Content
---
request: ${INSPECT}
response:
  status: 200 OK
  text: running
`;

function said(line: string, session?: string): Buffer {
  return request(line, session === undefined ? {} : { headers: [`Whalesong-Session: ${session}`] });
}

async function control(theatre: Theatre, line: string, session?: string): Promise<Record<string, unknown>> {
  const [, body = ""] = (await theatre.asks(said(line, session))).split("\r\n\r\n");
  return JSON.parse(body) as Record<string, unknown>;
}

describe("sessions", () => {
  test("each plays a change once, and reads in its own era", async () => {
    const theatre = new Theatre(CASSETTE);
    expect(await theatre.asks(said(START, "a"))).toBe(NO_CONTENT);
    expect(await theatre.asks(said(INSPECT, "a"))).toMatch(/running$/);
    expect(await theatre.asks(said(INSPECT, "b"))).toMatch(/created$/);
    expect(await theatre.asks(said(INSPECT))).toMatch(/created$/);
    expect(await theatre.asks(said(START, "b"))).toBe(NO_CONTENT);
    expect(await theatre.asks(said(START, "b"))).toMatch(/WHALESONG_PLAYED_ALREADY/);
    expect(await theatre.asks(said(START))).toBe(NO_CONTENT);
  });

  test("what any session has played counts as played, and every miss counts", async () => {
    const theatre = new Theatre(CASSETTE);
    await theatre.asks(said(INSPECT, "a"));
    await theatre.asks(said(START, "b"));
    await theatre.asks(said("GET /v1.41/info", "b"));
    expect(theatre.report).toMatchObject({
      exchanges: 3,
      played: 2,
      unplayed: [],
      missed: [{ target: "/v1.41/info" }],
    });
  });

  test("one session can be inspected and rewound", async () => {
    const theatre = new Theatre(CASSETTE);
    await theatre.asks(said(START, "a"));
    await theatre.asks(said(START, "b"));
    expect(await control(theatre, "GET /_whalesong/state")).toMatchObject({
      cassettes: [{ played: 0 }],
      sessions: ["a", "b"],
    });
    expect(await control(theatre, "GET /_whalesong/state", "a")).toMatchObject({ cassettes: [{ played: 1 }] });
    await control(theatre, "POST /_whalesong/rewind", "a");
    expect(await theatre.asks(said(START, "a"))).toBe(NO_CONTENT);
    expect(await theatre.asks(said(START, "b"))).toMatch(/WHALESONG_PLAYED_ALREADY/);
  });

  test("a rewind without a name drops all sessions", async () => {
    const theatre = new Theatre(CASSETTE);
    await theatre.asks(said(START, "a"));
    expect(await control(theatre, "POST /_whalesong/rewind")).toMatchObject({ sessions: [] });
    expect(await theatre.asks(said(START, "a"))).toBe(NO_CONTENT);
  });

  test("insert and eject act on all sessions", async () => {
    const other = `---\nrequest: GET /v1.41/version\nresponse: 200 OK\n`;
    const theatre = new Theatre(CASSETTE, { library: { "other.yaml": other } });
    const body = '{"cassette":"other.yaml"}';
    await theatre.asks(said(START, "a"));
    await theatre.asks(request("POST /_whalesong/insert", { body }));
    for (const session of [undefined, "a", "new"])
      expect(await theatre.asks(said("GET /v1.41/version", session))).toMatch(/^HTTP\/1.1 200/);
    await theatre.asks(request("POST /_whalesong/eject", { body }));
    for (const session of [undefined, "a", "new", "newer"])
      expect(await theatre.asks(said("GET /v1.41/version", session))).toMatch(/^HTTP\/1.1 501/);
  });
});

describe("every connection", () => {
  test("plays from the start, for all its requests", async () => {
    const theatre = new Theatre(CASSETTE, { isPerConnection: true });
    const [one, other] = [theatre.client(), theatre.client()];
    for (const client of [one, other]) {
      await client.sends(said(START));
      await client.hears(NO_CONTENT);
    }
    await one.sends(said(INSPECT));
    expect(await one.hearsUpTo("running")).toMatch(/200 OK/);
    expect(theatre.report).toMatchObject({ exchanges: 3, played: 2, missed: [] });
  });
});
