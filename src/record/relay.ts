/**
 * The recorder's place in the traffic: a byte proxy. Nothing is changed, held back, gathered or sent again
 * (docs/decisions/0002). What the daemon sends is recorded before it is written to the client, so that a client never
 * has the end of an answer that a crash can still lose (docs/decisions/0023).
 */
import { setImmediate as nextTick } from "node:timers/promises";
import type { Connection, Daemon } from "../session/connection.ts";
import type { LiveConversation } from "./live-conversation.ts";
import type { Recording } from "./recording.ts";

/** Opens a connection to the daemon that is being recorded. */
export type Connect = () => Promise<Connection>;

/**
 * Creates a daemon that passes every byte on to another one and back, and records what passes.
 * @example
 * const recorded = { at: "2026-11-28", by: "an example" };
 * const recording = new Recording({ store: createDiskStore("new.yaml"), clock: systemClock, recorded, warn: console.error });
 * const daemon = relay(() => connect(parseUpstream(process.env.DOCKER_HOST)), recording);
 * await recording.finish();
 */
export function relay(connect: Connect, recording: Recording): Daemon {
  return async (client) => {
    const upstream = await reachUpstream(connect, client, recording);
    if (upstream === undefined) return;
    const conversation = recording.open();
    await Promise.all([carryRequests(client, upstream, conversation), carryResponses(client, upstream, conversation)]);
    recording.release(conversation);
  };
}

/** Where there is no daemon, the client is answered as a daemon would, so that it prints the reason. */
async function reachUpstream(
  connect: Connect,
  client: Connection,
  recording: Recording,
): Promise<Connection | undefined> {
  try {
    return await connect();
  } catch (error) {
    if ((await client.read()) !== undefined) recording.countUnanswered();
    void client.write(encodeUnreachable(error));
    client.end();
    return undefined;
  }
}

/** The response of a daemon that cannot be reached. */
export function encodeUnreachable(error: unknown): Buffer {
  const message = JSON.stringify({ message: `whalesong: ${error instanceof Error ? error.message : String(error)}` });
  const head = `HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(message)}\r\n\r\n`;
  return Buffer.from(head + message);
}

async function carryRequests(client: Connection, upstream: Connection, conversation: LiveConversation): Promise<void> {
  await carry(client, upstream, {
    record: (bytes) => conversation.push("client", bytes),
    recordsFirst: () => false,
  });
  if (client.isBroken) {
    conversation.close("client-gone");
    upstream.reset();
  } else {
    conversation.close("client-eof");
    upstream.end();
  }
}

async function carryResponses(client: Connection, upstream: Connection, conversation: LiveConversation): Promise<void> {
  const isWhole = await carry(upstream, client, {
    record: (bytes) => conversation.push("daemon", bytes),
    recordsFirst: () => !conversation.hasClientEnded,
    settle: () => noteLeavingClient(client, conversation),
  });
  if (!isWhole) {
    conversation.close("client-gone");
    upstream.reset();
  } else {
    conversation.close(upstream.isBroken ? "daemon-reset" : "daemon-eof");
    if (upstream.isBroken) client.reset();
    else client.end();
  }
}

/**
 * A client that has closed its half may still read. Only a write shows whether it does, so what it may not have got is
 * recorded after that.
 * @returns undefined if the client has not closed its half: the usual case waits for nothing
 */
export function noteLeavingClient(client: Connection, conversation: LiveConversation): Promise<void> | undefined {
  if (!conversation.hasClientEnded) return undefined;
  return nextTick().then(() => {
    if (client.isGone) conversation.close("client-left");
  });
}

interface CarryOptions {
  readonly record: (bytes: Buffer) => void;
  /** Whether the next bytes are recorded before they are written. */
  readonly recordsFirst: () => boolean;
  /** Called between writing and recording, where bytes are written first. */
  readonly settle?: () => Promise<void> | undefined;
}

/** @returns true when `from` has ended, false when `to` was gone before */
async function carry(
  from: Connection,
  to: Connection,
  { record, recordsFirst, settle = () => undefined }: CarryOptions,
): Promise<boolean> {
  for (;;) {
    const bytes = await from.read();
    if (bytes === undefined) return true;
    const isFirst = recordsFirst();
    if (isFirst) record(bytes);
    const full = to.write(bytes);
    if (!isFirst) {
      await settle();
      record(bytes);
    }
    if (full !== undefined) await full;
    if (to.isGone) return false;
  }
}
