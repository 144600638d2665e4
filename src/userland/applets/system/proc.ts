/** Commands that read what the kernel tells: mounts, load. */
import type { Process, Program } from "../../process/process.ts";

const MINUTE_NS = 60_000_000_000n;

/** As busybox lists what is mounted: `tmpfs on /scratch type tmpfs (rw,relatime)`. */
export const mount: Program = async (self) => {
  for (const line of readText(self, "/proc/mounts").split("\n")) {
    const [source, at, kind, options] = line.split(" ");
    if (at !== undefined) await self.writeStdout(`${source} on ${at} type ${kind} (${options})\n`);
  }
  return 0;
};

/** The machine is as old as its container. */
export const uptime: Program = async (self) => {
  const now = self.time.now();
  const first = self.table.find(1)?.startedAt ?? now;
  const time = new Date(Number(now / 1_000_000n)).toISOString().slice(11, 19);
  const load = readText(self, "/proc/loadavg").split(" ").slice(0, 3).join(", ");
  await self.writeStdout(` ${time} up ${(now - first) / MINUTE_NS} min,  0 users,  load average: ${load}\n`);
  return 0;
};

function readText({ disk }: Process, path: string): string {
  const node = disk.peek(path);
  return node?.kind === "file" ? node.content.toString("latin1") : "";
}
