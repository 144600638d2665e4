/**
 * The recorder's place in the traffic: a byte proxy. What is read on one side is written to the other before the
 * observer is shown it; nothing is parsed first, held back, gathered or sent again (docs/decisions/0002).
 */
import type { Connection, Daemon } from "../session/connection.ts";
import type { Observer } from "./observer.ts";
import type { Tape } from "./tape.ts";

/** Opens a connection to the daemon that is being recorded. */
export type Connect = () => Promise<Connection>;

export function relay(connect: Connect, tape: Tape): Daemon {
  return async (client) => {
    const upstream = await reach(connect, client);
    if (upstream === undefined) return;
    const observer = tape.observe();
    await Promise.all([
      carryRequests(client, upstream, observer, tape),
      carryResponses(client, upstream, observer, tape),
    ]);
    tape.release(observer);
  };
}

/** Told in the daemon's manner, so that the client prints it. */
async function reach(connect: Connect, client: Connection): Promise<Connection | undefined> {
  try {
    return await connect();
  } catch (error) {
    await client.read();
    void client.write(unreachable(error));
    client.end();
    return undefined;
  }
}

/** What is answered where there is no daemon to ask. */
export function unreachable(error: unknown): Buffer {
  const message = JSON.stringify({ message: `whalesong: ${error instanceof Error ? error.message : String(error)}` });
  const head = `HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(message)}\r\n\r\n`;
  return Buffer.from(head + message);
}

async function carryRequests(client: Connection, upstream: Connection, observer: Observer, tape: Tape): Promise<void> {
  await carry(client, upstream, (bytes) => {
    observer.client(bytes);
    tape.count("sent", bytes.length);
  });
  if (client.isBroken) {
    observer.clientLeft();
    upstream.reset();
  } else {
    observer.clientEnded();
    upstream.end();
  }
}

async function carryResponses(client: Connection, upstream: Connection, observer: Observer, tape: Tape): Promise<void> {
  const isWhole = await carry(upstream, client, (bytes) => {
    observer.daemon(bytes);
    tape.count("received", bytes.length);
  });
  if (!isWhole) {
    observer.clientLeft();
    upstream.reset();
  } else {
    observer.daemonEnded(upstream.isBroken ? "reset" : "eof");
    if (upstream.isBroken) client.reset();
    else client.end();
  }
}

/** Returns true when `from` has said all it had to say, false when `to` was gone before. */
async function carry(from: Connection, to: Connection, watch: (bytes: Buffer) => void): Promise<boolean> {
  for (;;) {
    const bytes = await from.read();
    if (bytes === undefined) return true;
    const full = to.write(bytes);
    watch(bytes);
    if (full !== undefined) await full;
    if (to.isGone) return false;
  }
}
