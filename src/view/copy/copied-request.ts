/** The request of an exchange of the page, in the form in which it is copied. */
import type { PageDetail } from "../page/page-record.ts";
import type { CurlBody, CurlRequest } from "./format-curl.ts";

/** Undefined for a request that no plain client of HTTP makes: a build of BuildKit, an attach. */
export function toCurlRequest(method: string, detail: PageDetail): CurlRequest | undefined {
  if (detail.upgrade !== undefined) return undefined;
  const body = toCurlBody(detail);
  const { target, request } = detail;
  return { method, target, headers: request.headers ?? [], ...(body === undefined ? {} : { body }) };
}

function toCurlBody({ request: { body }, sent }: PageDetail): CurlBody | undefined {
  if (body === undefined || "base64" in body || "text" in body) return body;
  return "json" in body ? { text: sent ?? JSON.stringify(body.json) } : { file: body.file };
}
