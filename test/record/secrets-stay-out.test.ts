import { describe, expect, test } from "vitest";
import {
  answer,
  encodeChunkedAnswer,
  encodeHead,
  encodeJsonAnswer,
  encodeJsonRequest,
  encodeTextChunk,
  LAST_CHUNK,
  request,
} from "../playbook/http.ts";
import { createRecordedScene, createReplayedScene, type Scenario } from "../playbook/scenario.ts";
import { Studio } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";

const SECRET = "hunter2hunter2";
const BIG = `"Pad":"${"p".repeat(40_000)}"`;

interface Row {
  readonly what: string;
  readonly scenario: Scenario;
  /** What stands in the cassette instead. */
  readonly expected: string;
}

function asking(question: Buffer, reply: string): Scenario {
  return async ({ talk }) => {
    const { asks, answers } = await talk();
    await asks(question);
    await answers(reply);
  };
}

const OK = encodeJsonAnswer("200 OK", "{}\n");

const ROWS: readonly Row[] = [
  {
    what: "X-Registry-Auth",
    scenario: asking(request("POST /v1.41/images/create?fromImage=a", { headers: [`X-Registry-Auth: ${SECRET}`] }), OK),
    expected: "headers: {X-Registry-Auth: <redacted>}",
  },
  {
    what: "X-Registry-Config",
    scenario: asking(request("POST /v1.41/build?remote=a", { headers: [`X-Registry-Config: ${SECRET}`] }), OK),
    expected: "headers: {X-Registry-Config: <redacted>}",
  },
  {
    what: "headers of the client's own",
    scenario: asking(
      request("GET /v1.41/version", { headers: [`X-Meta-Secret: ${SECRET}`, `Authorization: Basic ${SECRET}`] }),
      OK,
    ),
    expected: "request: GET /v1.41/version\n",
  },
  {
    what: "a login",
    scenario: asking(encodeJsonRequest("POST /v1.41/auth", { username: "me", password: SECRET }), OK),
    expected: '{"username":"me","password":"<redacted:1>"}',
  },
  {
    what: "a login that is larger than what is kept in the text",
    scenario: asking(request("POST /v1.41/auth", { body: `{"password":"${SECRET}",${BIG}}` }), OK),
    expected: '"password":"<redacted:1>"',
  },
  {
    what: "a login that is no JSON",
    scenario: asking(request("POST /v1.41/auth", { body: `password=${SECRET}` }), OK),
    expected: 'text: "<redacted>"',
  },
  {
    what: "a secret's data",
    scenario: asking(
      encodeJsonRequest("POST /v1.41/secrets/create", { Name: "n", Data: SECRET }),
      encodeJsonAnswer("201 Created", '{"ID":"1"}\n'),
    ),
    expected: '"Data":"PHJlZGFjdGVkOjE+"',
  },
  {
    what: "a token to join a swarm",
    scenario: asking(encodeJsonRequest("POST /v1.41/swarm/join", { JoinToken: SECRET }), OK),
    expected: '"JoinToken":"<redacted:1>"',
  },
];

describe.each(ROWS)("$what", ({ scenario, expected }) => {
  test("reaches neither the cassette nor the store, and matches any other in a replay", async () => {
    const studio = new Studio();
    await scenario(createRecordedScene(studio));
    const cassette = await studio.exchanges();
    expect(cassette).toContain(expected);
    for (const written of studio.store.written) expect(written.includes(SECRET)).toBe(false);
    const theatre = new Theatre(studio.store.text, { sidecars: studio.store.sidecars });
    await scenario(createReplayedScene(theatre));
    expect(theatre.misses).toEqual([]);
  });
});

describe("a response that holds secrets", () => {
  const TOKENS = `{"ID":"1","JoinTokens":{"Worker":"${SECRET}","Manager":"${SECRET}"}}\n`;
  const BLANKED = TOKENS.replaceAll(SECRET, "<redacted:1>");

  test.each([
    { how: "with its length", reply: encodeJsonAnswer("200 OK", TOKENS), played: encodeJsonAnswer("200 OK", BLANKED) },
    {
      how: "in one chunk",
      reply: encodeChunkedAnswer("200 OK") + encodeTextChunk(TOKENS) + LAST_CHUNK,
      played: encodeChunkedAnswer("200 OK") + encodeTextChunk(BLANKED) + LAST_CHUNK,
    },
    {
      how: "in odd chunks",
      reply:
        encodeChunkedAnswer("200 OK") +
        encodeTextChunk(TOKENS.slice(0, 45)) +
        encodeTextChunk(TOKENS.slice(45)) +
        LAST_CHUNK,
      played: encodeChunkedAnswer("200 OK") + encodeTextChunk(BLANKED) + LAST_CHUNK,
    },
    {
      how: "under a head that is kept exactly",
      reply: encodeHead("HTTP/1.1 200 OK", [`content-length: ${TOKENS.length}`, "x-proxy: 1"]) + TOKENS,
      played: encodeHead("HTTP/1.1 200 OK", [`content-length: ${BLANKED.length}`, "x-proxy: 1"]) + BLANKED,
    },
  ])("$how is blanked, and is still well framed when it is played", async ({ reply, played }) => {
    const studio = new Studio();
    const { client, daemon } = await studio.line();
    const question = request("GET /v1.41/swarm");
    await client.sends(question);
    await daemon.hears(question);
    await daemon.sends(reply);
    await client.hears(reply);
    await studio.finish();
    for (const written of studio.store.written) expect(written.includes(SECRET)).toBe(false);
    const player = new Theatre(studio.store.text).client();
    await player.sends(question);
    await player.hears(played);
    await player.hearsNothing();
  });

  test("that breaks off in the middle is blanked whole", async () => {
    const studio = new Studio();
    const { client, daemon } = await studio.line();
    await client.sends(request("GET /v1.41/swarm/unlockkey"));
    await daemon.hearsUpTo("\r\n\r\n");
    await daemon.sends(answer("200 OK", { late: ["Content-Length: 100"], body: `{"UnlockKey":"${SECRET}` }));
    await client.hearsUpTo(SECRET);
    await daemon.breaksOff();
    expect(await studio.exchanges()).toContain('- text: "<redacted>"\n');
    for (const written of studio.store.written) expect(written.includes(SECRET)).toBe(false);
  });
});

test("a BuildKit session that cannot be read leaves no trace, and goes on", async () => {
  const studio = new Studio();
  const scenario: Scenario = async ({ talk }) => {
    const { asks, answers, daemonEnds } = await talk();
    await asks(request("POST /session", { headers: ["Connection: Upgrade", "Upgrade: h2c"] }));
    await answers(
      encodeHead("HTTP/1.1 101 Switching Protocols", ["Connection: Upgrade", "Upgrade: h2c"]),
      "PRI * HTTP/2.0\r\n\r\n",
    );
    await asks(`\n\x08wireuser\x12\x08${SECRET}`);
    await answers("bye");
    await daemonEnds();
  };
  await scenario(createRecordedScene(studio));
  expect((await studio.exchanges()).trim()).toBe("");
  for (const written of studio.store.written) expect(written.includes(SECRET)).toBe(false);
});
