/**
 * Docker's contexts on disk (docker/cli: cli/context/store): `contexts/meta/<sha256 of the name>/meta.json` has the
 * daemon's address, `contexts/tls/<the same>/docker/` its certificates, `config.json` the name of the current one.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toErrorMessage } from "../../base/error-message.ts";
import { EnvironmentError, UsageError } from "../../base/errors.ts";
import { getErrno } from "../errno.ts";
import { readTlsFolder } from "./tls-files.ts";
import { parseUpstream, type Upstream, type UpstreamTls } from "./upstream.ts";

interface ContextMeta {
  readonly Name?: string;
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

/** The name of the current context, undefined if the configuration names none. `folder` is `~/.docker`. */
export function readCurrentContext(folder: string): string | undefined {
  return readJson<{ readonly currentContext?: string }>(join(folder, "config.json"))?.currentContext;
}

/**
 * The daemon of the context called `name`.
 * @throws UsageError `WHALESONG_NO_SUCH_CONTEXT`, which lists those there are
 */
export function readContextUpstream(folder: string, name: string): Upstream {
  const id = createHash("sha256").update(name).digest("hex");
  const meta = readJson<ContextMeta>(join(folder, "contexts", "meta", id, "meta.json"));
  const endpoint = meta?.Endpoints?.docker;
  if (endpoint?.Host === undefined || endpoint.Host === "")
    throw createNoSuchContextError(folder, name, meta !== undefined);
  const tls = readContextTls(join(folder, "contexts", "tls", id, "docker"), endpoint.SkipTLSVerify === true);
  return parseUpstream(endpoint.Host, tls);
}

function readContextTls(folder: string, skipsVerify: boolean): UpstreamTls | undefined {
  const files = readTlsFolder(folder);
  const isTls = skipsVerify || files.ca !== undefined || files.cert !== undefined;
  return isTls ? { ...files, verify: !skipsVerify } : undefined;
}

function createNoSuchContextError(folder: string, name: string, exists: boolean): UsageError {
  const found = exists ? "names no docker endpoint" : "does not exist";
  const known = ["default", ...listContextNames(folder)].map((known) => `\`${known}\``).join(", ");
  const message = `docker context \`${name}\` ${found}; there are: ${known} (choose one with DOCKER_CONTEXT, or set DOCKER_HOST)`;
  return new UsageError("WHALESONG_NO_SUCH_CONTEXT", message, { fields: { context: name } });
}

function listContextNames(folder: string): readonly string[] {
  const metas = join(folder, "contexts", "meta");
  return listEntries(metas)
    .map((id) => readJson<ContextMeta>(join(metas, id, "meta.json"))?.Name)
    .filter((name) => name !== undefined)
    .sort();
}

function listEntries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (isAbsent(cause)) return [];
    throw createUnreadableError(folder, cause);
  }
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (cause) {
    if (isAbsent(cause)) return undefined;
    throw createUnreadableError(path, cause);
  }
}

function isAbsent(error: unknown): boolean {
  return getErrno(error) === "ENOENT" || getErrno(error) === "ENOTDIR";
}

function createUnreadableError(path: string, cause: unknown): EnvironmentError {
  const message = `cannot read \`${path}\`, where docker says which daemon to use: ${toErrorMessage(cause)}; set DOCKER_HOST to do without`;
  return new EnvironmentError("WHALESONG_DOCKER_CONFIG", message, { cause, fields: { path } });
}
