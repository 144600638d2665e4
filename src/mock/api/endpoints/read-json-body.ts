import { ApiError, badParameter } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { type GoType, goString, goStruct, readGoValue } from "../http/go-type.ts";
import type { ApiRequest } from "../http/request.ts";

/**
 * Reads a body as moby's `ReadJSON` does (api/server/httputils), for networks, volumes, execs and files. Every error of
 * the body is the client's fault there. An empty body is an error for dockerd 20.10, and `{}` for 28.
 * @param goType the body's type, or Go's name of it, for the error message
 * @param stringMembers members that must be strings, of a type that is only named
 * @throws ApiError 400
 */
export async function readJsonBody(
  request: ApiRequest,
  goType: string | GoType,
  stringMembers: readonly string[] = [],
): Promise<ApiJson> {
  const sent = await readBody(request);
  if (sent === undefined) {
    if (isOlderEngine(request.release, "28")) throw badParameter("got EOF while reading request body");
    return {};
  }
  const namesKeys = !isOlderEngine(request.release, "28");
  const type = typeof goType === "string" ? createStructType(goType, stringMembers) : goType;
  return (readGoValue(sent, type, { namesKeys, refuse: badParameter }) as ApiJson | null) ?? {};
}

function createStructType(name: string, stringMembers: readonly string[]): GoType {
  return goStruct(`types.${name}`, Object.fromEntries(stringMembers.map((member) => [member, goString()])));
}

async function readBody(request: ApiRequest): Promise<ApiJson | null | undefined> {
  try {
    return await request.readOptionalJson<ApiJson | null>();
  } catch (error) {
    throw error instanceof ApiError && error.status !== 413 ? badParameter(error.message) : error;
  }
}
