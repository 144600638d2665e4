/** Reads the options of a build (moby api/server/router/build/build_routes.go). */

import { parseBoundedJson } from "../../../../base/parse-json.ts";
import { ApiError, badParameter, systemError } from "../../../model/api-error.ts";
import type { Credentials } from "../../../model/credentials.ts";
import { type ImageReference, parseReference } from "../../../model/image-reference.ts";
import type { BuildOptions } from "../../../operations/builder/build-options.ts";
import { formatAtoiError, type QueryParameters } from "../../http/query.ts";
import type { ApiRequest } from "../../http/request.ts";

const BUILDKIT = "2";

/** @throws ApiError */
export function readBuildOptions(request: ApiRequest): BuildOptions {
  const { query, api } = request;
  checkBuilder(query);
  const removesByDefault = !api.isBefore("1.12");
  const removesAlways = query.getFlag("forcerm");
  if (query.getFlag("squash")) throw badParameter("squash is only supported with experimental mode");
  checkShmSize(query);
  return {
    tags: parseTags(query.getAll("t")),
    dockerfile: query.get("dockerfile"),
    remote: query.get("remote"),
    target: query.get("target"),
    isQuiet: query.getFlag("q"),
    usesCache: !query.getFlag("nocache"),
    removes: removesAlways || query.getFlag("rm", removesByDefault),
    removesAlways,
    pulls: query.getFlag("pull"),
    args: parseMap(query, "buildargs", "build args"),
    labels: parseMap(query, "labels", "labels") as Record<string, string>,
    networkMode: query.get("networkmode") || "default",
    reportsIds: !api.isBefore("1.30"),
    credentials: readRegistryConfig(request),
  };
}

/** Whether the client wants BuildKit and not the classic builder. */
export function isBuildkitRequest({ query }: ApiRequest): boolean {
  return query.get("version") === BUILDKIT;
}

function checkBuilder(query: QueryParameters): void {
  const version = query.get("version");
  if (version !== "" && version !== "1" && version !== BUILDKIT)
    throw systemError(`invalid version ${JSON.stringify(version)}`);
}

/** moby checks only this one of the limits. The others count as 0 if they are not numbers. */
function checkShmSize(query: QueryParameters): void {
  const text = query.get("shmsize");
  if (text !== "" && !/^[+-]?\d+$/.test(text)) throw systemError(formatAtoiError(text).replace("Atoi", "ParseInt"));
}

function parseTags(names: readonly string[]): ImageReference[] {
  try {
    return names.filter((name) => name !== "").map(parseReference);
  } catch (error) {
    throw error instanceof ApiError ? new ApiError(500, error.message) : error;
  }
}

function parseMap(query: QueryParameters, name: string, what: string): Record<string, string | null> {
  const text = query.get(name);
  if (text === "") return {};
  try {
    return (parseBoundedJson(text) as Record<string, string | null> | null) ?? {};
  } catch {
    throw badParameter(`error reading ${what}: invalid character '${text[0]}' looking for beginning of value`);
  }
}

/**
 * Reads `X-Registry-Config`, which has credentials by registry. Before 1.12 it has a whole configuration file. Before
 * 1.9 `X-Registry-Auth` has the credentials of one registry.
 */
function readRegistryConfig(request: ApiRequest): Record<string, Credentials> {
  const { api } = request;
  if (api.isBefore("1.9")) {
    const one = decodeJsonHeader<Credentials>(request, "X-Registry-Auth");
    return one.serveraddress === undefined ? {} : { [one.serveraddress]: one };
  }
  const config = decodeJsonHeader<Record<string, Credentials>>(request, "X-Registry-Config");
  return api.isLegacy && config.configs !== undefined ? (config.configs as Record<string, Credentials>) : config;
}

/** Decodes a header of base64 JSON. An unreadable header counts as empty. */
function decodeJsonHeader<T extends object>(request: ApiRequest, header: string): T {
  try {
    const text = Buffer.from(request.getHeader(header) ?? "", "base64url").toString("utf8");
    return (parseBoundedJson(text) as T | null) ?? ({} as T);
  } catch {
    return {} as T;
  }
}
