import { toBaseName } from "../../userland/files/path.ts";
import type { Process, Program } from "../../userland/process/process.ts";

/** Servers end after these. `-v` is left out: some take it for `--verbose`. */
const INFORMING: ReadonlySet<string> = new Set(["--version", "--help", "-V"]);

/** Stands in for a server: waits, and exits with 0 on TERM, INT and QUIT. */
export const serveUntilSignal: Program = async (self) => {
  if (self.argv.slice(1).some((word) => INFORMING.has(word))) return printNature(self);
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
