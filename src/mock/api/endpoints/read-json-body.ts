import { ApiError, badParameter } from "../../model/api-error.ts";
import type { Shape } from "../../model/shapes.ts";
import type { ApiRequest } from "../http/request.ts";

/**
 * The body of a request that moby reads with its `ReadJSON` (api/server/httputils): about a network, a volume, an exec,
 * a file. Whatever is wrong with it, is the client's fault there.
 * `goType` is what Go's decoder would call it; members of `texts` must be strings.
 * @throws Refusal 400
 */
export async function readJsonBody(
  request: ApiRequest,
  goType: string,
  stringMembers: readonly string[],
): Promise<Shape> {
  const sent = await readBody(request);
  if (sent === undefined) throw badParameter("got EOF while reading request body");
  if (Array.isArray(sent)) throw badParameter(`json: cannot unmarshal array into Go value of type types.${goType}`);
  for (const name of stringMembers) {
    const value: unknown = sent?.[name];
    if (value == null || typeof value === "string") continue;
    const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    throw badParameter(`json: cannot unmarshal ${kind} into Go struct field ${goType}.${name} of type string`);
  }
  return sent ?? {};
}

async function readBody(request: ApiRequest): Promise<Shape | null | undefined> {
  try {
    return await request.readOptionalJson<Shape | null>();
  } catch (error) {
    throw error instanceof ApiError ? badParameter(error.message) : error;
  }
}
