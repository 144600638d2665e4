/** Formats an error for the client's version: JSON since 1.24, text before (docs/protocol-notes.md, "Errors"). */
import { encodeGoString } from "../../../wire/go-json.ts";
import type { HeaderField } from "../../../wire/http/head.ts";
import type { ApiVersion } from "../../model/api-version.ts";
import type { BytesResponse } from "./response.ts";

const NOSNIFF: HeaderField = ["X-Content-Type-Options", "nosniff"];

export function formatError(api: ApiVersion, status: number, message: string): BytesResponse {
  if (!api.isBefore("1.24")) {
    const bytes = Buffer.from(`{"message":${encodeGoString(message, false)}}\n`);
    return { kind: "bytes", status, contentType: "application/json", bytes };
  }
  const bytes = Buffer.from(`${message}\n`);
  return { kind: "bytes", status, contentType: "text/plain; charset=utf-8", fields: [NOSNIFF], bytes };
}
