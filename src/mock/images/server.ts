import type { Program } from "../../userland/process/process.ts";

/** Stands for whatever serves until it is told to stop: it waits, and ends in peace on TERM, INT and QUIT. */
export const server: Program = async (self) => {
  let end: () => void = () => undefined;
  const told = new Promise<boolean>((resolve) => {
    end = () => resolve(true);
  });
  for (const signal of ["TERM", "INT", "QUIT"]) self.onSignal(signal, () => end());
  await self.print(`${self.argv.join(" ")}: ready (simulated)\n`);
  await self.until(told);
  return 0;
};
