import {
  type AddressInfo,
  createServer,
  type ListenOptions as NodeListenOptions,
  type Server,
  type Socket,
} from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { toErrorMessage } from "../../base/error-message.ts";
import { EnvironmentError, UsageError, WhalesongError } from "../../base/errors.ts";
import { checkArgument, checkOptions } from "../../base/options/check-options.ts";
import { anyTextKind, functionKind } from "../../base/options/common-kinds.ts";
import { type OptionKind, recordOf } from "../../base/options/option-kind.ts";
import type { Daemon, TcpListenPoint } from "../../session/connection.ts";
import { systemClock } from "../clock.ts";
import { ConnectionTracker } from "../connections/connection-tracker.ts";
import { getErrno } from "../errno.ts";
import { bracketHost } from "../upstream/upstream.ts";
import { type ListenAddress, parseListenAddress } from "./listen-address.ts";
import { assertTlsUsable, type ServerTls } from "./server-tls.ts";
import { bindSocketFile } from "./socket-file.ts";
import { tlsKind } from "./tls-kind.ts";

export { createSocketUrl } from "./fresh-folder.ts";

/** Connections that wait to be accepted: as many as with dockerd, which takes what the kernel allows (Go net.maxListenerBacklog). */
const BACKLOG = 4096;

/** Options of `listen`. */
export interface ListenOptions {
  /** Serves TLS at a `tcp://` address. @default none */
  readonly tls?: ServerTls;
  /** Called with errors of a daemon and of the listener itself. @default a process warning */
  readonly onError?: (error: unknown) => void;
}

const listenKind: OptionKind = recordOf<ListenOptions>({ tls: tlsKind, onError: functionKind }, "an object of options");

/** A daemon that accepts connections at an address. */
export interface Listener {
  /** The address, with the actual port if port 0 was requested. */
  readonly url: string;
  /** How many connections are open. */
  readonly connections: number;
  /** Stops accepting, removes the socket file, resets open connections and waits for the daemons to notice. */
  close(): Promise<void>;
}

/**
 * Gives `daemon` every connection that arrives at `url` (`unix:///path`, `tcp://host:port`).
 * @throws UsageError `WHALESONG_BAD_OPTION`; `WHALESONG_BAD_ADDRESS`, also for TLS at a unix socket; `WHALESONG_NO_CERTIFICATE`
 * @throws EnvironmentError `WHALESONG_SOCKET_IN_USE`, `WHALESONG_NOT_A_SOCKET`, `WHALESONG_SOCKET_PATH_TOO_LONG`,
 * `WHALESONG_CANNOT_LISTEN`
 * @example
 * const daemon = createDaemon(mock(createEngine({ clock: systemClock, startMs: Date.now() })));
 * const listener = await listen("tcp://127.0.0.1:0", daemon);
 * await fetch(listener.url.replace("tcp:", "http:") + "/_ping");
 * await listener.close();
 */
export async function listen(url: string, daemon: Daemon, options: ListenOptions = {}): Promise<Listener> {
  checkArgument("listen", "url", url, anyTextKind);
  checkOptions("listen", options, listenKind);
  const address = parseListenAddress(url);
  const { onError = warn, tls } = options;
  if (tls !== undefined) assertTlsServable(url, address, tls);
  const tracker = new ConnectionTracker(daemon, onError);
  const tcp = toTcpListenPoint(address, options);
  const server = createTrackedServer(tls, tracker, tcp);
  const release = await bindServer(server, address, url);
  if (tcp !== undefined) warnOfOpenPort(url, tcp);
  server.on("error", onError);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeServer(server, release, tracker);
    return closing;
  };
  return {
    url: readActualUrl(server, address, tcp?.hasTls === true),
    close,
    get connections() {
      return tracker.count;
    },
  };
}

/** No client speaks TLS at a unix socket. */
function assertTlsServable(url: string, { kind }: ListenAddress, tls: ServerTls): void {
  if (kind !== "tcp") {
    const message = `cannot serve TLS at \`${url}\`: expected a \`tcp://\` address, such as \`tcp://127.0.0.1:0\``;
    throw new UsageError("WHALESONG_BAD_ADDRESS", message, { fields: { address: url } });
  }
  assertTlsUsable(tls);
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

function toTcpListenPoint(address: ListenAddress, { tls }: ListenOptions): TcpListenPoint | undefined {
  return address.kind === "tcp" ? { host: address.host, hasTls: tls !== undefined } : undefined;
}

/** As dockerd warns (moby cmd/dockerd/daemon.go, loadListeners). */
function warnOfOpenPort(url: string, { host, hasTls }: TcpListenPoint): void {
  if (hasTls || /^(?:127\.|::1$|localhost$)/.test(host)) return;
  const message = `${url} without TLS is open to all who reach this network: they can use it and control it; listen on 127.0.0.1 or on a unix socket, or serve TLS (\`--tls-cert\`, \`--tls-key\` and \`--tls-ca\`, in code the option \`tls\`)`;
  process.emitWarning(message, { code: "WHALESONG_OPEN_PORT" });
}

function createTrackedServer(
  tls: ServerTls | undefined,
  tracker: ConnectionTracker,
  tcp: TcpListenPoint | undefined,
): Server {
  const accept = (socket: Socket): void => tracker.acceptSocket(socket, tcp);
  const server =
    tls === undefined
      ? createServer({ allowHalfOpen: true }, accept)
      : createTlsServer({ ...tls, ...toClientCheck(tls), allowHalfOpen: true }, accept);
  return server.on("connection", (socket: Socket) => tracker.watch(socket));
}

function toClientCheck({ ca }: ServerTls): { requestCert: boolean; rejectUnauthorized: boolean } {
  return { requestCert: ca !== undefined, rejectUnauthorized: ca !== undefined };
}

/** Starts listening. Returns the function that removes the socket file. */
async function bindServer(server: Server, address: ListenAddress, url: string): Promise<() => void> {
  try {
    if (address.kind === "unix") return await bindSocketFile(address.path, (path) => startListening(server, { path }));
    await startListening(server, { host: address.host, port: address.port });
    return () => undefined;
  } catch (cause) {
    server.close();
    throw cause instanceof WhalesongError ? cause : createListenError(url, cause);
  }
}

function startListening(server: Server, options: NodeListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...options, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function closeServer(server: Server, release: () => void, tracker: ConnectionTracker): Promise<void> {
  const isClosed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  release();
  await tracker.closeAll(systemClock);
  await isClosed;
}

/**
 * With TLS, the host is the one that was named: a certificate for `localhost` need not be one for its address, which is
 * 127.0.0.1 on one machine and ::1 on another.
 */
function readActualUrl(server: Server, address: ListenAddress, hasTls: boolean): string {
  if (address.kind === "unix") return `unix://${address.path}`;
  const actual = server.address() as AddressInfo;
  return `tcp://${bracketHost(hasTls ? address.host : actual.address)}:${actual.port}`;
}

function createListenError(url: string, cause: unknown): EnvironmentError {
  const errno = getErrno(cause);
  const fields = { address: url, errno };
  if (errno === "EADDRINUSE") {
    const message = `cannot listen at \`${url}\`: the port is in use; stop the process that uses it, or use port 0 for any free port`;
    return new EnvironmentError("WHALESONG_SOCKET_IN_USE", message, { cause, fields });
  }
  const message = `cannot listen at \`${url}\`: ${toErrorMessage(cause)}; ${suggestRemedy(errno)}`;
  return new EnvironmentError("WHALESONG_CANNOT_LISTEN", message, { cause, fields });
}

function suggestRemedy(errno: string | undefined): string {
  if (errno === "ENOENT" || errno === "ENOTDIR") return "create the folder first";
  if (errno === "EACCES" || errno === "EPERM" || errno === "EROFS")
    return "this user lacks the permission; choose a folder of your own, or a port above 1023";
  if (errno === "EADDRNOTAVAIL" || errno === "ENOTFOUND") return "the host must be an address of this machine";
  return "choose another address";
}
