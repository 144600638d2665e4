/** Parts of lines. */
import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

export const cut: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "dfcb");
  const letters = flags.get("c") ?? flags.get("b");
  const [delimiter, list] = letters !== undefined ? ["", letters] : [flags.get("d") ?? "\t", flags.get("f")];
  const ranges = (list ?? "1").split(",").map((range) => range.split("-").map(Number));
  const isSelected = (number: number): boolean =>
    ranges.some(
      ([from = 0, to]) => number >= from && number <= (to === undefined ? from : to || Number.POSITIVE_INFINITY),
    );
  for await (const bytes of new Inputs(self, words).readLines()) {
    const line = bytes.toString("utf8").replace(/\n$/, "");
    const isPlain = delimiter !== "" && !line.includes(delimiter);
    if (isPlain && flags.has("s")) continue;
    const parts = line.split(delimiter).filter((_, index) => isSelected(index + 1));
    await self.writeStdout(`${isPlain ? line : parts.join(delimiter)}\n`);
  }
  return 0;
};

export const rev: Program = async (self) => {
  for await (const line of new Inputs(self, readOptions(self.argv).words).readLines()) {
    await self.writeStdout(`${[...line.toString("utf8").replace(/\n$/, "")].reverse().join("")}\n`);
  }
  return 0;
};

/** Lines with their numbers; those that are empty have none. */
export const nl: Program = async (self) => {
  let number = 0;
  for await (const line of new Inputs(self, readOptions(self.argv, "bwsv").words).readLines()) {
    const text = line.toString("utf8");
    await self.writeStdout(text === "\n" ? "       \n" : `${String(++number).padStart(6)}\t${text}`);
  }
  return 0;
};

export const fold: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "w");
  const width = Number(flags.get("w") ?? 80);
  for await (const line of new Inputs(self, words).readLines()) {
    const text = line.toString("utf8").replace(/\n$/, "");
    const rows = text.match(new RegExp(`.{1,${width}}`, "g")) ?? [""];
    await self.writeStdout(rows.map((row) => `${row}\n`).join(""));
  }
  return 0;
};

/** Lines of files beside each other; with `-s` those of each file in a row. */
export const paste: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "d");
  const between = flags.get("d") ?? "\t";
  const columns: string[][] = [];
  for await (const { pieces } of new Inputs(self, words)) {
    let text = "";
    for await (const bytes of pieces()) text += bytes.toString("utf8");
    columns.push(text.replace(/\n$/, "").split("\n"));
  }
  const longest = Math.max(...columns.map(({ length }) => length));
  const rows = flags.has("s")
    ? columns
    : Array.from({ length: longest }, (_, at) => columns.map((column) => column[at] ?? ""));
  await self.writeStdout(rows.map((row) => `${row.join(between)}\n`).join(""));
  return 0;
};
