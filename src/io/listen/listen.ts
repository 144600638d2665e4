import {
  type AddressInfo,
  createServer,
  type ListenOptions as NodeListenOptions,
  type Server,
  type Socket,
} from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { EnvironmentError, WhalesongError } from "../../base/errors.ts";
import type { Daemon } from "../../session/connection.ts";
import { systemClock } from "../clock.ts";
import { errnoOf, messageOf } from "../errno.ts";
import { type ListenAddress, listenAddress } from "../upstream/address.ts";
import { bracketed } from "../upstream/upstream.ts";
import { Guests } from "./guests.ts";
import { bindSocketFile } from "./socket-file.ts";

export { freshSocketUrl } from "./socket-file.ts";

export interface ServerTls {
  /** Given, clients must show a certificate that it has signed, as with dockerd's `--tlsverify`. */
  readonly ca?: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface ListenOptions {
  readonly tls?: ServerTls;
  /** Told what a daemon threw, and what goes wrong with the listening itself. Default: a process warning. */
  readonly onError?: (error: unknown) => void;
}

export interface Listener {
  /** Where it listens, with the port that was free if none was asked for. */
  readonly url: string;
  /** How many connections are open. */
  readonly connections: number;
  /** Stops accepting, removes the socket file, resets what is still open and waits for the daemons to see it. */
  close(): Promise<void>;
}

/**
 * Has `daemon` hold every connection that comes in at `url` (`unix:///path`, `tcp://host:port`).
 * @throws EnvironmentError `WHALESONG_SOCKET_IN_USE`, `WHALESONG_NOT_A_SOCKET`, `WHALESONG_SOCKET_PATH_TOO_LONG`,
 * `WHALESONG_CANNOT_LISTEN`
 */
export async function listen(url: string, daemon: Daemon, options: ListenOptions = {}): Promise<Listener> {
  const address = listenAddress(url);
  const { onError = warn } = options;
  const guests = new Guests(daemon, onError);
  const server = serverOf(options.tls, guests);
  const release = await bound(server, address, url);
  server.on("error", onError);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closed(server, release, guests);
    return closing;
  };
  return {
    url: actualUrl(server, address),
    close,
    get connections() {
      return guests.count;
    },
  };
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

function serverOf(tls: ServerTls | undefined, guests: Guests): Server {
  const welcome = (socket: Socket): void => guests.welcomeSocket(socket);
  const server =
    tls === undefined
      ? createServer({ allowHalfOpen: true }, welcome)
      : createTlsServer({ ...tls, ...clientCheck(tls), allowHalfOpen: true }, welcome);
  return server.on("connection", (socket: Socket) => guests.watch(socket));
}

function clientCheck({ ca }: ServerTls): { requestCert: boolean; rejectUnauthorized: boolean } {
  return { requestCert: ca !== undefined, rejectUnauthorized: ca !== undefined };
}

/** Starts listening; returns what removes the traces of it. */
async function bound(server: Server, address: ListenAddress, url: string): Promise<() => void> {
  try {
    if (address.kind === "unix") return await bindSocketFile(address.path, (path) => started(server, { path }));
    await started(server, { host: address.host, port: address.port });
    return () => undefined;
  } catch (cause) {
    server.close();
    throw cause instanceof WhalesongError ? cause : cannotListen(url, cause);
  }
}

function started(server: Server, options: NodeListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function closed(server: Server, release: () => void, guests: Guests): Promise<void> {
  const isClosed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  release();
  await guests.dismiss(systemClock);
  await isClosed;
}

function actualUrl(server: Server, address: ListenAddress): string {
  if (address.kind === "unix") return `unix://${address.path}`;
  const actual = server.address() as AddressInfo;
  return `tcp://${bracketed(actual.address)}:${actual.port}`;
}

function cannotListen(url: string, cause: unknown): EnvironmentError {
  const errno = errnoOf(cause);
  const fields = { address: url, errno };
  if (errno === "EADDRINUSE") {
    const message = `cannot listen at \`${url}\`: the port is taken; stop whoever has it, or use port 0 for any that is free`;
    return new EnvironmentError("WHALESONG_SOCKET_IN_USE", message, { cause, fields });
  }
  const message = `cannot listen at \`${url}\`: ${messageOf(cause)}; ${wayOut(errno)}`;
  return new EnvironmentError("WHALESONG_CANNOT_LISTEN", message, { cause, fields });
}

function wayOut(errno: string | undefined): string {
  if (errno === "ENOENT" || errno === "ENOTDIR") return "create the folder first";
  if (errno === "EACCES" || errno === "EPERM" || errno === "EROFS")
    return "this user may not; choose a folder of your own, or a port above 1023";
  if (errno === "EADDRNOTAVAIL" || errno === "ENOTFOUND") return "the host must be an address of this machine";
  return "choose another address";
}
