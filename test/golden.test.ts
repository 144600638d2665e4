import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Exchange } from "../src/cassette/model.ts";
import { readCassette } from "../src/io/disk/read-cassette.ts";
import { computeWebsocketAccept } from "../src/wire/websocket.ts";
import { Script, WEBSOCKET_KEY } from "./golden/bytes.ts";
import { GOLDEN, goldenPath } from "./golden/cassettes.ts";
import type { Heard } from "./golden/heard.ts";
import { inMemory } from "./golden/rehearsal.ts";
import { ROADS } from "./golden/roads.ts";
import { walk } from "./golden/walk.ts";

const NOTHING_WRONG = { missed: [], unplayed: [], stalled: [], differing: [], problems: [] };

it("has at least ten conversations", () => {
  expect(GOLDEN.length).toBeGreaterThanOrEqual(10);
});

describe.each(GOLDEN)("%s", (name) => {
  const path = goldenPath(name);
  const exchanges = readCassette(path).entries.map((entry) => entry.readExchange());

  it("is byte for byte the same whenever it is replayed, on every road", async () => {
    const heard = await Promise.all(ROADS.map((road) => road.travel(path)));
    const [first = []] = heard;
    expect(first).toHaveLength(exchanges.length);
    for (const [at, { name }] of ROADS.entries()) {
      const carried = first.map((one, exchange) => (heard[at]?.[exchange] === undefined ? undefined : one));
      expect(rawOf(heard[at]), name).toEqual(rawOf(carried));
    }
  });

  it("is played whole, and nothing else", async () => {
    const stage = await inMemory(path);
    await walk(path, stage);
    expect(await stage.report()).toMatchObject({ ...NOTHING_WRONG, played: exchanges.length });
  });

  it("says what the recording says", async () => {
    const heard = await walk(path, await inMemory(path));
    for (const [at, exchange] of exchanges.entries()) await expectAsRecorded(exchange, heard[at] as Heard);

    async function expectAsRecorded(exchange: Exchange, { raw, head, statusLine, payload }: Heard): Promise<void> {
      const { request, response, stream = [] } = exchange;
      if (response === undefined) return expect(raw).toHaveLength(0);
      const script = new Script(path);
      expect(statusLine).toBe(`HTTP/1.1 ${response.status} ${response.reason}`);
      for (const field of response.exactHead ?? response.headers) expect(head).toContain(`\r\n${lineOf(field)}\r\n`);
      const body = request.method === "HEAD" ? undefined : response.body;
      const spoken = await Promise.all(stream.map((event) => script.spoken(event)));
      const expected = Buffer.concat([...(body === undefined ? [] : [await script.content(body)]), ...spoken]);
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

function rawOf(heard: readonly (Heard | undefined)[] = []): readonly (string | undefined)[] {
  return heard.map((one) => one?.raw.toString("latin1"));
}

/** The one field of a head that follows today's request. */
function lineOf([name, value]: readonly [string, string]): string {
  return `${name}: ${name === "Sec-WebSocket-Accept" ? computeWebsocketAccept(WEBSOCKET_KEY) : value}`;
}
