/** What a client wants of a build (moby api/server/router/build/build_routes.go). */

import { ApiError, badParameter, systemError } from "../../../model/api-error.ts";
import type { Credentials } from "../../../model/credentials.ts";
import { parseReference, type Reference } from "../../../model/reference.ts";
import type { BuildOptions } from "../../../operations/builder/build-options.ts";
import { notInteger, type Query } from "../../http/query.ts";
import type { Request } from "../../http/request.ts";

const BUILDKIT = "2";

/** @throws Refusal */
export function buildOptionsOf(request: Request): BuildOptions {
  const { query, api } = request;
  checkBuilder(query);
  const removesByDefault = !api.isBefore("1.12");
  const removesAlways = query.flag("forcerm");
  if (query.flag("squash")) throw badParameter("squash is only supported with experimental mode");
  checkShmSize(query);
  return {
    tags: tagsOf(query.all("t")),
    dockerfile: query.text("dockerfile"),
    remote: query.text("remote"),
    target: query.text("target"),
    isQuiet: query.flag("q"),
    usesCache: !query.flag("nocache"),
    removes: removesAlways || query.flag("rm", removesByDefault),
    removesAlways,
    pulls: query.flag("pull"),
    args: mapOf(query, "buildargs", "build args"),
    labels: mapOf(query, "labels", "labels") as Record<string, string>,
    networkMode: query.text("networkmode") || "default",
    tellsIds: !api.isBefore("1.30"),
    credentials: registryConfig(request),
  };
}

/** There is no BuildKit in a simulation: who wants it is told how to do without. */
function checkBuilder(query: Query): void {
  const version = query.text("version");
  if (version === BUILDKIT) {
    throw systemError("whalesong's mock has the classic builder only: build with DOCKER_BUILDKIT=0");
  }
  if (version !== "" && version !== "1") throw systemError(`invalid version ${JSON.stringify(version)}`);
}

/** Of the limits' numbers, this alone is looked at: what is none of the others counts as 0. */
function checkShmSize(query: Query): void {
  const text = query.text("shmsize");
  if (text !== "" && !/^[+-]?\d+$/.test(text)) throw systemError(notInteger(text).replace("Atoi", "ParseInt"));
}

function tagsOf(names: readonly string[]): Reference[] {
  try {
    return names.filter((name) => name !== "").map(parseReference);
  } catch (error) {
    throw error instanceof ApiError ? new ApiError(500, error.message) : error;
  }
}

function mapOf(query: Query, name: string, what: string): Record<string, string | null> {
  const text = query.text(name);
  if (text === "") return {};
  try {
    return (JSON.parse(text) as Record<string, string | null> | null) ?? {};
  } catch {
    throw badParameter(`error reading ${what}: invalid character '${text[0]}' looking for beginning of value`);
  }
}

/** X-Registry-Config: credentials by registry. Once a whole configuration file; before 1.9 those of one registry. */
function registryConfig(request: Request): Record<string, Credentials> {
  const { api } = request;
  if (api.isBefore("1.9")) {
    const one = encodedJson<Credentials>(request, "X-Registry-Auth");
    return one.serveraddress === undefined ? {} : { [one.serveraddress]: one };
  }
  const config = encodedJson<Record<string, Credentials>>(request, "X-Registry-Config");
  return api.isBygone && config.configs !== undefined ? (config.configs as Record<string, Credentials>) : config;
}

/** A header that is base64 of JSON. What cannot be read is nobody's. */
function encodedJson<T extends object>(request: Request, header: string): T {
  try {
    const text = Buffer.from(request.header(header) ?? "", "base64url").toString("utf8");
    return (JSON.parse(text) as T | null) ?? ({} as T);
  } catch {
    return {} as T;
  }
}
