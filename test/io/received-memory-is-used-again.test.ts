/** V8 sees little of the memory that sockets receive into, and would leave 60 MB of garbage behind a large transfer. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { BufferCollector } from "../../src/io/buffer-collector.ts";
import { createSocketUrl, listen } from "../../src/io/listen/listen.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/upstream.ts";
import type { Connection } from "../../src/session/connection.ts";

const SIZE = 256 * 1024 * 1024;
/** Both ends of the connection are in this process, and so is what is on its way. */
const MOST_MEMORY = 24 * 1024 * 1024;

test("what was received and read takes little memory, however much it is", async () => {
  const listener = await listen(createSocketUrl(), sendAll);
  const before = process.memoryUsage().arrayBuffers;
  const client = await connect(parseUpstream(listener.url));
  let [received, most] = [0, 0];
  for (let bytes = await client.read(); bytes !== undefined; bytes = await client.read()) {
    received += bytes.length;
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  client.end();
  await listener.close();
  expect(received).toBe(SIZE);
  expect(most).toBeLessThan(MOST_MEMORY);
  expect(globalThis.gc).toBeUndefined();
});

test.each([8, 16, 64])("pieces of %i KiB take little memory, however many: sockets of macOS give 8", (kib) => {
  const [collector, size] = [new BufferCollector(), kib * 1024];
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let received = 0; received < SIZE; received += size) {
    collector.note(Buffer.allocUnsafeSlow(size).length);
    if (received % (1024 * 1024) === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  expect(most).toBeLessThan(MOST_MEMORY);
});

test("a program that was started with `--expose-gc` keeps the flag", () => {
  process.execArgv.push("--expose-gc");
  setFlagsFromString("--expose-gc");
  try {
    new BufferCollector().note(SIZE);
    expect(runInNewContext("typeof gc")).toBe("function");
  } finally {
    process.execArgv.pop();
    setFlagsFromString("--no-expose-gc");
  }
});

async function sendAll(connection: Connection): Promise<void> {
  const piece = Buffer.alloc(256 * 1024, 7);
  for (let sent = 0; sent < SIZE; sent += piece.length) await connection.write(piece);
}
