/** What commands of the network have in common. */
import type { Connection } from "../../../session/connection.ts";
import { resolve } from "../../network/host.ts";
import { type Process, ProcessEnd } from "../../process/process.ts";

/** The address of a host; a name that nobody has ends the process, in busybox' words. */
export async function addressOf(self: Process, host: string, spoken: string = host): Promise<string> {
  const address = resolve(self, host);
  if (address !== undefined) return address;
  return fail(self, `bad address '${spoken}'`);
}

/** A connection, which is over when the process is. One that cannot be made ends the process. */
export async function connectTo(self: Process, address: string, port: number): Promise<Connection> {
  const connection = self.table.host.connect(address, port);
  if (connection === "refused") return fail(self, `can't connect to remote host (${address}): Connection refused`);
  if (connection === "unreachable") return fail(self, `can't connect to remote host (${address}): No route to host`);
  return endingWith(self, connection);
}

export function endingWith(self: Process, connection: Connection): Connection {
  void self.exited.then(() => connection.reset());
  return connection;
}

export async function fail(self: Process, message: string, status = 1): Promise<never> {
  await self.complain(`${(self.argv[0] ?? "").split("/").at(-1)}: ${message}\n`);
  throw new ProcessEnd(status);
}
