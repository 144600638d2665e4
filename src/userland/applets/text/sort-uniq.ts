/** Lines in order, and runs of the same lines. */
import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

type Compare = (one: string, other: string) => number;

export const sort: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "nrugVcszbdfik:o:t:");
  const inputs = new Inputs(self, words);
  const lines: string[] = [];
  for await (const line of inputs.readLines()) lines.push(line.toString("utf8").replace(/\n$/, ""));
  const compare = createComparison(flags);
  lines.sort(compare);
  const kept = flags.has("u")
    ? lines.filter((line, at) => at === 0 || compare(lines[at - 1] as string, line) !== 0)
    : lines;
  const text = kept.map((line) => `${line}\n`).join("");
  const target = flags.get("o");
  if (target === undefined) await self.writeStdout(text);
  else self.disk.write(self.resolvePath(target), Buffer.from(text));
  return Number(inputs.failed);
};

/** By the key, and where that is the same, by the whole line. */
function createComparison(flags: ReadonlyMap<string, string>): Compare {
  const [, from, to, letters = ""] = /^(\d+)(?:,(\d+))?([a-z]*)$/.exec(flags.get("k") ?? "") ?? [];
  const isNumeric = flags.has("n") || letters.includes("n");
  const sign = flags.has("r") || letters.includes("r") ? -1 : 1;
  const fold = (text: string): string => (flags.has("f") ? text.toUpperCase() : text);
  const byKey: Compare = isNumeric
    ? compareNumbers
    : flags.has("V")
      ? compareVersions
      : (one, other) => compareTexts(fold(one), fold(other));
  const toKey = (line: string): string =>
    from === undefined ? line : extractKey(line, Number(from), Number(to ?? 0), flags.get("t"));
  return (one, other) =>
    sign * (byKey(toKey(one), toKey(other)) || (flags.has("u") || flags.has("s") ? 0 : compareTexts(one, other)));
}

function extractKey(line: string, from: number, to: number, separator: string | undefined): string {
  const fields = separator === undefined ? line.trimStart().split(/\s+/) : line.split(separator);
  return fields.slice(from - 1, to || undefined).join(separator ?? " ");
}

const compareNumbers: Compare = (one, other) => (Number.parseFloat(one) || 0) - (Number.parseFloat(other) || 0);
const compareTexts: Compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
const compareVersions: Compare = (one, other) => one.localeCompare(other, "en", { numeric: true });

export const uniq: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "cdu");
  const runs: { line: string; count: number }[] = [];
  for await (const bytes of new Inputs(self, words).readLines()) {
    const line = bytes.toString("utf8").replace(/\n$/, "");
    const last = runs.at(-1);
    if (last?.line === line) last.count += 1;
    else runs.push({ line, count: 1 });
  }
  for (const { line, count } of runs) {
    if ((flags.has("d") && count === 1) || (flags.has("u") && count > 1)) continue;
    await self.writeStdout(`${flags.has("c") ? `${String(count).padStart(7)} ` : ""}${line}\n`);
  }
  return 0;
};
