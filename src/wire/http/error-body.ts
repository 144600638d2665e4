/** The body of a daemon's error (moby, api/server/httputils/errors.go). */
import type { HeaderField } from "./head.ts";

export interface ErrorBody {
  readonly contentType: HeaderField;
  readonly body: Buffer;
}

/**
 * JSON, or plain text under API 1.23 and below.
 * @param apiVersion that of the request, such as `1.41`; undefined counts as the newest
 */
export function encodeErrorBody(apiVersion: string | undefined, message: string): ErrorBody {
  const isText = isBefore124(apiVersion);
  return {
    contentType: ["Content-Type", isText ? "text/plain; charset=utf-8" : "application/json"],
    body: Buffer.from(isText ? `${message}\n` : `${JSON.stringify({ message })}\n`),
  };
}

function isBefore124(apiVersion: string | undefined): boolean {
  const [major = 0, minor = 0] = (apiVersion ?? "").split(".").map(Number);
  return major === 1 && minor < 24;
}
