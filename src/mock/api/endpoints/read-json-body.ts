import { ApiError, badParameter, systemError } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { LEGACY_CREATE_BODY } from "../http/go-bodies.ts";
import { readGoValue } from "../http/go-type.ts";
import { JSON_BODIES, type JsonOperation } from "../http/json-bodies.ts";
import type { ApiRequest } from "../http/request.ts";

/**
 * Reads a body as moby's `ReadJSON` does (api/server/httputils), for networks, volumes, execs, files and swarms. Every
 * error of the body is the client's fault there. An empty body is an error for dockerd 20.10, and `{}` for 28.
 * @throws ApiError 400
 */
export async function readJsonBody(request: ApiRequest, operation: JsonOperation): Promise<ApiJson> {
  const sent = await readBody(request);
  if (sent !== undefined) return toGoBody(request, operation, sent, badParameter) ?? {};
  if (isOlderEngine(request.release, "28")) throw badParameter("got EOF while reading request body");
  return {};
}

/**
 * Puts a body into Go's type where moby decodes it by itself (containers, commits, logins): 20.10 calls what does not
 * fit a fault of its own.
 * @throws ApiError 500 (28: 400)
 */
export function toGoBody(
  request: ApiRequest,
  operation: JsonOperation,
  sent: unknown,
  refuse: (message: string) => ApiError = systemError,
): ApiJson | null {
  const isOfCreate = operation === "ContainerCreate" || operation === "ImageCommit";
  const type = request.api.isLegacy && isOfCreate ? LEGACY_CREATE_BODY : JSON_BODIES[operation];
  return readGoValue(sent, type, { namesKeys: !isOlderEngine(request.release, "28"), refuse }) as ApiJson | null;
}

async function readBody(request: ApiRequest): Promise<ApiJson | null | undefined> {
  try {
    return await request.readOptionalJson<ApiJson | null>();
  } catch (error) {
    throw error instanceof ApiError && error.status !== 413 ? badParameter(error.message) : error;
  }
}
