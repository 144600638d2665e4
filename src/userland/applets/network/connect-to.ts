/** What commands of the network have in common. */
import type { Connection } from "../../../session/connection.ts";
import { resolveName } from "../../network/host.ts";
import type { Process } from "../../process/process.ts";
import { ProcessEnd } from "../../process/process-end.ts";

/** The address of a host. An unknown name ends the process with busybox's message. */
export async function resolveAddress(self: Process, host: string, shown: string = host): Promise<string> {
  const address = resolveName(self, host);
  if (address !== undefined) return address;
  return fail(self, `bad address '${shown}'`);
}

/** A connection, which is over when the process is. One that cannot be made ends the process. */
export async function connectTo(self: Process, address: string, port: number): Promise<Connection> {
  const connection = self.table.host.connect(address, port);
  if (connection === "refused") return fail(self, `can't connect to remote host (${address}): Connection refused`);
  if (connection === "unreachable") return fail(self, `can't connect to remote host (${address}): No route to host`);
  return endWith(self, connection);
}

export function endWith(self: Process, connection: Connection): Connection {
  void self.exited.then(() => connection.reset());
  return connection;
}

export async function fail(self: Process, message: string, status = 1): Promise<never> {
  await self.writeStderr(`${(self.argv[0] ?? "").split("/").at(-1)}: ${message}\n`);
  throw new ProcessEnd(status);
}
