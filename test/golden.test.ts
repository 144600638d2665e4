import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hideMachine } from "../scripts/hide-machine.js";
import type { Exchange } from "../src/cassette/model.ts";
import { readCassette } from "../src/io/disk/read-cassette.ts";
import { computeWebsocketAccept } from "../src/wire/streams/websocket.ts";
import { expectBuilderOutput } from "./golden/builder-clients.ts";
import { playCassette } from "./golden/cassette-client.ts";
import { GOLDEN, goldenPath } from "./golden/cassettes.ts";
import type { ClientOutput } from "./golden/client-output.ts";
import { ExpectedBytes, WEBSOCKET_KEY } from "./golden/expected-bytes.ts";
import { listBuilderDocuments, recordReplay } from "./golden/record-replay.ts";
import { openInMemory } from "./golden/replay-targets.ts";
import { TRANSPORTS } from "./golden/transports.ts";

const NOTHING_WRONG = { missed: [], unplayed: [], stalled: [], differing: [], problems: [] };

it("has at least twenty conversations, half of them from each engine", () => {
  const engines = GOLDEN.map((name) => /Engine (\d+)/.exec(readFileSync(goldenPath(name), "utf8"))?.[1]);
  const [older, newer] = ["20", "28"].map((major) => engines.filter((engine) => engine === major).length);
  expect(GOLDEN.length).toBeGreaterThanOrEqual(20);
  expect(Math.abs((older ?? 0) - (newer ?? 0))).toBeLessThan(3);
});

describe.each(GOLDEN)("%s", (name) => {
  const path = goldenPath(name);
  const exchanges = readCassette(path).entries.map((entry) => entry.readExchange());

  it("is byte for byte the same whenever it is replayed, on every road", async () => {
    const heard = await Promise.all(TRANSPORTS.map((road) => road.playCassette(path)));
    const [first = []] = heard;
    expect(first).toHaveLength(exchanges.length);
    for (const [at, { name }] of TRANSPORTS.entries()) {
      const carried = first.map((one, exchange) => (heard[at]?.[exchange] === undefined ? undefined : one));
      expect(rawOf(heard[at]), name).toEqual(rawOf(carried));
    }
  });

  it("is played whole, and nothing else", async () => {
    const stage = await openInMemory(path);
    await playCassette(path, stage);
    expect(await stage.report()).toMatchObject({ ...NOTHING_WRONG, played: exchanges.length });
  });

  it("says what the recording says", async () => {
    const heard = await playCassette(path, await openInMemory(path));
    for (const [at, exchange] of exchanges.entries()) {
      const output = heard[at] as ClientOutput;
      if (exchange.request.method !== "GRPC") await expectAsRecorded(exchange, output);
      else expect(output.raw.toString("latin1")).toBe((await expectBuilderOutput(path, at)).toString("latin1"));
    }

    async function expectAsRecorded(
      exchange: Exchange,
      { raw, head, statusLine, payload }: ClientOutput,
    ): Promise<void> {
      const { request, response, stream = [] } = exchange;
      if (response === undefined) return expect(raw).toHaveLength(0);
      const script = new ExpectedBytes(path);
      expect(statusLine).toBe(`HTTP/1.1 ${response.status} ${response.reason}`);
      for (const field of response.exactHead ?? response.headers) expect(head).toContain(`\r\n${lineOf(field)}\r\n`);
      const body = request.method === "HEAD" ? undefined : response.body;
      const spoken = await Promise.all(stream.map((event) => script.encodeOutput(event)));
      const expected = Buffer.concat([...(body === undefined ? [] : [await script.readContent(body)]), ...spoken]);
      expect(payload.toString("latin1")).toBe(expected.toString("latin1"));
    }
  });

  if (exchanges.some(isOneBuild)) {
    it("has a build that is recorded from its replay as it was", async () => {
      const again = await recordReplay(path, await openInMemory(path));
      expect(listBuilderDocuments(again)).toEqual(listBuilderDocuments(readFileSync(path, "utf8")));
    });
  }

  it("says in its first line what it is, and nothing of the machine it comes from", () => {
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^# .{20,}\n/);
    expect(text).not.toMatch(/(?<![\w.-])\/(home|Users|work|root|mnt|tmp\/whalesong)\b/);
    expect(text).toBe(hideMachine(text));
  });
});

/** Of two at once, the one that tells of a step first decides how the document reads. */
function isOneBuild({ build }: Exchange): boolean {
  return build?.every((event) => !("build" in event) || event.build === 1) === true;
}

function rawOf(heard: readonly (ClientOutput | undefined)[] = []): readonly (string | undefined)[] {
  return heard.map((one) => one?.raw.toString("latin1"));
}

/** The one field of a head that follows today's request. */
function lineOf([name, value]: readonly [string, string]): string {
  return `${name}: ${name === "Sec-WebSocket-Accept" ? computeWebsocketAccept(WEBSOCKET_KEY) : value}`;
}
