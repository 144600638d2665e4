/** Destinations of connections, each in one spelling: the key that interceptions are found by. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { WhalesongError } from "../../base/errors.ts";
import { resolveDockerHost } from "../upstream/docker-host.ts";
import {
  createAddressError,
  DEFAULT_SOCKET,
  formatUpstreamUrl,
  parseHostAndPort,
  parseUpstream,
  type Upstream,
} from "../upstream/upstream.ts";

/** `unix:/var/run/docker.sock`, `pipe:docker_engine`, `tcp:localhost:2375`. */
export type Destination = string;

export const DOCKER_ENGINE_PIPE = "npipe:////./pipe/docker_engine";

const PIPE = /^[\\/]{2}[.?][\\/]pipe[\\/](.+)$/i;
const LOOPBACK = new Set(["127.0.0.1", "::1", "0.0.0.0", "::", ""]);

/** The address options of `net.Socket.connect`, `http.request` and their relatives. */
export interface DialOptions {
  readonly path?: unknown;
  readonly socketPath?: unknown;
  readonly host?: unknown;
  readonly hostname?: unknown;
  readonly port?: unknown;
}

/**
 * Parses an address: a path, `unix://`, `npipe://`, `tcp://`, `http://` or `https://`.
 * @throws UsageError `WHALESONG_BAD_ADDRESS`
 */
export function parseDestination(address: string): Destination {
  const [, scheme, rest = ""] = /^([a-z]+):\/\/(.*)$/i.exec(address) ?? [];
  if (scheme === undefined || scheme === "unix" || scheme === "npipe") {
    const path = scheme === undefined ? address : rest;
    if (path === "") throw createAddressError(address, "it names no path");
    return toPathDestination(path);
  }
  const usual = { tcp: 2375, http: 80, https: 443 }[scheme];
  const tcp = parseHostAndPort(rest);
  if (usual === undefined || tcp === undefined)
    throw createAddressError(
      address,
      "to intercept, write `unix:///path`, `npipe:////./pipe/name` or `tcp://host:port`",
    );
  return toTcpDestination(tcp.host ?? "localhost", tcp.port ?? usual);
}

/** The destination of a socket; undefined for options without an address, which Node itself refuses. */
export function getSocketDestination({ path, host, port }: DialOptions): Destination | undefined {
  if (typeof path === "string" && path !== "") return toPathDestination(path);
  return isPort(port) ? toTcpDestination(typeof host === "string" ? host : "localhost", Number(port)) : undefined;
}

/** The destination of an HTTP request, whose `path` is that of its url. */
export function getRequestDestination({ socketPath, hostname, host, port }: DialOptions): Destination | undefined {
  if (typeof socketPath === "string" && socketPath !== "") return toPathDestination(socketPath);
  return getSocketDestination({ host: hostname ?? host, port: port ?? 80 });
}

/**
 * The addresses where Docker's clients look: DOCKER_HOST or docker's current context, and the default sockets
 * (docker-modem probes `~/.docker/run` first, testcontainers `$XDG_RUNTIME_DIR`, too).
 * @example
 * const [dockerHost, ...others] = listUsualAddresses();
 */
export function listUsualAddresses(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): readonly string[] {
  const own = join(home, ".docker", "run", "docker.sock");
  const rootless = env.XDG_RUNTIME_DIR ? [`unix://${join(env.XDG_RUNTIME_DIR, "docker.sock")}`] : [];
  const usual = [`unix://${DEFAULT_SOCKET}`, "unix:///run/docker.sock", `unix://${own}`, ...rootless];
  return [...new Set([...readChosenAddress(env, home), ...usual, DOCKER_ENGINE_PIPE])];
}

/** Empty for ssh, because the ssh process opens the connection, and for settings that docker itself would refuse. */
function readChosenAddress(env: NodeJS.ProcessEnv, home: string): readonly string[] {
  if (env.DOCKER_HOST?.startsWith("npipe://")) return [env.DOCKER_HOST];
  try {
    const upstream = resolveChosenUpstream(env, home);
    return upstream.kind === "ssh" ? [] : [formatUpstreamUrl(upstream)];
  } catch (error) {
    if (error instanceof WhalesongError) return [];
    throw error;
  }
}

/** Reads no certificates for DOCKER_HOST: a replay does not need them. */
function resolveChosenUpstream(env: NodeJS.ProcessEnv, home: string): Upstream {
  const host = env.DOCKER_HOST?.trim() ?? "";
  const isTls = Boolean(env.DOCKER_TLS_VERIFY || env.DOCKER_TLS);
  return host === "" ? resolveDockerHost(env, home) : parseUpstream(host, isTls ? { verify: false } : undefined);
}

/** Paths that are absolute and in their shortest spelling: requests repeat them, and `resolve` walks every character. */
const knownPaths = new Map<string, Destination>();
const MOST_KNOWN_PATHS = 64;

function toPathDestination(path: string): Destination {
  return knownPaths.get(path) ?? resolvePathDestination(path);
}

function resolvePathDestination(path: string): Destination {
  const pipe = PIPE.exec(path)?.[1];
  if (pipe !== undefined) return `pipe:${pipe.toLowerCase()}`;
  // An abstract socket's name begins with NUL and is no path.
  const resolved = path.startsWith("\0") ? path : resolve(path);
  const destination = `unix:${resolved}`;
  if (resolved === path && knownPaths.size < MOST_KNOWN_PATHS) knownPaths.set(path, destination);
  return destination;
}

function toTcpDestination(host: string, port: number): Destination {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return `tcp:${LOOPBACK.has(name) ? "localhost" : name}:${port}`;
}

function isPort(port: unknown): boolean {
  return (
    (typeof port === "number" || (typeof port === "string" && port.trim() !== "")) && Number.isInteger(Number(port))
  );
}
