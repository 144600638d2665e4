/** Bodies are sent from memory that is used again: each connection says when it needs it no more. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCassette } from "../../src/cassette/read.ts";
import { createDeck } from "../../src/modes/load-deck.ts";
import { lendBytes } from "../../src/session/connection.ts";
import { createCassettePath } from "./recordings.ts";
import { catchError } from "./temporary.ts";
import { type Ends, readSome, transports } from "./transports.ts";

const SIZE = 300_000;
const COUNT = 20;

describe.each(transports)("over %s", (_name, open) => {
  let ends: Ends;

  beforeEach(async () => {
    ends = await open();
  });
  afterEach(() => ends.close());

  test("what is written over lent memory does not change what was sent", async () => {
    const sending = sendFromOneBuffer(ends.server);
    const received = await readSome(ends.client, COUNT * SIZE);
    await sending;
    const pieces = Array.from({ length: COUNT }, (_, at) => received.subarray(at * SIZE, (at + 1) * SIZE));
    for (const [at, piece] of pieces.entries()) expect(piece.equals(Buffer.alloc(SIZE, at))).toBe(true);
  });

  test("a client that leaves gives memory back", async () => {
    const lent = sendFromOneBuffer(ends.server);
    await readSome(ends.client, SIZE);
    ends.client.reset();
    await lent;
    expect(ends.server.isGone).toBe(true);
  });
});

async function sendFromOneBuffer(connection: Ends["server"]): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(SIZE);
  for (let at = 0; at < COUNT; at += 1) {
    await lendBytes(connection, buffer.fill(at));
    // Whoever still reads from it sees this.
    buffer.fill("x");
  }
}

/** Not two pieces of it are equal. */
const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, at) => `${at}`.padStart(9, ".")).join("\n"));

describe("a sidecar that is read into memory which is used again", () => {
  const sizes = [10_001, 64 * 1024 + 1, CONTENT.length, 2 * CONTENT.length + 2];
  test.each(sizes)("is whole when that has %i bytes", async (size) => {
    const pieces: Buffer[] = [];
    for await (const piece of readSidecar(CONTENT, Buffer.alloc(size))) pieces.push(Buffer.from(piece));
    expect(Buffer.concat(pieces).equals(CONTENT)).toBe(true);
  });

  test("is not begun when one byte differs", async () => {
    const { code } = await catchError(async () => {
      for await (const _ of readSidecar(Buffer.concat([CONTENT.subarray(1), CONTENT.subarray(0, 1)])))
        throw new Error("a byte came");
    });
    expect(code).toBe("WHALESONG_SIDECAR_DIGEST");
  });
});

function readSidecar(found: Buffer, into?: Buffer): AsyncIterable<Buffer> {
  const cassette = createCassettePath();
  const ref = { path: "run/big.bin", size: CONTENT.length, sha256: createHash("sha256").update(CONTENT).digest("hex") };
  mkdirSync(join(dirname(cassette), "run"));
  writeFileSync(join(dirname(cassette), ref.path), found);
  const deck = createDeck(openCassette(Buffer.from("whalesong: 1\n"), cassette), cassette, {});
  return deck.run.pieces(ref, { into });
}
