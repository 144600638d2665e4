/**
 * Answers an exchange from a live daemon: the way out for what is not recorded yet. Where there is a tape, the
 * exchange is recorded as it passes.
 */
import type { Call, Responder } from "../session/call.ts";
import type { Connection } from "../session/connection.ts";
import { encodeChunk, LAST_CHUNK, requestFraming } from "../wire/body.ts";
import { encodeRequestHead, type RequestHead } from "../wire/head.ts";
import type { Observer } from "./observer.ts";
import { type Connect, unreachable } from "./relay.ts";
import type { Tape } from "./tape.ts";

/** One connection to the daemon serves one exchange; the observer tells when that is over. */
interface Line {
  readonly call: Call;
  readonly upstream: Connection;
  readonly observer: Observer;
  readonly tape: Tape;
}

export function forward(connect: Connect, tape: Tape): Responder {
  return async (call) => {
    const upstream = await reach(connect, call);
    if (upstream === undefined) return true;
    const line = { call, upstream, observer: tape.observe(), tape };
    try {
      await Promise.all([sendRequest(line), relayResponse(line)]);
    } catch (error) {
      leave(line);
      throw error;
    } finally {
      tape.release(line.observer);
    }
    return true;
  };
}

async function reach(connect: Connect, call: Call): Promise<Connection | undefined> {
  try {
    return await connect();
  } catch (error) {
    await call.connection.write(unreachable(error));
    call.afterwards = "close";
    return undefined;
  }
}

async function sendRequest(line: Line): Promise<void> {
  const { call } = line;
  const isChunked = requestFraming(call.head).kind === "chunked";
  send(line, encodeRequestHead(withoutExpect(call.head)));
  for await (const piece of call.wholeBody()) {
    if (line.observer.isSettled) return;
    await send(line, isChunked ? encodeChunk(piece) : piece);
  }
  if (isChunked) await send(line, LAST_CHUNK);
  if (line.call.reader.hasEnded) clientEnded(line);
  await line.observer.settled;
  if (line.observer.isHijacked || line.observer.isLost) await sendRest(line);
}

/** The client was already told to go on when its body was first read. */
function withoutExpect(head: RequestHead): RequestHead {
  return { ...head, fields: head.fields.filter(([name]) => name.toLowerCase() !== "expect") };
}

/** What the client says past HTTP, or past what we can follow. */
async function sendRest(line: Line): Promise<void> {
  const { reader } = line.call;
  while (reader.queue.length > 0 || (await reader.more())) await send(line, reader.queue.take());
  passClientEnd(line);
}

function passClientEnd({ observer, upstream }: Line): void {
  observer.clientEnded();
  upstream.end();
}

function send({ upstream, observer, tape }: Line, bytes: Buffer): Promise<void> | undefined {
  const full = upstream.write(bytes);
  observer.client(bytes);
  tape.count("sent", bytes.length);
  return full;
}

async function relayResponse(line: Line): Promise<void> {
  const { call, upstream, observer, tape } = line;
  void call.reader.ended.then(() => clientEnded(line));
  while (!observer.isSettled) {
    const bytes = await upstream.read();
    if (bytes === undefined) return hangUp(line);
    const full = call.connection.write(bytes);
    observer.daemon(bytes);
    tape.count("received", bytes.length);
    await full;
    if (call.connection.isGone) return leave(line);
  }
  upstream.end();
}

/** A client that closed its half may still read its answer; one that broke off will not. */
function clientEnded(line: Line): void {
  const { call, observer } = line;
  if (observer.isHijacked || observer.isSettled || observer.isLost) return;
  if (call.connection.isBroken) leave(line);
  // What it said before goes first: the rest of the body, or what may turn out to be stdin.
  else if (call.isRead && call.reader.queue.length === 0) passClientEnd(line);
}

function hangUp({ call, upstream, observer }: Line): void {
  observer.daemonEnded(upstream.isBroken ? "reset" : "eof");
  if (upstream.isBroken) call.connection.reset();
  else call.connection.end();
  call.afterwards = upstream.isBroken ? "reset" : "close";
}

function leave({ call, upstream, observer }: Line): void {
  observer.clientLeft();
  upstream.reset();
  call.afterwards = "close";
}
