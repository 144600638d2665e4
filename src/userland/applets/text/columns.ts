/** Parts of lines. */
import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { optionsOf } from "../options.ts";

export const cut: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "dfcb");
  const letters = given.get("c") ?? given.get("b");
  const [delimiter, list] = letters !== undefined ? ["", letters] : [given.get("d") ?? "\t", given.get("f")];
  const wanted = (list ?? "1").split(",").map((range) => range.split("-").map(Number));
  const isWanted = (number: number): boolean =>
    wanted.some(
      ([from = 0, to]) => number >= from && number <= (to === undefined ? from : to || Number.POSITIVE_INFINITY),
    );
  for await (const bytes of new Inputs(self, words).lines()) {
    const line = bytes.toString("utf8").replace(/\n$/, "");
    const isPlain = delimiter !== "" && !line.includes(delimiter);
    if (isPlain && given.has("s")) continue;
    const parts = line.split(delimiter).filter((_, index) => isWanted(index + 1));
    await self.print(`${isPlain ? line : parts.join(delimiter)}\n`);
  }
  return 0;
};

export const rev: Program = async (self) => {
  for await (const line of new Inputs(self, optionsOf(self.argv).words).lines()) {
    await self.print(`${[...line.toString("utf8").replace(/\n$/, "")].reverse().join("")}\n`);
  }
  return 0;
};

/** Lines with their numbers; those that are empty have none. */
export const nl: Program = async (self) => {
  let number = 0;
  for await (const line of new Inputs(self, optionsOf(self.argv, "bwsv").words).lines()) {
    const text = line.toString("utf8");
    await self.print(text === "\n" ? "       \n" : `${String(++number).padStart(6)}\t${text}`);
  }
  return 0;
};

export const fold: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "w");
  const width = Number(given.get("w") ?? 80);
  for await (const line of new Inputs(self, words).lines()) {
    const text = line.toString("utf8").replace(/\n$/, "");
    const rows = text.match(new RegExp(`.{1,${width}}`, "g")) ?? [""];
    await self.print(rows.map((row) => `${row}\n`).join(""));
  }
  return 0;
};

/** Lines of files beside each other; with `-s` those of each file in a row. */
export const paste: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "d");
  const between = given.get("d") ?? "\t";
  const columns: string[][] = [];
  for await (const { pieces } of new Inputs(self, words)) {
    let text = "";
    for await (const bytes of pieces()) text += bytes.toString("utf8");
    columns.push(text.replace(/\n$/, "").split("\n"));
  }
  const longest = Math.max(...columns.map(({ length }) => length));
  const rows = given.has("s")
    ? columns
    : Array.from({ length: longest }, (_, at) => columns.map((column) => column[at] ?? ""));
  await self.print(rows.map((row) => `${row.join(between)}\n`).join(""));
  return 0;
};
