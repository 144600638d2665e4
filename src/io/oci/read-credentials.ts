/** The user of a registry, as `docker login` has stored it (docker/cli: cli/config/credentials). */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";

export interface RegistryUser {
  readonly name: string;
  readonly password: string;
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string } | undefined>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 30_000;
/** A helper is a program `docker-credential-NAME`; the name comes from a file. */
const HELPER = /^[\w.-]+$/;

/**
 * @param folder docker's configuration: `~/.docker`
 * @returns undefined if no user is stored for the host
 * @throws UsageError `WHALESONG_REGISTRY_LOGIN` if the configuration or its helper cannot be read
 */
export function readCredentials(folder: string, host: string): RegistryUser | undefined {
  const { auths = {}, credHelpers = {}, credsStore } = readConfig(join(folder, "config.json"));
  const helper = credHelpers[host] ?? credsStore;
  if (helper !== undefined && helper !== "") return askHelper(helper, host);
  const auth = auths[host]?.auth ?? auths[`https://${host}`]?.auth ?? auths[`https://${host}/v1/`]?.auth;
  return auth === undefined || auth === "" ? undefined : decodeUser(Buffer.from(auth, "base64").toString("utf8"));
}

function readConfig(path: string): DockerConfig {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as DockerConfig;
  } catch (cause) {
    throw createLoginError(`cannot read docker's configuration \`${path}\`: ${(cause as Error).message}`, cause);
  }
}

function decodeUser(text: string): RegistryUser | undefined {
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, "") };
}

/** Its protocol: the host on stdin, JSON on stdout (docker/docker-credential-helpers). */
function askHelper(helper: string, host: string): RegistryUser | undefined {
  if (!HELPER.test(helper)) throw createLoginError(`docker's configuration names the helper \`${helper}\``);
  const asking = { input: host, encoding: "utf8", timeout: TIMEOUT_MS } as const;
  const { status, stdout, error } = spawnSync(`docker-credential-${helper}`, ["get"], asking);
  if (error !== undefined)
    throw createLoginError(`cannot run \`docker-credential-${helper}\`: ${error.message}`, error);
  if (status !== 0 && /credentials not found/i.test(stdout)) return undefined;
  try {
    const { Username, Secret } = JSON.parse(stdout) as { Username: string; Secret: string };
    return { name: Username, password: Secret };
  } catch (cause) {
    throw createLoginError(`\`docker-credential-${helper} get\` ended with ${status} and no credentials`, cause);
  }
}

function createLoginError(why: string, cause?: unknown): UsageError {
  const message = `${why}; log in again with \`docker login\``;
  return new UsageError("WHALESONG_REGISTRY_LOGIN", message, cause === undefined ? {} : { cause });
}
