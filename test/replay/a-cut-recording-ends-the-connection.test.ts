/** A recording that was stopped in the middle of an answer has half of it. What comes of that depends on who asked. */
import { describe, expect, test } from "vitest";
import { parseTempo } from "../../src/replay/play/tempo.ts";
import {
  encodeChunkedAnswer,
  encodeJsonAnswer,
  encodeTextChunk,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Studio } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";

const JSON_OF_100 = encodeJsonAnswer("200 OK", "x".repeat(100));
/** More than a connection holds for who does not read. */
const BIG = Buffer.alloc(300_000, "swim ").toString();

const DOWNLOAD = {
  what: "a download in chunks",
  asked: request("GET /v1.41/images/busybox/get"),
  answered: encodeChunkedAnswer("200 OK", ["Content-Type: application/x-tar"]) + encodeTextChunk(BIG),
};

/** What has an end, and was recorded without it. */
const HALVES = [
  { what: "a body with a length", asked: request("GET /v1.41/info"), answered: JSON_OF_100.slice(0, -60) },
  { what: "a head without its body", asked: request("GET /v1.41/info"), answered: JSON_OF_100.slice(0, -100) },
  DOWNLOAD,
  {
    what: "a pull",
    asked: request("POST /v1.41/images/create?fromImage=busybox"),
    answered: `${encodeChunkedAnswer("200 OK")}${encodeTextChunk('{"status":"Pulling"}\r\n')}`,
  },
];

/** What may go on for ever. */
const ENDLESS = [
  {
    what: "events",
    asked: request("GET /v1.41/events"),
    answered: `${encodeChunkedAnswer("200 OK")}${encodeTextChunk('{"Action":"die"}\n')}`,
  },
  {
    what: "logs",
    asked: request("GET /v1.41/containers/web/logs?follow=1&stdout=1"),
    answered: encodeChunkedAnswer("200 OK") + encodeTextChunk("\x01\0\0\0\0\0\0\x02ok"),
  },
  { what: "a hijack", asked: upgradeRequest("POST /v1.41/containers/web/attach"), answered: `${UPGRADED}$ ` },
];

/** Recorded until `answered` had passed. */
async function cutAfter(asked: Buffer, answered: string, onHang?: (warning: string) => void): Promise<Theatre> {
  const studio = new Studio();
  const { client, daemon } = await studio.line();
  await client.sends(asked);
  await daemon.hears(asked);
  await daemon.sends(answered);
  await client.hears(answered);
  expect(await studio.finish()).toMatchObject({ exchanges: 1, truncated: 1, dropped: 0 });
  return new Theatre(studio.store.text, { sidecars: studio.store.sidecars, ...(onHang && { onHang }) });
}

describe.each(HALVES)("$what", ({ asked, answered }) => {
  test("is written as far as it was recorded; then the connection closes, and the report names the stream", async () => {
    const theatre = await cutAfter(asked, answered);
    const client = theatre.client();
    await client.sends(asked);
    expect(withoutChunks(await client.hearsAll())).toBe(withoutChunks(answered));
    expect(theatre.report).toMatchObject({ played: 1, unplayed: [], missed: [], differing: [] });
    expect(theatre.report.stalled).toEqual([expect.stringContaining(" waits for what was not recorded")]);
  });
});

test("a client that leaves a download early is no stall", async () => {
  const theatre = await cutAfter(DOWNLOAD.asked, DOWNLOAD.answered);
  const client = theatre.connect();
  void client.write(DOWNLOAD.asked);
  await waitForQuiet();
  client.reset();
  await waitForQuiet();
  expect(theatre.report).toMatchObject({ played: 1, stalled: [] });
});

describe.each(ENDLESS)("$what", ({ asked, answered }) => {
  async function watch(): Promise<{ theatre: Theatre; client: Peer; warnings: string[] }> {
    const warnings: string[] = [];
    const theatre = await cutAfter(asked, answered, (warning) => void warnings.push(warning));
    const client = theatre.client();
    await client.sends(asked);
    await client.hears(answered);
    return { theatre, client, warnings };
  }

  test("writes nothing more and stays open until the client leaves", async () => {
    const { theatre, client, warnings } = await watch();
    await client.hearsNothing();
    await theatre.passes(1000);
    await client.closesItsHalf();
    await client.hearsEnd();
    for (let seconds = 0; seconds < 9; seconds += 1) await theatre.passes(1000);
    expect([warnings, theatre.report.stalled]).toEqual([[], []]);
  });

  test("a client that hangs is told of once, and stays in the report when it was ended", async () => {
    const { theatre, client, warnings } = await watch();
    for (let seconds = 0; seconds < 9; seconds += 1) await theatre.passes(1000);
    await waitForQuiet();
    expect(warnings).toEqual([
      expect.stringMatching(/waits for what was not recorded: .*\(run\.yaml:\d+\).*Record it anew/),
    ]);
    await client.hearsNothing();
    await client.closesItsHalf();
    await client.hearsEnd();
    expect(theatre.report).toMatchObject({ missed: [], problems: [], stalled: [expect.any(String)] });
  });
});

test("a client that follows while other requests come does not hang", async () => {
  const warnings: string[] = [];
  const theatre = new Theatre(
    "---\nrequest: GET /v1.41/events\nresponse: 200 OK\nstream:\n  - cut\n---\nrequest: GET /v1.41/info\nresponse: 200 OK\n",
    { onHang: (warning) => void warnings.push(warning) },
  );
  const follower = theatre.client();
  await follower.sends(request("GET /v1.41/events"));
  for (let seconds = 0; seconds < 9; seconds += 1) {
    await theatre.passes(1000);
    if (seconds % 2 === 0) await theatre.asks(request("GET /v1.41/info"));
  }
  expect(warnings).toEqual([]);
  for (let seconds = 0; seconds < 4; seconds += 1) await theatre.passes(1000);
  await waitForQuiet();
  expect(warnings).toHaveLength(1);
});

test("a client that follows while another answer takes its time does not hang", async () => {
  const warnings: string[] = [];
  const theatre = new Theatre(
    "---\nrequest: GET /v1.41/events\nresponse: 200 OK\nstream:\n  - cut\n---\nrequest: POST /v1.41/containers/web/wait\nresponse:\n  wait: 9s\n  status: 200 OK\n  json: {StatusCode: 0}\n",
    { onHang: (warning) => void warnings.push(warning), tempo: parseTempo("recorded") },
  );
  const follower = theatre.client();
  await follower.sends(request("GET /v1.41/events"));
  await theatre.client().sends(request("POST /v1.41/containers/web/wait"));
  for (let seconds = 0; seconds < 8; seconds += 1) await theatre.passes(1000);
  await waitForQuiet();
  expect(warnings).toEqual([]);
  for (let seconds = 0; seconds < 6; seconds += 1) await theatre.passes(1000);
  await waitForQuiet();
  expect(warnings).toHaveLength(1);
});

/** A long stretch of bytes is played in chunks of another size than it was recorded in. */
function withoutChunks(answer: string): string {
  return answer.replaceAll(/(?<=\r\n)[0-9a-f]+\r\n|(?<=[^\n])\r\n(?=[0-9a-f]+\r\n|$)/g, "");
}
