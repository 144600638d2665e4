/** Commands that run another one. */
import { nowhere } from "../../process/pipe.ts";
import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";
import { runCommand } from "../run-command.ts";

const SOME_FAILED = 123;

/** The words of its input are arguments of a command: all at once, `-n` at a time, or each in the place of `-I`. */
export const xargs: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "n:I:L:d:P:s:0rtpx", { stopsAtWord: true });
  const text = (await new Inputs(self, []).readWhole()).toString("utf8");
  const place = flags.get("I");
  const command = words.length === 0 ? ["echo"] : words;
  const read = place === undefined && !flags.has("0") ? splitWords(text) : text.split(flags.has("0") ? "\0" : "\n");
  const all = read.filter((word) => word !== "");
  if (all.length === 0 && (flags.has("r") || place !== undefined)) return 0;
  const most = place === undefined ? Number(flags.get("n") ?? flags.get("L") ?? Math.max(1, all.length)) : 1;
  let status = 0;
  for (let at = 0; at < Math.max(1, all.length); at += most) {
    const some = all.slice(at, at + most);
    const argv =
      place === undefined ? [...command, ...some] : command.map((word) => word.replaceAll(place, some[0] ?? ""));
    const one = await runCommand(self, argv, { stdin: nowhere });
    if (one === 127) return one;
    if (one !== 0) status = SOME_FAILED;
  }
  return status;
};

function splitWords(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? "",
  );
}

/** How long a command took, by the daemon's clock. */
export const time: Program = async (self) => {
  const { words } = readOptions(self.argv, "", { stopsAtWord: true });
  const before = self.time.now();
  const status = await runCommand(self, words);
  const ms = Number(self.time.now() - before) / 1e6;
  const elapsed = `${Math.floor(ms / 60_000)}m ${((ms % 60_000) / 1000).toFixed(2)}s`;
  await self.writeStderr(`real\t${elapsed}\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
  return status;
};
