import { escapeUnprintable } from "../base/printable.ts";
import type { Call } from "../session/call.ts";
import { encodeErrorBody } from "../wire/http/error-body.ts";

/** Writes an error as dockerd does, so that the client prints it: escaped, because it quotes strangers. */
export async function writeError(call: Call, status: number, reason: string, message: string): Promise<void> {
  const { contentType, body } = encodeErrorBody(call.operation.apiVersion, escapeUnprintable(message));
  if (!call.isBodyRead) call.connectionFate = "close";
  const head = call.encodeHead(status, reason, [
    contentType,
    ["Content-Length", String(body.length)],
    ...(call.connectionFate === "close" ? [["Connection", "close"] as const] : []),
  ]);
  await call.connection.write(call.head.method === "HEAD" ? head : Buffer.concat([head, body]));
}
