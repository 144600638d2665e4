import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Exchange } from "../src/cassette/model.ts";
import { readCassette } from "../src/io/disk/read-cassette.ts";
import { computeWebsocketAccept } from "../src/wire/websocket.ts";
import { playCassette } from "./golden/cassette-client.ts";
import { GOLDEN, goldenPath } from "./golden/cassettes.ts";
import type { ClientOutput } from "./golden/client-output.ts";
import { ExpectedBytes, WEBSOCKET_KEY } from "./golden/expected-bytes.ts";
import { openInMemory } from "./golden/replay-targets.ts";
import { TRANSPORTS } from "./golden/transports.ts";

const NOTHING_WRONG = { missed: [], unplayed: [], stalled: [], differing: [], problems: [] };

it("has at least ten conversations", () => {
  expect(GOLDEN.length).toBeGreaterThanOrEqual(10);
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
    for (const [at, exchange] of exchanges.entries()) await expectAsRecorded(exchange, heard[at] as ClientOutput);

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

  it("says in its first line what it is, and nothing of the machine it comes from", () => {
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^# .{20,}\n/);
    expect(text).not.toMatch(/(?<![\w.-])\/(home|Users|work|root|mnt|tmp\/whalesong)\b/);
    expect(text).not.toMatch(/KernelVersion|OperatingSystem|MemTotal/);
  });
});

function rawOf(heard: readonly (ClientOutput | undefined)[] = []): readonly (string | undefined)[] {
  return heard.map((one) => one?.raw.toString("latin1"));
}

/** The one field of a head that follows today's request. */
function lineOf([name, value]: readonly [string, string]): string {
  return `${name}: ${name === "Sec-WebSocket-Accept" ? computeWebsocketAccept(WEBSOCKET_KEY) : value}`;
}
