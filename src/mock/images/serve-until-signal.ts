import type { Program } from "../../userland/process/process.ts";

/** Stands in for a server: waits, and exits with 0 on TERM, INT and QUIT. */
export const serveUntilSignal: Program = async (self) => {
  let end: () => void = () => undefined;
  const stopSignal = new Promise<boolean>((resolve) => {
    end = () => resolve(true);
  });
  for (const signal of ["TERM", "INT", "QUIT"]) self.onSignal(signal, () => end());
  await self.writeStdout(`${self.argv.join(" ")}: ready (simulated)\n`);
  await self.waitUntil(stopSignal);
  return 0;
};
