import { ApiError, badParameter } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { nameGoKind } from "../http/go-json-error.ts";
import type { ApiRequest } from "../http/request.ts";

/**
 * Reads a body as moby's `ReadJSON` does (api/server/httputils), for networks, volumes, execs and files. Every error of
 * the body is the client's fault there. An empty body is an error for dockerd 20.10, and `{}` for 28.
 * @param goType Go's name of the body's type, for the error message
 * @param stringMembers members that must be strings
 * @throws ApiError 400
 */
export async function readJsonBody(
  request: ApiRequest,
  goType: string,
  stringMembers: readonly string[],
): Promise<ApiJson> {
  const sent = await readBody(request);
  if (sent === undefined) {
    if (isOlderEngine(request.release, "28")) throw badParameter("got EOF while reading request body");
    return {};
  }
  if (Array.isArray(sent)) throw badParameter(`json: cannot unmarshal array into Go value of type types.${goType}`);
  for (const name of stringMembers) {
    const value: unknown = sent?.[name];
    if (value == null || typeof value === "string") continue;
    throw badParameter(
      `json: cannot unmarshal ${nameGoKind(value)} into Go struct field ${goType}.${name} of type string`,
    );
  }
  return sent ?? {};
}

async function readBody(request: ApiRequest): Promise<ApiJson | null | undefined> {
  try {
    return await request.readOptionalJson<ApiJson | null>();
  } catch (error) {
    throw error instanceof ApiError && error.status !== 413 ? badParameter(error.message) : error;
  }
}
