/** Commands that talk to other hosts; there is no network between simulated containers yet. */
import { listensIn } from "../files/socket-table.ts";
import type { Process, Program } from "../process/process.ts";
import { optionsOf } from "./options.ts";

const OURS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1", "0.0.0.0"]);

/**
 * `nc -l` listens for ever: nobody reaches it from within. To connect fails where nobody listens; somebody who listens
 * has nothing to say from within.
 */
export const nc: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "pwes");
  if (!given.has("l")) {
    const [host = "", port = ""] = words;
    if (isListening(self, host, Number(port))) return 0;
    await self.complain(`nc: can't connect to remote host (${host}:${port}): Connection refused\n`);
    return 1;
  }
  await self.sleep(2 ** 31 - 1);
  return 0;
};

function isListening({ disk }: Process, host: string, port: number): boolean {
  const table = disk.peek("/proc/net/tcp");
  return OURS.has(host) && table?.kind === "file" && listensIn(table.content.toString("latin1"), port);
}
