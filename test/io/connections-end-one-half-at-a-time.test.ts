import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Ends, readAll, readSome, transports } from "./transports.ts";

const PIECE = Buffer.alloc(64 * 1024, "w");
/** Far more than the kernel and we hold together. */
const FLOOD = 64 * 1024 * 1024;

/** Writes until there is no more room; returns what was written and the promise of room. */
function fill(connection: Ends["client"]): { written: number; room: Promise<void> | undefined } {
  let [written, room]: [number, Promise<void> | undefined] = [0, undefined];
  while (room === undefined && written < FLOOD) {
    room = connection.write(PIECE);
    written += PIECE.length;
  }
  return { written, room };
}

/** Writes as long as room is given within a turn of the event loop or two; returns when the peer truly holds it back. */
async function fillToTheBrim(connection: Ends["client"]): Promise<{ written: number; room: Promise<void> }> {
  for (let total = 0; ; ) {
    const { written, room } = fill(connection);
    total += written;
    if (room === undefined || total > FLOOD) throw new Error(`${total} bytes were taken without a reader`);
    const isHeld = await Promise.race([room.then(() => false), turns(50).then(() => true)]);
    if (isHeld) return { written: total, room };
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(transports)("a connection over %s", (name, open) => {
  let ends: Ends;

  beforeEach(async () => {
    ends = await open();
  });
  afterEach(() => ends.close());

  test("carries bytes both ways", async () => {
    const { client, server } = ends;
    expect(client.write(Buffer.from("ping"))).toBeUndefined();
    expect(String(await readSome(server, 4))).toBe("ping");
    server.write(Buffer.from("pong"));
    expect(String(await readSome(client, 4))).toBe("pong");
  });

  test("gives each read the piece that one write sent", async () => {
    const { client, server } = ends;
    for (const word of ["one", "two", "three"]) {
      client.write(Buffer.from(word));
      expect(String(await server.read())).toBe(word);
    }
  });

  test("lets the server speak on after the client has closed its half", async () => {
    const { client, server } = ends;
    client.write(Buffer.from("last words"));
    client.end();
    expect(String(await readAll(server))).toBe("last words");
    expect([server.isGone, server.isBroken, client.isGone]).toEqual([false, false, false]);
    server.write(Buffer.from("an answer"));
    expect(String(await readSome(client, 9))).toBe("an answer");
    server.end();
    expect(await client.read()).toBeUndefined();
    await Promise.all([client.closed, server.closed]);
    expect([client.isGone, client.isBroken]).toEqual([true, false]);
  });

  test("lets the client speak on after the server has closed its half", async () => {
    const { client, server } = ends;
    server.end();
    expect(await client.read()).toBeUndefined();
    client.write(Buffer.from("still here"));
    expect(String(await readSome(server, 10))).toBe("still here");
    client.end();
    expect(await server.read()).toBeUndefined();
    await Promise.all([client.closed, server.closed]);
  });

  test("drops what is written after the end", async () => {
    const { client, server } = ends;
    client.end();
    expect(client.write(Buffer.from("too late"))).toBeUndefined();
    client.end();
    expect(await server.read()).toBeUndefined();
  });

  test("holds a writer back until its peer reads, and loses nothing", async () => {
    const { client, server } = ends;
    const { written, room } = await fillToTheBrim(client);
    expect(written).toBeLessThan(FLOOD / 2);
    client.end();
    const heard = await readAll(server);
    await room;
    expect(heard.length).toBe(written);
  });

  test.each(["client", "server"] as const)("lets a waiting writer go when the %s resets", async (side) => {
    const { room } = await fillToTheBrim(ends.client);
    ends[side].reset();
    await room;
    await ends.client.closed;
    expect(ends.client.isGone).toBe(true);
    expect(ends.client.write(PIECE)).toBeUndefined();
  });

  test("ends the peer's reading when it is reset", async () => {
    const { client, server } = ends;
    const reading = server.read();
    client.reset();
    expect(client.isGone).toBe(true);
    expect(await reading).toBeUndefined();
    expect(await client.read()).toBeUndefined();
    // A unix socket and TLS know no reset: their peer sees an end (unix(7)).
    expect(server.isBroken).toBe(name === "memory" || name === "tcp");
    server.write(PIECE);
    server.write(PIECE);
    server.end();
    await Promise.all([client.closed, server.closed]);
  });

  test("closes when it is reset right after its end", async () => {
    const { client, server } = ends;
    client.write(Buffer.from("x"));
    client.end();
    client.reset();
    server.end();
    await readAll(server);
    await Promise.all([client.closed, server.closed]);
  });

  test("survives a peer that has gone while it writes", async () => {
    const { client, server } = ends;
    server.reset();
    while (!client.isGone) {
      await client.write(PIECE);
      await turns(1);
    }
    await client.closed;
  });

  test("keeps what has arrived for a reader that comes late", async () => {
    const { client, server } = ends;
    client.write(Buffer.from("early"));
    client.end();
    server.end();
    await turns(20);
    expect(String(await readAll(server))).toBe("early");
  });

  test("refuses a second read while one is waiting", async () => {
    const first = ends.server.read();
    await expect(ends.server.read()).rejects.toThrow("one read at a time");
    ends.client.end();
    expect(await first).toBeUndefined();
  });
});
