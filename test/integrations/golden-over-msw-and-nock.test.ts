/** What msw and nock can carry of the golden cassettes reaches a client as it does over a socket. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { Exchange } from "../../src/cassette/model.ts";
import type { CassetteEntry } from "../../src/cassette/read.ts";
import { isHijacked } from "../../src/cassette/response-head.ts";
import { readCassette } from "../../src/io/disk/read-cassette.ts";
import { toTypedPath } from "../../src/io/typed-path.ts";
import { playCassette } from "../golden/cassette-client.ts";
import { GOLDEN, goldenPath } from "../golden/cassettes.ts";
import type { ClientOutput } from "../golden/client-output.ts";
import { ExpectedBytes } from "../golden/expected-bytes.ts";
import { openSocket } from "../golden/replay-targets.ts";
import { type LibraryTransport, ROADS } from "./library-transports.ts";
import { ObservedResponse } from "./observed-response.ts";

const TABLE = GOLDEN.flatMap((name) => (["msw", "nock"] as const).map((road) => ({ name, road })));

describe.each(TABLE)("$name over $road", ({ name, road }) => {
  const path = goldenPath(name);
  // Builds by BuildKit are no requests that a library could carry.
  const entries = readCassette(path).entries.filter(({ method }) => method !== "GRPC");
  const exchanges = entries.map((entry) => entry.readExchange());

  test("sends the bytes of a socket, and refuses exchanges that leave HTTP", async () => {
    // Before the library stands in the way: nock 15 is in that of bare sockets, too.
    const overTheSocket = await replayOverSocket(path);
    const way = ROADS[road](path);
    onTestFinished(() => way.leave());
    const heard = await walkOver(way, exchanges, new ExpectedBytes(path));
    for (const [at, exchange] of exchanges.entries()) {
      const { line, index } = entries[at] as CassetteEntry;
      if (isHijack(exchange)) expectRefused(heard[at] as ObservedResponse, `${toTypedPath(path)}:${line}`);
      else
        expect(describeFields(heard[at] as ObservedResponse)).toEqual(
          describeBody(overTheSocket[index] as ClientOutput, exchange),
        );
    }
    const refused = exchanges.filter(isHijack).map(({ request }) => request.target);
    const { missed, stalled, problems } = way.docker.report();
    expect(missed.map(({ code, target }) => `${code} ${target}`)).toEqual(
      refused.map((target) => `WHALESONG_NOT_CARRIED ${target}`),
    );
    expect(problems).toEqual([]);
    // msw 2 and nock 14 do not tell that a client has left.
    expect(stalled.filter((stall) => !stall.endsWith("waits for the client to close"))).toEqual([]);
  });
});

async function replayOverSocket(path: string): Promise<readonly ClientOutput[]> {
  const stage = await openSocket(path);
  const heard = await playCassette(path, stage);
  await stage.report();
  return heard;
}

/** Asks for all in recorded order. Who waits for what comes later is left waiting. */
async function walkOver(
  way: LibraryTransport,
  exchanges: readonly Exchange[],
  script: ExpectedBytes,
): Promise<readonly ObservedResponse[]> {
  const heard: ObservedResponse[] = [];
  for (const exchange of exchanges) {
    const before = countOutcome(way);
    const hearing = await ObservedResponse.request(exchange, script);
    heard.push(hearing);
    await waitUntil(() => hearing.hasEnded || (isLong(exchange) && countOutcome(way) > before));
  }
  for (const [at, exchange] of exchanges.entries()) {
    const hearing = heard[at] as ObservedResponse;
    const size = isLeft(exchange) ? await sizeOf(exchange, script) : Number.POSITIVE_INFINITY;
    await waitUntil(() => hearing.hasEnded || hearing.body.length >= size);
    hearing.leave();
  }
  return heard;
}

function countOutcome({ docker }: LibraryTransport): number {
  const { played, missed } = docker.report();
  return played + missed.length;
}

function isLong({ response, stream = [] }: Exchange): boolean {
  return (
    (response?.cues ?? []).length > 0 ||
    stream.some(({ kind }) => kind === "cue" || kind === "until") ||
    isLeft({ response, stream } as Exchange)
  );
}

/** A stream that its client ends. */
function isLeft({ stream = [] }: Exchange): boolean {
  return stream.some((event) => event.kind === "cut" || (event.kind === "eof" && event.side === "client"));
}

function isHijack({ response }: Exchange): boolean {
  return response !== undefined && isHijacked(response);
}

async function sizeOf({ stream = [] }: Exchange, script: ExpectedBytes): Promise<number> {
  const spoken = await Promise.all(stream.map((event) => script.encodeOutput(event)));
  return Buffer.concat(spoken).length;
}

function describeFields({ status, reason, fields, body }: ObservedResponse): unknown {
  return { status: `${status} ${reason}`, fields, body: body.toString("latin1") };
}

/** A body that ends with the connection is given an end of its own: the library's connection stays open. */
function describeBody({ statusLine, head, payload }: ClientOutput, { response }: Exchange): unknown {
  const framing = response?.framing === "close" ? [["Transfer-Encoding", "chunked"]] : [];
  const fields = head
    .split("\r\n")
    .slice(1, -1)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]);
  return {
    status: statusLine.slice("HTTP/1.1 ".length),
    fields: [...fields, ...framing],
    body: payload.toString("latin1"),
  };
}

function expectRefused({ status, body }: ObservedResponse, place: string): void {
  expect(status).toBe(501);
  expect(body.toString()).toContain(place);
  expect(body.toString()).toContain("whalesong/intercept");
}

async function waitUntil(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 8000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
