import type { Connection } from "../../../../../session/connection.ts";
import type { HeaderField } from "../../../../../wire/http/head.ts";
import { badParameter } from "../../../../model/api-error.ts";
import type { HijackedConnection } from "../../../http/hijacked-connection.ts";
import type { ApiRequest } from "../../../http/request.ts";

const UPGRADED: readonly HeaderField[] = [
  ["Connection", "Upgrade"],
  ["Upgrade", "h2c"],
];

/**
 * Lets the connection go over to HTTP/2. dockerd sends no other headers then, and loses what came with the request: of
 * docker-modem, the end of a chunked body.
 */
export async function upgradeConnection(hijacked: HijackedConnection): Promise<Connection> {
  hijacked.dropReadAhead();
  await hijacked.writeHead(101, "Switching Protocols", UPGRADED);
  return hijacked.toConnection();
}

/** @throws ApiError 400 for a client that does not ask for HTTP/2 */
export function checkUpgrade(request: ApiRequest): void {
  const protocol = request.getHeader("Upgrade") ?? "";
  if (protocol.toLowerCase() !== "h2c") throw badParameter(`protocol ${protocol} not supported`);
}
