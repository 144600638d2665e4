/** `time`: how long a command took, by the daemon's clock. */
import { findProgramFor } from "../../process/find-program.ts";
import type { Process, Program } from "../../process/process.ts";
import { complain, expectWords } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";
import { createLookupError } from "../run-command.ts";

/** It has no `-v`, whose figures are those of a kernel. */
export const time: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "po:a", { stopsAtWord: true });
  expectWords(words, 1);
  const before = self.time.now();
  const status = await run(self, words);
  const ms = Number(self.time.now() - before) / 1e6;
  const seconds = (ms / 1000).toFixed(2);
  const elapsed = `${Math.floor(ms / 60_000)}m ${((ms % 60_000) / 1000).toFixed(2)}s`;
  const failure = status === 0 ? "" : `Command exited with non-zero status ${status}\n`;
  const figures = flags.has("p")
    ? `real ${seconds}\nuser 0.00\nsys 0.00\n`
    : `real\t${elapsed}\nuser\t0m 0.00s\nsys\t0m 0.00s\n`;
  const file = flags.get("o");
  if (file === undefined) await self.writeStderr(failure + figures);
  else self.disk.write(self.resolvePath(file), Buffer.from(failure + figures), { appends: flags.has("a") });
  return status;
};

async function run(self: Process, argv: readonly string[]): Promise<number> {
  const program = findProgramFor(self, argv);
  if (typeof program === "function") return self.waitUntil(self.spawn(program, argv).exited);
  const { message, status } = createLookupError(argv, program);
  await complain(self, message);
  return status;
}
