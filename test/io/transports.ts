/** Two ends of a connection over every transport there is, for the tests that hold for all of them. */
import { once } from "node:events";
import { connect as netConnect } from "node:net";
import { fromSocket } from "../../src/io/connections/from-socket.ts";
import { intercept } from "../../src/io/intercept/intercept.ts";
import { createSocketUrl, type Listener, type ListenOptions, listen } from "../../src/io/listen/listen.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream, type UpstreamTls } from "../../src/io/upstream/upstream.ts";
import type { Connection, Daemon } from "../../src/session/connection.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { caCert, clientCert, clientKey, serverCert, serverKey } from "./certificates.ts";

export interface Ends {
  readonly client: Connection;
  readonly server: Connection;
  close(): Promise<void>;
}

export const serverTls = { ca: caCert, cert: serverCert, key: serverKey };
export const clientTls: UpstreamTls = { ca: caCert, cert: clientCert, key: clientKey, verify: true };

async function connectOverListener(url: string, options: ListenOptions = {}, tls?: UpstreamTls): Promise<Ends> {
  const { daemon, server } = waiting();
  const listener: Listener = await listen(url, daemon, options);
  const client = await connect(parseUpstream(listener.url, tls));
  return { client, server: await server, close: () => listener.close() };
}

async function connectIntercepted(url: string): Promise<Ends> {
  const { daemon, server } = waiting();
  const interception = intercept(daemon, { at: [url] });
  const client = await dialSocket(url);
  return { client, server: await server, close: () => interception.close() };
}

/** As a program does, whose connections may be intercepted. */
export async function dialSocket(url: string): Promise<Connection> {
  const upstream = parseUpstream(url);
  const socket = netConnect({ ...(upstream as { path: string }), allowHalfOpen: true });
  await once(socket, "connect");
  return fromSocket(socket);
}

/** A daemon that hands on the connection that it gets. */
function waiting(): { readonly daemon: Daemon; readonly server: Promise<Connection> } {
  let arrived: (connection: Connection) => void = () => undefined;
  const server = new Promise<Connection>((resolve) => {
    arrived = resolve;
  });
  const daemon = (connection: Connection): Promise<void> => {
    arrived(connection);
    return connection.closed;
  };
  return { daemon, server };
}

async function connectInMemory(): Promise<Ends> {
  const [client, server] = connectionPair();
  return { client, server, close: async () => server.reset() };
}

export const transports: readonly (readonly [name: string, open: () => Promise<Ends>])[] = [
  ["memory", connectInMemory],
  ["unix", () => connectOverListener(createSocketUrl())],
  ["tcp", () => connectOverListener("tcp://127.0.0.1:0")],
  ["tls", () => connectOverListener("tcp://localhost:0", { tls: serverTls }, clientTls)],
  ["unix, intercepted", () => connectIntercepted("unix:///nowhere/docker.sock")],
  ["tcp, intercepted", () => connectIntercepted("tcp://docker.invalid:2375")],
];

/** Reads to the end of the peer's half. */
export async function readAll(connection: Connection): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let piece = await connection.read(); piece !== undefined; piece = await connection.read()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Reads until `size` bytes have come. */
export async function readSome(connection: Connection, size: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let have = 0; have < size; ) {
    const piece = await connection.read();
    if (piece === undefined) break;
    pieces.push(piece);
    have += piece.length;
  }
  return Buffer.concat(pieces);
}
