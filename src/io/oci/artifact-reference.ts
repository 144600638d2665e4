import { UsageError } from "../../base/errors.ts";

/** `host/name:tag`, or `host/name@sha256:...`. */
export interface ArtifactReference {
  /** `127.0.0.1:5000`, `ghcr.io`. */
  readonly host: string;
  /** The repository: `team/cassettes`. */
  readonly name: string;
  /** A tag or a digest. */
  readonly version: string;
  /** `http:` only on this machine. */
  readonly origin: string;
}

/** distribution/reference: a host is told from a path by a dot, a port, or `localhost`. */
const HOST = /^(?:localhost|[\w.-]*\.[\w.-]+|[\w.-]+(?=:\d)|\[[\da-f:]+\])(?::\d+)?$/i;
const NAME = /^[a-z\d]+(?:(?:\.|_{1,2}|-+)[a-z\d]+)*(?:\/[a-z\d]+(?:(?:\.|_{1,2}|-+)[a-z\d]+)*)*$/;
const VERSION = /^(?:[\w][\w.-]{0,127}|sha256:[\da-f]{64})$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i;

/**
 * @throws UsageError `WHALESONG_BAD_REFERENCE`
 * @example
 * const { host, name, version } = parseArtifactReference("ghcr.io/team/cassettes:main");
 */
export function parseArtifactReference(text: string): ArtifactReference {
  const slash = text.indexOf("/");
  const [host, rest] = [text.slice(0, Math.max(slash, 0)), text.slice(slash + 1)];
  const [, name = "", , version = "latest"] = /^([^@:]+)(?:([@:])(.+))?$/.exec(rest) ?? [];
  if (!isRegistryHost(host) || !NAME.test(name) || !VERSION.test(version)) {
    const message = `a reference must be HOST/NAME:TAG, such as \`ghcr.io/team/cassettes:main\`, got \`${text}\``;
    throw new UsageError("WHALESONG_BAD_REFERENCE", message, { fields: { reference: text } });
  }
  return { host, name, version, origin: `${isLoopback(host) ? "http" : "https"}://${host}` };
}

/** Whether images of this host are not those of Docker Hub. */
export function isRegistryHost(host: string): boolean {
  return HOST.test(host) && Number(/:(\d+)$/.exec(host)?.[1] ?? 1) <= 65_535;
}

/** Whether the host is this machine: there a registry is used over plain HTTP, as dockerd does. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
