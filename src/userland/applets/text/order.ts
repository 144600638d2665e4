/** Lines in order, and runs of the same lines. */
import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { optionsOf } from "../options.ts";

type Compare = (one: string, other: string) => number;

export const sort: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "kto");
  const inputs = new Inputs(self, words);
  const lines: string[] = [];
  for await (const line of inputs.lines()) lines.push(line.toString("utf8").replace(/\n$/, ""));
  const compare = comparing(given);
  lines.sort(compare);
  const kept = given.has("u")
    ? lines.filter((line, at) => at === 0 || compare(lines[at - 1] as string, line) !== 0)
    : lines;
  const text = kept.map((line) => `${line}\n`).join("");
  const target = given.get("o");
  if (target === undefined) await self.print(text);
  else self.disk.write(self.path(target), Buffer.from(text));
  return Number(inputs.failed);
};

/** By the key, and where that is the same, by the whole line. */
function comparing(given: ReadonlyMap<string, string>): Compare {
  const [, from, to, letters = ""] = /^(\d+)(?:,(\d+))?([a-z]*)$/.exec(given.get("k") ?? "") ?? [];
  const isNumeric = given.has("n") || letters.includes("n");
  const sign = given.has("r") || letters.includes("r") ? -1 : 1;
  const fold = (text: string): string => (given.has("f") ? text.toUpperCase() : text);
  const byKey: Compare = isNumeric
    ? byNumber
    : given.has("V")
      ? byVersion
      : (one, other) => byText(fold(one), fold(other));
  const key = (line: string): string =>
    from === undefined ? line : keyOf(line, Number(from), Number(to ?? 0), given.get("t"));
  return (one, other) =>
    sign * (byKey(key(one), key(other)) || (given.has("u") || given.has("s") ? 0 : byText(one, other)));
}

function keyOf(line: string, from: number, to: number, separator: string | undefined): string {
  const fields = separator === undefined ? line.trimStart().split(/\s+/) : line.split(separator);
  return fields.slice(from - 1, to || undefined).join(separator ?? " ");
}

const byNumber: Compare = (one, other) => (Number.parseFloat(one) || 0) - (Number.parseFloat(other) || 0);
const byText: Compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
const byVersion: Compare = (one, other) => one.localeCompare(other, "en", { numeric: true });

export const uniq: Program = async (self) => {
  const { given, words } = optionsOf(self.argv);
  const runs: { line: string; count: number }[] = [];
  for await (const bytes of new Inputs(self, words).lines()) {
    const line = bytes.toString("utf8").replace(/\n$/, "");
    const last = runs.at(-1);
    if (last?.line === line) last.count += 1;
    else runs.push({ line, count: 1 });
  }
  for (const { line, count } of runs) {
    if ((given.has("d") && count === 1) || (given.has("u") && count > 1)) continue;
    await self.print(`${given.has("c") ? `${String(count).padStart(7)} ` : ""}${line}\n`);
  }
  return 0;
};
