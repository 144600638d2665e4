import { UsageError } from "../../base/errors.ts";

export interface UpstreamTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** False: any certificate is accepted (docker's `--tls` without `--tlsverify`, `SkipTLSVerify` of a context). */
  readonly verify: boolean;
  readonly servername?: string;
}

interface NamedUpstream {
  /** What names another daemon beside DOCKER_HOST, in the words of the caller. @default the option `upstream` */
  readonly option?: string;
}

export interface UnixUpstream extends NamedUpstream {
  readonly kind: "unix";
  readonly path: string;
}

export interface TcpUpstream extends NamedUpstream {
  readonly kind: "tcp";
  readonly host: string;
  readonly port: number;
  readonly tls?: UpstreamTls;
}

export interface SshUpstream extends NamedUpstream {
  readonly kind: "ssh";
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
  /** The daemon's socket on the remote machine, if it is not the default one. */
  readonly path?: string;
}

/** Where the real daemon is. */
export type Upstream = UnixUpstream | TcpUpstream | SshUpstream;

/** The address docker uses when nothing is configured. */
export const DEFAULT_SOCKET = "/var/run/docker.sock";

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is;
const AUTHORITY = /^(?:\[([^\]]+)\]|([^:/?#[\]]*))(?::(\d{1,5}))?\/?$/;

/**
 * Parses an address in the spellings that docker accepts: `unix://`, `tcp://`, `http://`, `https://`, `ssh://` and a
 * bare `host:port`. `tls` encrypts a `tcp://`, as DOCKER_TLS_VERIFY does.
 * @throws UsageError `WHALESONG_BAD_ADDRESS`
 * @example
 * const { kind, host, port } = parseUpstream("tcp://127.0.0.1:2375");
 */
export function parseUpstream(url: string, tls?: UpstreamTls): Upstream {
  const match = SCHEME.exec(url.trim());
  const scheme = match === null ? "tcp" : (match[1] as string).toLowerCase();
  const rest = match === null ? parseBareAddress(url) : (match[2] as string);
  switch (scheme) {
    case "unix":
      return { kind: "unix", path: rest === "" ? DEFAULT_SOCKET : rest };
    case "tcp":
      return parseTcpUpstream(url, rest, tls === undefined ? 2375 : 2376, tls);
    case "http":
      return parseTcpUpstream(url, rest, 80, undefined);
    case "https":
      return parseTcpUpstream(url, rest, 443, tls ?? { verify: true });
    case "ssh":
      return parseSshUpstream(url);
    default:
      throw createAddressError(url, describeUnknownScheme(scheme));
  }
}

/** The address for messages, in the spelling that `parseUpstream` reads. */
export function formatUpstreamUrl(upstream: Upstream): string {
  if (upstream.kind === "unix") return `unix://${upstream.path}`;
  const host = bracketHost(upstream.host);
  if (upstream.kind === "tcp") return `tcp://${host}:${upstream.port}`;
  const user = upstream.user === undefined ? "" : `${upstream.user}@`;
  const port = upstream.port === undefined ? "" : `:${upstream.port}`;
  return `ssh://${user}${host}${port}${upstream.path ?? ""}`;
}

/** Parses `host:port`; undefined if `text` is no such address. An empty host is undefined, too. */
export function parseHostAndPort(text: string): { readonly host?: string; readonly port?: number } | undefined {
  const match = AUTHORITY.exec(text);
  if (match === null || Number(match[3] ?? 0) > 65_535) return undefined;
  const host = match[1] ?? (match[2] as string);
  return { ...(host !== "" && { host }), ...(match[3] !== undefined && { port: Number(match[3]) }) };
}

export function bracketHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

export function createAddressError(url: string, why: string): UsageError {
  return new UsageError("WHALESONG_BAD_ADDRESS", `cannot use the address \`${url}\`: ${why}`, {
    fields: { address: url },
  });
}

function parseBareAddress(url: string): string {
  const text = url.trim();
  if (text.startsWith("/") || text.startsWith("."))
    throw createAddressError(url, `write a socket's path as \`unix://${text}\``);
  if (text === "")
    throw createAddressError(url, "it is empty; write `unix:///path`, `tcp://host:port` or `ssh://host`");
  return text;
}

function describeUnknownScheme(scheme: string): string {
  const why =
    scheme === "npipe"
      ? "Windows' named pipes are not supported; expose the daemon at tcp:// or use WSL's unix socket"
      : scheme === "fd"
        ? "`fd://` is how systemd hands a socket to dockerd, not an address; use the socket's own `unix://` path"
        : `\`${scheme}://\` is not known`;
  return `${why} (known: unix://, tcp://, http://, https://, ssh://)`;
}

function parseTcpUpstream(url: string, rest: string, usualPort: number, tls: UpstreamTls | undefined): TcpUpstream {
  const address = parseHostAndPort(rest);
  if (address === undefined)
    throw createAddressError(url, "expected `host:port`, with an IPv6 host in brackets and no path");
  const { host = "localhost", port = usualPort } = address;
  return { kind: "tcp", host, port, ...(tls !== undefined && { tls }) };
}

function parseSshUpstream(url: string): SshUpstream {
  const parsed = URL.canParse(url.trim()) ? new URL(url.trim()) : undefined;
  if (parsed === undefined || parsed.hostname === "")
    throw createAddressError(url, "expected `ssh://[user@]host[:port]`");
  if (parsed.password !== "") throw createAddressError(url, "ssh takes no password in a url; use a key or an agent");
  if (parsed.search !== "" || parsed.hash !== "") throw createAddressError(url, "nothing may follow the path");
  const host = decodeURIComponent(parsed.hostname).replace(/^\[(.*)\]$/, "$1");
  const [user, path] = [decodeURIComponent(parsed.username), decodeURIComponent(parsed.pathname)];
  // `ssh` would read these as options.
  if (host.startsWith("-") || user.startsWith("-"))
    throw createAddressError(url, "host and user must not begin with `-`");
  return {
    kind: "ssh",
    host,
    ...(user !== "" && { user }),
    ...(parsed.port !== "" && { port: Number(parsed.port) }),
    ...(path !== "" && path !== "/" && { path }),
  };
}
