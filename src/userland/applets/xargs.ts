/** Commands that run another one. */
import { nowhere } from "../process/pipe.ts";
import type { Program } from "../process/process.ts";
import { Inputs } from "./inputs.ts";
import { optionsOf } from "./options.ts";
import { runOther } from "./run-other.ts";

const SOME_FAILED = 123;

/** The words of its input are arguments of a command: all at once, `-n` at a time, or each in the place of `-I`. */
export const xargs: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "nILdPs", true);
  const text = (await new Inputs(self, []).whole()).toString("utf8");
  const place = given.get("I");
  const command = words.length === 0 ? ["echo"] : words;
  const read = place === undefined && !given.has("0") ? wordsIn(text) : text.split(given.has("0") ? "\0" : "\n");
  const all = read.filter((word) => word !== "");
  if (all.length === 0 && (given.has("r") || place !== undefined)) return 0;
  const most = place === undefined ? Number(given.get("n") ?? given.get("L") ?? Math.max(1, all.length)) : 1;
  let status = 0;
  for (let at = 0; at < Math.max(1, all.length); at += most) {
    const some = all.slice(at, at + most);
    const argv =
      place === undefined ? [...command, ...some] : command.map((word) => word.replaceAll(place, some[0] ?? ""));
    const one = await runOther(self, argv, { stdin: nowhere });
    if (one === 127) return one;
    if (one !== 0) status = SOME_FAILED;
  }
  return status;
};

function wordsIn(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? "",
  );
}

/** How long a command took, by the daemon's clock. */
export const time: Program = async (self) => {
  const { words } = optionsOf(self.argv, "", true);
  const before = self.time.now();
  const status = await runOther(self, words);
  const ms = Number(self.time.now() - before) / 1e6;
  const spoken = `${Math.floor(ms / 60_000)}m ${((ms % 60_000) / 1000).toFixed(2)}s`;
  await self.complain(`real\t${spoken}\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
  return status;
};
