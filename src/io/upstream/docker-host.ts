/** The daemon that the docker CLI would use: the same variables and files, in the same order. */
import { join } from "node:path";
import { readContextUpstream, readCurrentContext } from "./docker-context.ts";
import { createMissingPemError, readClientPair, readPem } from "./tls-files.ts";
import { DEFAULT_SOCKET, parseUpstream, type Upstream, type UpstreamTls } from "./upstream.ts";

export { formatUpstreamUrl, parseUpstream, type Upstream, type UpstreamTls } from "./upstream.ts";

/**
 * DOCKER_HOST, else the context of DOCKER_CONTEXT, else the current one of docker's config.json, else the usual
 * socket (docker/cli: cli/command/cli.go, resolveContextName).
 * @example
 * const upstream = resolveDockerHost(process.env, homedir());
 */
export function resolveDockerHost(env: NodeJS.ProcessEnv, home: string): Upstream {
  const folder = env.DOCKER_CONFIG || join(home, ".docker");
  const host = env.DOCKER_HOST?.trim() ?? "";
  if (host !== "") return parseUpstream(host, canBeTls(host) ? readEnvironmentTls(env, folder) : undefined);
  const context = env.DOCKER_CONTEXT || readCurrentContext(folder) || "default";
  if (context === "default") return { kind: "unix", path: DEFAULT_SOCKET };
  return readContextUpstream(folder, context);
}

function canBeTls(host: string): boolean {
  return !/^(?:unix|ssh|http|npipe|fd):/i.test(host);
}

/** The default folder is docker's configuration folder; a CA is read only where it will be used. */
function readEnvironmentTls(env: NodeJS.ProcessEnv, folder: string): UpstreamTls | undefined {
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  if (!verify && !env.DOCKER_TLS) return undefined;
  const certificates = env.DOCKER_CERT_PATH || folder;
  const ca = verify ? readPem(certificates, "ca.pem") : undefined;
  if (verify && ca === undefined) throw createMissingPemError(join(certificates, "ca.pem"));
  return { verify, ...(ca !== undefined && { ca }), ...readClientPair(certificates) };
}
