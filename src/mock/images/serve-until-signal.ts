import { toBaseName } from "../../userland/files/path.ts";
import type { Process, Program } from "../../userland/process/process.ts";

/** Servers end after these. */
const INFORMING: ReadonlySet<string> = new Set(["--version", "--help", "-V"]);
/** Those that only some end after: others take `-v` for `--verbose`, and `-t` for a number of threads. */
const OWN_INFORMING: Readonly<Record<string, ReadonlySet<string>>> = {
  nginx: new Set(["-v", "-t", "-T", "-h", "-?"]),
  "httpd-foreground": new Set(["-v", "-t", "-h"]),
  "redis-server": new Set(["-v", "-h"]),
};

/** Stands in for a server: waits, and exits with 0 on TERM, INT and QUIT. */
export const serveUntilSignal: Program = async (self) => {
  const own = OWN_INFORMING[toBaseName(self.argv[0] ?? "")];
  if (self.argv.slice(1).some((word) => INFORMING.has(word) || own?.has(word))) return printNature(self);
  let end: () => void = () => undefined;
  const stopSignal = new Promise<boolean>((resolve) => {
    end = () => resolve(true);
  });
  for (const signal of ["TERM", "INT", "QUIT"]) self.onSignal(signal, () => end());
  await self.writeStdout(`${self.argv.join(" ")}: ready (simulated)\n`);
  await self.waitUntil(stopSignal);
  return 0;
};

/** It has no version: it is not the server. */
async function printNature(self: Process): Promise<number> {
  await self.writeStdout(`${toBaseName(self.argv[0] ?? "")} (simulated)\n`);
  return 0;
}
