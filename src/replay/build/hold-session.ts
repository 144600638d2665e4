/** Upgrades the connections that builds use. */
import type { Call } from "../../session/call.ts";
import type { Connection } from "../../session/connection.ts";
import { toHijackedConnection } from "../../session/hijacked-connection.ts";
import { type HeaderField, hasToken } from "../../wire/http/fields.ts";

const UPGRADED: readonly HeaderField[] = [
  ["Connection", "Upgrade"],
  ["Upgrade", "h2c"],
];

export function asksForHttp2({ head }: Call): boolean {
  return hasToken(head.fields, "Upgrade", "h2c");
}

/** docker-modem sends a chunked body with its upgrade, of no bytes, whose last chunk is no HTTP/2. */
export async function upgradeToHttp2(call: Call): Promise<Connection> {
  if (!call.isBodyRead) await call.drainBody();
  void call.connection.write(call.encodeHead(101, "Switching Protocols", UPGRADED));
  return toHijackedConnection(call);
}

/** Holds a session, of which nothing is asked, until its client leaves. Declines what asks for no session. */
export async function holdSession(call: Call): Promise<boolean> {
  if (!call.request.asksUpgrade || !asksForHttp2(call)) return false;
  const connection = await upgradeToHttp2(call);
  call.connectionFate = "close";
  while ((await connection.read()) !== undefined);
  return true;
}
