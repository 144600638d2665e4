/**
 * Answers an exchange from a live daemon: the way out for what is not recorded yet. The exchange is recorded as it
 * passes.
 */
import type { Call, Responder } from "../session/call.ts";
import type { Connection } from "../session/connection.ts";
import { encodeChunk, LAST_CHUNK, resolveRequestFraming } from "../wire/http/body.ts";
import { encodeRequestHead, type RequestHead } from "../wire/http/head.ts";
import type { LiveConversation } from "./live-conversation.ts";
import type { Recording } from "./recording.ts";
import { type Connect, encodeUnreachable, noteLeavingClient } from "./relay.ts";

/** One connection to the daemon serves one exchange; the conversation shows when that is over. */
interface ForwardedCall {
  readonly call: Call;
  readonly upstream: Connection;
  readonly conversation: LiveConversation;
}

/**
 * Creates a responder that sends each request to the daemon on a connection of its own, and records the exchange. It
 * stands last in a list, behind responders that answer some of the requests.
 * @example
 * const recorded = { at: "2026-11-28", by: "an example" };
 * const recording = new Recording({ store: createDiskStore("new.yaml"), clock: systemClock, recorded, warn: console.error });
 * const upstream = parseUpstream(process.env.DOCKER_HOST);
 * const daemon = createDaemon(forward(() => connect(upstream), recording));
 * await recording.finish();
 */
export function forward(connect: Connect, recording: Recording): Responder {
  return async (call) => {
    const upstream = await reachUpstream(connect, call, recording);
    if (upstream === undefined) return true;
    const conversation = recording.open();
    const forwarded = { call, upstream, conversation };
    try {
      await Promise.all([sendRequest(forwarded), relayResponse(forwarded)]);
    } catch (error) {
      abandon(forwarded);
      throw error;
    } finally {
      recording.release(conversation);
    }
    return true;
  };
}

async function reachUpstream(connect: Connect, call: Call, recording: Recording): Promise<Connection | undefined> {
  try {
    return await connect();
  } catch (error) {
    recording.countUnreachable(error);
    await call.connection.write(encodeUnreachable(error));
    call.connectionFate = "close";
    return undefined;
  }
}

async function sendRequest(forwarded: ForwardedCall): Promise<void> {
  const { call } = forwarded;
  const isChunked = resolveRequestFraming(call.head).kind === "chunked";
  send(forwarded, encodeRequestHead(withoutExpect(call.head)));
  for await (const piece of call.readWholeBody()) {
    if (forwarded.conversation.isSettled) return;
    await send(forwarded, isChunked ? encodeChunk(piece) : piece);
  }
  if (isChunked) await send(forwarded, LAST_CHUNK);
  if (forwarded.call.reader.hasEnded) noteClientEnd(forwarded);
  await forwarded.conversation.settled;
  if (forwarded.conversation.isHijacked || forwarded.conversation.isUnfollowed) await sendRest(forwarded);
}

/** The client was sent `100 Continue` already when its body was first read. */
function withoutExpect(head: RequestHead): RequestHead {
  return { ...head, fields: head.fields.filter(([name]) => name.toLowerCase() !== "expect") };
}

/** What the client sends past HTTP, or past what can be followed. */
async function sendRest(forwarded: ForwardedCall): Promise<void> {
  const { reader } = forwarded.call;
  while (reader.queue.length > 0 || (await reader.readMore())) await send(forwarded, reader.queue.take());
  passClientEnd(forwarded);
}

function passClientEnd({ conversation, upstream }: ForwardedCall): void {
  conversation.close("client-eof");
  upstream.end();
}

function send({ upstream, conversation }: ForwardedCall, bytes: Buffer): Promise<void> | undefined {
  const full = upstream.write(bytes);
  conversation.push("client", bytes);
  return full;
}

async function relayResponse(forwarded: ForwardedCall): Promise<void> {
  const { call, upstream, conversation } = forwarded;
  void call.reader.ended.then(() => noteClientEnd(forwarded));
  while (!conversation.isSettled) {
    const bytes = await upstream.read();
    if (bytes === undefined) return hangUp(forwarded);
    // As in the relay: what the client has is on the disk. Only a write shows whether a client still reads.
    const isFirst = !conversation.hasClientEnded;
    if (isFirst && conversation.push("daemon", bytes)) await waitForDisk(conversation);
    const full = call.connection.write(bytes);
    if (!isFirst) {
      await noteLeavingClient(call.connection, conversation);
      conversation.push("daemon", bytes);
    }
    await full;
    if (call.connection.isGone) return abandon(forwarded);
  }
  upstream.end();
}

function waitForDisk(conversation: LiveConversation): Promise<void> {
  return new Promise((resolve) => conversation.awaitDisk(resolve));
}

/** A client that closed its half may still read its answer; one that broke off will not. */
function noteClientEnd(forwarded: ForwardedCall): void {
  const { call, conversation } = forwarded;
  if (conversation.isHijacked || conversation.isSettled || conversation.isUnfollowed) return;
  if (call.connection.isBroken) abandon(forwarded);
  // What it sent before goes first: the rest of the body, or what may turn out to be stdin.
  else if (call.isBodyRead && call.reader.queue.length === 0) passClientEnd(forwarded);
}

function hangUp({ call, upstream, conversation }: ForwardedCall): void {
  conversation.close(upstream.isBroken ? "daemon-reset" : "daemon-eof");
  if (upstream.isBroken) call.connection.reset();
  else call.connection.end();
  call.connectionFate = upstream.isBroken ? "reset" : "close";
}

function abandon({ call, upstream, conversation }: ForwardedCall): void {
  conversation.close("client-gone");
  upstream.reset();
  call.connectionFate = "close";
}
