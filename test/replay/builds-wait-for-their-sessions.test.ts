import { describe, expect, test } from "vitest";
import { encodeHead, request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { Theatre } from "../playbook/theatre.ts";

const UUID = "k3x9f2q7ab1k3x9f2q7ab1xyz";
const BUILD = `---
request: POST /v1.41/build?version=2&session=recorded&buildid=1
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: {"stream":"built"}
`;
const session = (...events: readonly string[]): string => `---
request:
  line: POST /session
  headers: {Upgrade: h2c}
response:
  status: 101 UPGRADED
  head:
    - "Connection: Upgrade"
    - "Upgrade: h2c"
stream:
${events.map((event) => `  - ${event}\n`).join("")}`;
const SESSION = session(
  'text: "files, please"',
  "stdin: {redacted: 20}",
  'text: "thanks"',
  "eof: client",
  "eof: daemon",
);

async function builds(theatre: Theatre, query = `version=2&session=${UUID}&buildid=2`): Promise<Peer> {
  const client = theatre.client();
  await client.sends(request(`POST /v1.41/build?${query}`));
  return client;
}

async function opens(theatre: Theatre, uuid = UUID): Promise<Peer> {
  const client = theatre.client();
  const fields = ["Connection: Upgrade", "Upgrade: h2c", `X-Docker-Expose-Session-Uuid: ${uuid}`];
  await client.sends(request("POST /session", { headers: fields }));
  await client.hears(encodeHead("HTTP/1.1 101 UPGRADED", ["Connection: Upgrade", "Upgrade: h2c"]));
  return client;
}

async function speaks(client: Peer): Promise<void> {
  await client.hears("files, please");
  await client.sends("x".repeat(20));
  await client.hears("thanks");
}

describe("a build of BuildKit", () => {
  test("is answered when its session has ended, whichever comes first", async () => {
    for (const isBuildFirst of [true, false]) {
      const theatre = new Theatre(BUILD + SESSION);
      const early = isBuildFirst ? await builds(theatre) : undefined;
      const other = await opens(theatre);
      const build = early ?? (await builds(theatre));
      await build.hearsNothing();
      await speaks(other);
      await build.hearsUpTo('{"stream":"built"}\n');
      await other.closesItsHalf();
      await other.hearsEnd();
      expect(theatre.report).toMatchObject({ missed: [], stalled: [], unplayed: [] });
    }
  });

  test("does not wait for the session of another build", async () => {
    const theatre = new Theatre(BUILD + SESSION);
    const [build, other] = [await builds(theatre), await opens(theatre, "another")];
    await speaks(other);
    await build.hearsNothing();
  });

  test("is answered if its session ends early, or if the client leaves it", async () => {
    for (const end of ["eof: daemon", "reset"]) {
      const theatre = new Theatre(BUILD + session('text: "sorry"', end));
      const build = await builds(theatre);
      await opens(theatre);
      await build.hearsUpTo('{"stream":"built"}\n');
    }
    const theatre = new Theatre(BUILD + SESSION);
    const [build, other] = [await builds(theatre), await opens(theatre)];
    await other.breaksOff();
    await build.hearsUpTo('{"stream":"built"}\n');
  });

  test("is answered after ten seconds, if its session never comes", async () => {
    const theatre = new Theatre(BUILD);
    const build = await builds(theatre);
    await theatre.passes(9_999);
    await build.hearsNothing();
    await theatre.passes(1);
    await build.hearsUpTo('{"stream":"built"}\n');
  });

  test.each([
    ["of the old builder", ""],
    ["without a session", "version=2"],
  ])("%s waits for nothing", async (_, query) => {
    const theatre = new Theatre(BUILD.replace("version=2&session=recorded&buildid=1", query));
    const build = await builds(theatre, query);
    await build.hearsUpTo('{"stream":"built"}\n');
    expect(theatre.clock.sleepers).toBe(0);
  });
});

describe("the client's bytes in a session are counted", () => {
  test("in whatever pieces they arrive; bytes beyond a count go to the next one", async () => {
    const theatre = new Theatre(
      session("stdin: {redacted: 4}", 'text: "a"', "stdin: {redacted: 4}", 'text: "b"', "eof: daemon"),
    );
    const client = await opens(theatre);
    for (const piece of ["1", "23"]) await client.sends(piece);
    await client.hearsNothing();
    await client.sends("4567");
    await client.hears("a");
    await client.hearsNothing();
    await client.sends("8");
    await client.hears("b");
    await client.hearsEnd();
  });

  test("and each piece starts the timeout anew", async () => {
    const theatre = new Theatre(session("stdin: {redacted: 10}", 'text: "a"', "eof: daemon"));
    const client = await opens(theatre);
    for (let time = 0; time < 3; time += 1) {
      await client.sends("x");
      await theatre.passes(499);
      await client.hearsNothing();
    }
    await theatre.passes(500);
    await client.hears("a");
    await client.hearsEnd();
  });
});
