import { once } from "node:events";
import { isIP, connect as netConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import type { Clock } from "../../base/clock.ts";
import { toErrorMessage } from "../../base/error-message.ts";
import { EnvironmentError, WhalesongError } from "../../base/errors.ts";
import type { Connection } from "../../session/connection.ts";
import { systemClock } from "../clock.ts";
import { fromSocket } from "../connections/from-socket.ts";
import { BYPASS_INTERCEPTION } from "../connections/interception-mark.ts";
import { getErrno } from "../errno.ts";
import { assertSocketPathFits } from "../socket-path.ts";
import { connectSsh } from "./ssh.ts";
import { formatUpstreamUrl, type TcpUpstream, type Upstream } from "./upstream.ts";

export interface ConnectOptions {
  readonly clock?: Clock;
  /** Called if ssh or a TLS handshake fails after it seemed done; the connection itself just ends. */
  readonly onWarning?: (error: EnvironmentError) => void;
}

/**
 * Opens a connection to the daemon.
 * @throws EnvironmentError `WHALESONG_UPSTREAM_UNREACHABLE`, `WHALESONG_SOCKET_PATH_TOO_LONG`
 * @example
 * const connection = await connect(parseUpstream(process.env.DOCKER_HOST));
 * connection.reset();
 */
export async function connect(upstream: Upstream, options: ConnectOptions = {}): Promise<Connection> {
  const { clock = systemClock, onWarning = (error): void => process.emitWarning(error) } = options;
  const onLateFailure = (cause: Error): void => onWarning(createUnreachableError(upstream, cause));
  try {
    if (upstream.kind === "ssh") return await connectSsh(upstream, clock, onLateFailure);
    if (upstream.kind === "unix") return await connectUnix(upstream.path);
    return upstream.tls === undefined ? await connectTcp(upstream) : await connectTls(upstream, onLateFailure);
  } catch (cause) {
    throw cause instanceof WhalesongError ? cause : createUnreachableError(upstream, cause);
  }
}

async function connectUnix(path: string): Promise<Connection> {
  assertSocketPathFits(path);
  const socket = netConnect({ path, allowHalfOpen: true, ...BYPASS_INTERCEPTION });
  await once(socket, "connect");
  return fromSocket(socket);
}

// An `attach` may be silent for hours; Go's dialer keeps its connections alive, too.
const KEPT_ALIVE = {
  allowHalfOpen: true,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  ...BYPASS_INTERCEPTION,
} as const;

async function connectTcp({ host, port }: TcpUpstream): Promise<Connection> {
  const socket = netConnect({ host, port, ...KEPT_ALIVE });
  await once(socket, "connect");
  return fromSocket(socket);
}

async function connectTls(upstream: TcpUpstream, onLateFailure: (error: Error) => void): Promise<Connection> {
  const { host, port, tls: { verify, ...files } = { verify: true } } = upstream;
  // A server name must not be an address (RFC 6066, 3); Node checks the certificate against `host` all the same.
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = tlsConnect({ host, port, ...KEPT_ALIVE, ...name, ...files, rejectUnauthorized: verify });
  await once(socket, "secureConnect");
  // In TLS 1.3 the server checks our certificate after the handshake is done for us (RFC 8446, 4.4.2.4).
  socket.on("error", (error) => getErrno(error)?.startsWith("ERR_SSL") && onLateFailure(error));
  return fromSocket(socket);
}

function createUnreachableError(upstream: Upstream, cause: unknown): EnvironmentError {
  const address = formatUpstreamUrl(upstream);
  const errno = getErrno(cause);
  const message = `cannot reach the daemon at \`${address}\`: ${toErrorMessage(cause) || errno}; ${suggestRemedy(upstream, errno)}`;
  return new EnvironmentError("WHALESONG_UPSTREAM_UNREACHABLE", message, { cause, fields: { address, errno } });
}

function suggestRemedy({ kind, option = "the option `upstream`" }: Upstream, errno: string | undefined): string {
  const other = `or name another daemon with DOCKER_HOST or ${option}`;
  if (errno === "EMFILE" || errno === "ENFILE")
    return "too many files are open, of which each connection needs two: raise `ulimit -n`";
  if (kind === "ssh") return `does \`ssh\` to that host work by itself, and is docker installed there? ${other}`;
  if (errno === "EACCES" || errno === "EPERM")
    return `this user may not open it: join the group of the socket (mostly \`docker\`), ${other}`;
  // What macOS says of a file that is no socket. Linux says ECONNREFUSED.
  if (errno === "ENOTSOCK") return `that file is not a socket: name the daemon's, ${other}`;
  if (errno === "ENOTFOUND" || errno === "EAI_AGAIN") return `check the host's name, ${other}`;
  if (errno !== undefined && /CERT|TLS|SSL|ERR_|VERIFY|SIGNATURE/.test(errno))
    return `check DOCKER_TLS_VERIFY and the certificates of DOCKER_CERT_PATH or of the context, ${other}`;
  return `is the daemon running? Start it, ${other}`;
}
