import { expect, test } from "vitest";
import { encodeChunkedAnswer, encodeTextChunk, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const STATS = "GET /v1.41/containers/web/stats";
const HEAD = encodeChunkedAnswer("200 OK");

function stats(...events: readonly string[]): string {
  const stream = events.map((event) => `  - ${event}\n`).join("");
  return `---
request: ${STATS}
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  framing: chunked
stream:
${stream}`;
}

test("a stream with `hold` writes nothing more, stays open, and is no stall", async () => {
  const theatre = new Theatre(stats('jsonl: {"n":1}', "hold"));
  const client = theatre.client();
  await client.sends(request(STATS));
  await client.hears(HEAD, encodeTextChunk('{"n":1}\n'));
  await theatre.passes(60_000);
  await client.hearsNothing();
  expect(theatre.report.stalled).toEqual([]);
  await client.closesItsHalf();
  await client.hearsEnd();
});

test("a stream with `repeat` writes its output again after each pause, until the client leaves", async () => {
  const theatre = new Theatre(stats('jsonl: {"n":1}', 'jsonl: {"n":2}', "repeat: 1s"));
  const client = theatre.client();
  await client.sends(request(STATS));
  const round = encodeTextChunk('{"n":1}\n') + encodeTextChunk('{"n":2}\n');
  await client.hears(HEAD, round);
  for (let times = 0; times < 3; times += 1) {
    await client.hearsNothing();
    await theatre.passes(1000);
    await client.hears(round);
  }
  await client.closesItsHalf();
  await client.hearsEnd();
  expect(theatre.report).toMatchObject({ played: 1, stalled: [] });
});

test("a repetition keeps the pauses of what it repeats", async () => {
  const events = ['jsonl: {"n":1}', "wait: 300ms", 'jsonl: {"n":2}', "repeat: 1s"];
  const theatre = new Theatre(stats(...events), { tempo: { scale: 1, maxWaitMs: Number.POSITIVE_INFINITY } });
  const client = theatre.client();
  await client.sends(request(STATS));
  await client.hears(HEAD, encodeTextChunk('{"n":1}\n'));
  await theatre.passes(300);
  await client.hears(encodeTextChunk('{"n":2}\n'));
  await theatre.passes(1000);
  await client.hears(encodeTextChunk('{"n":1}\n'));
  await client.hearsNothing();
  await theatre.passes(300);
  await client.hears(encodeTextChunk('{"n":2}\n'));
});
