/**
 * What upserve/docker-api (the Ruby client) kept stumbling over when its tests were recorded with VCR and webmock, which
 * know only requests with bodies (its issues and its spec/vcr, where these five had to be skipped or faked).
 */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { SidecarRef } from "../../src/cassette/model.ts";
import { openCassette } from "../../src/cassette/read.ts";
import { Deck } from "../../src/replay/deck/deck.ts";
import { replay } from "../../src/replay/responder.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import {
  encodeChunkedAnswer,
  encodeJsonAnswer,
  encodeTextChunk,
  encodeTextFrame,
  RAW_STREAM,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { createRecordedScene, createReplayedScene, type Scenario } from "../playbook/scenario.ts";
import { HEADER, Studio } from "../playbook/studio.ts";
import { TestClock } from "../playbook/test-clock.ts";
import { Theatre } from "../playbook/theatre.ts";

/** Records the scenario, and plays it back twice: a replay must not depend on the one before it. */
async function recordThenReplayTwice(scenario: Scenario): Promise<string> {
  const studio = new Studio();
  await scenario(createRecordedScene(studio));
  const cassette = await studio.exchanges();
  for (let time = 0; time < 2; time += 1) {
    const theatre = new Theatre(studio.store.text, { sidecars: studio.store.sidecars });
    await scenario(createReplayedScene(theatre));
    await waitForQuiet();
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [], stalled: [], differing: [], problems: [] });
  }
  return cassette;
}

test("hijacked sockets: attach with stdin, exec with a terminal, and their half-closed ends", async () => {
  const cassette = await recordThenReplayTwice(async ({ talk }) => {
    const [attach, exec] = [await talk(), await talk()];
    await attach.asks(upgradeRequest("POST /v1.41/containers/c/attach?stdin=1&stdout=1&stream=1"));
    await attach.answers(UPGRADED);
    await exec.asks(upgradeRequest("POST /v1.41/exec/e/start", '{"Tty":true}'));
    await exec.answers(UPGRADED, "root@c:/# ");
    await attach.asks("foo\nbar\n");
    await exec.asks("exit\r");
    await attach.clientEnds();
    await attach.answers(encodeTextFrame("stdout", "foo\n"), encodeTextFrame("stderr", "bar\n"));
    await exec.answers("exit\r\n");
    await exec.daemonEnds();
    await attach.daemonEnds();
  });
  expect(cassette.match(/^ {2}- eof: .*$/gm)).toEqual(["  - eof: client", "  - eof: daemon", "  - eof: daemon"]);
});

test("client timeouts: a client that gives up is no error, and the next one waits as long", async () => {
  const cassette = await recordThenReplayTwice(async ({ talk, passes }) => {
    const [impatient, patient] = [await talk(), await talk()];
    const wait = request("POST /v1.41/containers/c/wait");
    await impatient.asks(wait);
    await impatient.answers(encodeChunkedAnswer("200 OK"));
    await passes(60_000);
    await impatient.clientLeaves();
    await patient.asks(request("POST /v1.41/containers/d/wait"));
    await patient.answers(encodeChunkedAnswer("200 OK"), encodeTextChunk('{"StatusCode":0}\n'), "0\r\n\r\n");
  });
  expect(cassette).toContain("stream:\n  - eof: client\n");
});

test("a client that hangs up on /events gets the same events again, and no more than those", async () => {
  const cassette = await recordThenReplayTwice(async ({ talk, passes }) => {
    const [events, other] = [await talk(), await talk()];
    await events.asks(request("GET /v1.41/events"));
    await events.answers(encodeChunkedAnswer("200 OK"));
    for (const verb of ["start", "stop"]) {
      await other.asks(request(`POST /v1.41/containers/c/${verb}`));
      await events.answers(encodeTextChunk(`{"status":"${verb}"}\n`));
      await passes(20);
      await other.answers(encodeJsonAnswer("200 OK", "null\n"));
    }
    await events.clientLeaves();
  });
  expect(cassette).toContain(
    '  - cue: start\n  - jsonl: {"status":"start"}\n  - mark: said\n  - cue: stop\n  - jsonl: {"status":"stop"}\n  - mark: said-2\n  - eof: client\n',
  );
});

test("4xx responses: each in its own shape, as often as it is requested", async () => {
  await recordThenReplayTwice(async ({ talk }) => {
    const [api, attach, again] = [await talk(), await talk(), await talk()];
    await api.asks(request("GET /v1.41/containers/nope/json"));
    await api.answers(encodeJsonAnswer("404 Not Found", '{"message":"No such container: nope"}\n'));
    await api.asks(request("POST /v1.41/containers/c/stop"));
    await api.answers(encodeJsonAnswer("409 Conflict", '{"message":"conflict"}\n'));
    for (const line of [attach, again]) {
      await line.asks(upgradeRequest("POST /v1.41/containers/nope/attach?stream=1"));
      await line.answers(`HTTP/1.1 404 Not Found\r\nContent-Type: ${RAW_STREAM}\r\n\r\nNo such container: nope\r\n`);
      await line.daemonEnds();
    }
  });
});

test("exports of any size are played in constant memory, at the client's pace", async () => {
  const [pieceSize, count] = [256 * 1024, 160];
  const piece = Buffer.alloc(pieceSize, "tar");
  const total = createHash("sha256");
  for (let at = 0; at < count; at += 1) total.update(piece);
  const sha256 = total.digest("hex");
  let read = 0;
  const pieces = async function* (_: SidecarRef): AsyncGenerator<Buffer> {
    for (; read < count; read += 1) yield Buffer.from(piece);
  };
  const cassette = `${HEADER}---\nrequest: GET /v1.41/containers/c/export\nresponse:\n  status: 200 OK\n  headers: {Content-Type: application/octet-stream}\n  file: {path: run/export.tar, size: ${pieceSize * count}, sha256: ${sha256}}\n`;
  const deck = new Deck(openCassette(Buffer.from(cassette), "run.yaml"), { pieces });
  const [client, far] = connectionPair();
  void createDaemon(replay(() => [deck], { clock: new TestClock() }))(far);
  void client.write(request("GET /v1.41/containers/c/export"));

  await waitForQuiet();
  expect(read, "pieces read while nobody takes them").toBeLessThan(8);
  const heard = createHash("sha256");
  let body = Buffer.alloc(0);
  let isBody = false;
  for (let left = pieceSize * count; left > 0; ) {
    body = Buffer.concat([body, (await client.read()) as Buffer]);
    if (!isBody) {
      body = body.subarray(body.indexOf("\r\n\r\n") + 4);
      isBody = true;
    }
    for (;;) {
      const end = body.indexOf("\r\n");
      const size = end === -1 ? 0 : Number.parseInt(body.toString("latin1", 0, end), 16);
      if (size === 0 || body.length < end + 2 + size + 2) break;
      expect(size).toBe(32 * 1024);
      heard.update(body.subarray(end + 2, end + 2 + size));
      left -= size;
      body = body.subarray(end + 2 + size + 2);
    }
  }
  expect(heard.digest("hex")).toBe(sha256);
});
