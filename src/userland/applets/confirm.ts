/** Asks a question as busybox does before it overwrites or removes (libbb/ask_confirmation.c). */
import type { Process } from "../process/process.ts";

const LF = 0x0a;

/** Whether the next line of standard input begins with a `y`. */
export async function isConfirmed(self: Process, question: string): Promise<boolean> {
  await self.writeStderr(question);
  let line = Buffer.alloc(0);
  for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) {
    line = Buffer.concat([line, bytes]);
    const end = line.indexOf(LF) + 1;
    if (end === 0) continue;
    if (end < line.length) self.stdin.putBack(line.subarray(end));
    break;
  }
  return /^\s*[yY]/.test(line.toString("latin1"));
}
