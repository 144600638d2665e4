/**
 * The recorder's place in the traffic: a byte proxy. Nothing is changed, held back, gathered or sent again
 * (docs/decisions/0002). What the daemon sends is recorded before it is written to the client, so that a client never
 * has the end of an answer that a crash can still lose (docs/decisions/0023). Answers that end in one turn of the event
 * loop are written to the disk together (docs/decisions/0057).
 */
import { toErrorMessage } from "../base/error-message.ts";
import { waitForTurn } from "../base/turns.ts";
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
    if ((await client.read()) !== undefined) recording.countUnreachable(error);
    void client.write(encodeUnreachable(error));
    client.end();
    return undefined;
  }
}

/** The response of a daemon that cannot be reached. */
export function encodeUnreachable(error: unknown): Buffer {
  const message = JSON.stringify({ message: `whalesong: ${toErrorMessage(error)}` });
  const head = `HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(message)}\r\n\r\n`;
  return Buffer.from(head + message);
}

async function carryRequests(client: Connection, upstream: Connection, conversation: LiveConversation): Promise<void> {
  await carry(client, upstream, (bytes, next) => {
    const full = upstream.write(bytes);
    conversation.push("client", bytes);
    next(full);
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
  const isWhole = await carry(upstream, client, (bytes, next) => passResponse(client, conversation, bytes, next));
  if (!isWhole) {
    conversation.close("client-gone");
    upstream.reset();
  } else {
    conversation.close(upstream.isBroken ? "daemon-reset" : "daemon-eof");
    if (upstream.isBroken) client.reset();
    else client.end();
  }
}

/** The end of an answer is written when the disk has it, at the end of this turn; all else at once. */
function passResponse(client: Connection, conversation: LiveConversation, bytes: Buffer, next: Next): void {
  if (conversation.hasClientEnded) {
    const full = client.write(bytes);
    next(noteLeavingClient(client, conversation).then(() => recordLate(conversation, bytes, full)));
  } else if (conversation.push("daemon", bytes)) conversation.awaitDisk(() => next(client.write(bytes)));
  else next(client.write(bytes));
}

function recordLate(conversation: LiveConversation, bytes: Buffer, full: Promise<void> | undefined): typeof full {
  conversation.push("daemon", bytes);
  return full;
}

/**
 * A client that has closed its half may still read. Only a write shows whether it does, so what it may not have got is
 * recorded after that.
 */
export async function noteLeavingClient(client: Connection, conversation: LiveConversation): Promise<void> {
  await waitForTurn();
  if (client.isGone) conversation.close("client-left");
}

/** To be called when a piece was passed on: with a promise where no more can be written until that has resolved. */
type Next = (full: Promise<void> | undefined) => void;

/**
 * Passes piece after piece on. No promise is made where nothing has to wait.
 * @returns true when `from` has ended, false when `to` was gone before
 */
function carry(from: Connection, to: Connection, pass: (bytes: Buffer, next: Next) => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const take = (bytes: Buffer | undefined): void => {
      try {
        if (bytes === undefined) resolve(true);
        else pass(bytes, next);
      } catch (error) {
        reject(error);
      }
    };
    const next: Next = (full) => {
      if (full !== undefined) full.then(() => next(undefined), reject);
      else if (to.isGone) resolve(false);
      else readNext(from, take, reject);
    };
    readNext(from, take, reject);
  });
}

function readNext(from: Connection, take: (bytes: Buffer | undefined) => void, reject: (error: unknown) => void): void {
  if (from.readInto === undefined) from.read().then(take, reject);
  else from.readInto(take);
}
