import type { Call } from "../session/call.ts";

/**
 * Writes an error as dockerd does, so that the client prints it: JSON, or plain text under API 1.23 and below
 * (moby, api/server/httputils/errors.go).
 */
export async function writeError(call: Call, status: number, reason: string, message: string): Promise<void> {
  const isText = isBelow124(call.operation.apiVersion);
  const body = Buffer.from(isText ? `${message}\n` : `${JSON.stringify({ message })}\n`);
  if (!call.isBodyRead) call.connectionFate = "close";
  const head = call.encodeHead(status, reason, [
    ["Content-Type", isText ? "text/plain; charset=utf-8" : "application/json"],
    ["Content-Length", String(body.length)],
    ...(call.connectionFate === "close" ? [["Connection", "close"] as const] : []),
  ]);
  await call.connection.write(call.head.method === "HEAD" ? head : Buffer.concat([head, body]));
}

function isBelow124(apiVersion: string | undefined): boolean {
  const [major = 0, minor = 0] = (apiVersion ?? "").split(".").map(Number);
  return major === 1 && minor < 24;
}
