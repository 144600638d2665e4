import { badParameter } from "../../../model/api-error.ts";
import type { Credentials } from "../../../model/credentials.ts";
import type { Engine } from "../../../operations/engine.ts";
import type { ApiRequest } from "../../http/request.ts";

/** X-Registry-Auth: base64 of JSON. What cannot be read is nobody's credentials (moby api/server/router/image). */
export function readCredentials(request: ApiRequest): Credentials {
  const text = request.getHeader("X-Registry-Auth") ?? "";
  try {
    return (JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Credentials | null) ?? {};
  } catch {
    return {};
  }
}

/** Pulls have credentials since 1.5; before 1.2 the daemon knew who had logged in. */
export function readLegacyPullCredentials(request: ApiRequest, { account }: Engine): Credentials {
  if (!request.api.isBefore("1.5")) return readCredentials(request);
  return request.api.isBefore("1.2") ? (account ?? {}) : {};
}

/** A push has them in a header since 1.5, before in its body, and before 1.2 with the daemon. */
export async function readLegacyPushCredentials(request: ApiRequest, { account }: Engine): Promise<Credentials> {
  const { api } = request;
  if (api.isBefore("1.2")) return account ?? {};
  if (!api.isBefore("1.5")) return readCredentials(request);
  return (await request.readOptionalJson<Credentials | null>()) ?? {};
}

/** A push wants the header; once, the body had the same. @throws Refusal 400 */
export async function readPushCredentials(request: ApiRequest): Promise<Credentials> {
  if (request.getHeader("X-Registry-Auth") !== undefined) return readCredentials(request);
  const bytes = await request.readBytes();
  try {
    if (bytes.length === 0) throw new Error("EOF");
    return JSON.parse(bytes.toString("utf8")) as Credentials;
  } catch (error) {
    const reason =
      bytes.length === 0
        ? (error as Error).message
        : `invalid character '${bytes.toString()[0]}' looking for beginning of value`;
    throw badParameter(`Bad parameters and missing X-Registry-Auth: ${reason}`);
  }
}
