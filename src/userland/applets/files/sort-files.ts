/** The order in which `ls` lists files. */
import { sizeOf } from "../../files/node.ts";
import type { ListedFile } from "./format-listing.ts";

type Compare = (one: ListedFile, other: ListedFile) => number;

const compareNames: Compare = (one, other) => (one.name < other.name ? -1 : Number(one.name > other.name));
const ORDERS: readonly (readonly [string, Compare])[] = [
  ["S", (one, other) => sizeOf(other.node) - sizeOf(one.node)],
  ["t", (one, other) => other.node.mtimeMs - one.node.mtimeMs],
  ["X", (one, other) => compareTexts(findExtension(one.name), findExtension(other.name))],
  ["v", (one, other) => compareVersions(one.name, other.name)],
];

export function sortFiles(files: readonly ListedFile[], flags: ReadonlyMap<string, string>): ListedFile[] {
  // The last of several letters counts.
  const letter = [...flags.keys()].reverse().find((flag) => ORDERS.some(([name]) => name === flag));
  const order = ORDERS.find(([name]) => name === letter)?.[1] ?? compareNames;
  const sign = flags.has("r") ? -1 : 1;
  const isGrouped = flags.has("group-directories-first");
  return [...files].sort((one, other) => {
    const group = isGrouped ? Number(other.node.kind === "directory") - Number(one.node.kind === "directory") : 0;
    return group || sign * (order(one, other) || compareNames(one, other));
  });
}

function findExtension(name: string): string {
  return /\.[^.]*$/.exec(name)?.[0] ?? "";
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
