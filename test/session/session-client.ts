/** A daemon in memory with one client, for the tests of the session. */
import { Call, type Responder } from "../../src/session/call.ts";
import type { Connection } from "../../src/session/connection.ts";
import { ConnectionReader } from "../../src/session/connection-reader.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { describeRequest } from "../../src/session/parsed-request.ts";
import { parseRequestHead } from "../../src/wire/http/head.ts";
import { encodeHead } from "../playbook/http.ts";
import { Peer } from "../playbook/peer.ts";

export const HOST = "Host: docker";

export interface SessionClient {
  readonly client: Peer;
  /** Resolves when the daemon lets the connection go, with what it threw. */
  readonly held: Promise<unknown>;
}

export function connectClient(...responders: readonly Responder[]): SessionClient {
  const [near, far] = connectionPair();
  const held = createDaemon(...responders)(far).catch((error: unknown) => error);
  return { client: new Peer(near), held };
}

/** A 200 response with this text. */
export function okResponse(text: string, fields: readonly string[] = []): string {
  return encodeHead("HTTP/1.1 200 OK", [`Content-Length: ${text.length}`, ...fields]) + text;
}

export async function respondWith(call: Call, text: string): Promise<true> {
  const fields = [["Content-Length", String(text.length)] as const];
  await call.connection.write(Buffer.concat([call.encodeHead(200, "OK", fields), Buffer.from(text)]));
  return true;
}

/** Responds with method, target and body. */
export async function echo(call: Call): Promise<true> {
  return respondWith(call, `${call.head.method} ${call.head.target} ${await readText(call.readBody())}`);
}

/** Responds without reading the body. */
export async function respondEarly(call: Call): Promise<true> {
  return respondWith(call, call.head.target);
}

export async function readText(pieces: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString("latin1");
}

/** A call as the daemon makes it, and the client's end of its connection. */
export function createCall(start: string, fields: readonly string[] = []): { call: Call; client: Connection } {
  const [client, server] = connectionPair();
  const raw = Buffer.from(encodeHead(start, fields));
  return { call: new Call(describeRequest(raw, parseRequestHead(raw)), server, new ConnectionReader(server)), client };
}
