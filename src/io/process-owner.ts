/**
 * Which process something on disk belongs to. A pid alone is not enough, because the system may have reused it (in a
 * container it is the same in every run), so an owner also has the start time of its process where the system provides
 * it.
 */
import { readFileSync } from "node:fs";
import { getErrno } from "./errno.ts";

/** `pid start`, and a line feed. The start time distinguishes the process from a later one with the same pid. */
export function formatOwner(pid: number): string {
  return `${pid} ${readStartTime(pid) ?? "?"}\n`;
}

/** Whether the process that `formatOwner` named still runs. */
export function isOwnerAlive(owner: string): boolean {
  const pid = Number.parseInt(owner, 10);
  if (!(pid > 0)) return false;
  return isRunning(pid) && (owner.includes("?") || formatOwner(pid) === owner);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return getErrno(error) === "EPERM";
  }
}

/** The 22nd field of /proc/<pid>/stat; the second is a name in parentheses that may hold anything (proc(5)). */
function readStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie: in a container without an init it stays one.
    return "ZX".includes(state) ? "dead" : fields[18];
  } catch {
    return undefined;
  }
}
