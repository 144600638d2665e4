import { parseBoundedJson } from "../../../../base/parse-json.ts";
import { badParameter } from "../../../model/api-error.ts";
import type { Credentials } from "../../../model/credentials.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import type { Engine } from "../../../operations/engine.ts";
import type { ApiRequest } from "../../http/request.ts";

/** Reads `X-Registry-Auth`, base64 of JSON. An unreadable header counts as empty (moby api/server/router/image). */
export function readCredentials(request: ApiRequest): Credentials {
  const text = request.getHeader("X-Registry-Auth") ?? "";
  try {
    return (parseBoundedJson(Buffer.from(text, "base64url").toString("utf8")) as Credentials | null) ?? {};
  } catch {
    return {};
  }
}

/** Since 1.5 a pull sends credentials. Before 1.2 the daemon kept the credentials of the login. */
export function readLegacyPullCredentials(request: ApiRequest, { account }: Engine): Credentials {
  if (!request.api.isBefore("1.5")) return readCredentials(request);
  return request.api.isBefore("1.2") ? (account ?? {}) : {};
}

/** A push sends its credentials in a header since 1.5 and in its body before. Before 1.2 the daemon kept them. */
export async function readLegacyPushCredentials(request: ApiRequest, { account }: Engine): Promise<Credentials> {
  const { api } = request;
  if (api.isBefore("1.2")) return account ?? {};
  if (!api.isBefore("1.5")) return readCredentials(request);
  return (await request.readOptionalJson<Credentials | null>()) ?? {};
}

/**
 * Reads the header, or the body, where clients sent the same once. dockerd 28 reads only the header.
 * @throws ApiError 400 if neither has credentials, as dockerd 20.10
 */
export async function readPushCredentials(request: ApiRequest): Promise<Credentials> {
  if (!isOlderEngine(request.release, "28")) return readCredentials(request);
  if (request.getHeader("X-Registry-Auth") !== undefined) return readCredentials(request);
  const bytes = await request.readBytes();
  try {
    if (bytes.length === 0) throw new Error("EOF");
    return parseBoundedJson(bytes.toString("utf8")) as Credentials;
  } catch (error) {
    const reason =
      bytes.length === 0
        ? (error as Error).message
        : `invalid character '${bytes.toString()[0]}' looking for beginning of value`;
    throw badParameter(`Bad parameters and missing X-Registry-Auth: ${reason}`);
  }
}
