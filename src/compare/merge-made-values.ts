/** Leaves the old value in each member of a JSON body in which only a value differs that the daemon made. */
import { encodeJson, type JsonEntry, type JsonTree, parseTidyJson } from "../cassette/json-tree.ts";
import { type ComparedContext, compareContents, findName } from "./compare-content.ts";

/** @returns `fresh` where the two cannot be merged member by member */
export function mergeMadeValues(old: Buffer, fresh: Buffer, context: ComparedContext): Buffer {
  const [one, other] = [parseBody(old), parseBody(fresh)];
  if (one === undefined || other === undefined) return fresh;
  const end = fresh.toString().endsWith("\n") ? "\n" : "";
  if (encodeJson(other, "plain") + end !== fresh.toString()) return fresh;
  return Buffer.from(encodeJson(mergeTrees(one, other, context, "body"), "plain") + end);
}

function parseBody(bytes: Buffer): JsonTree | undefined {
  return parseTidyJson(bytes.toString().replace(/\n$/, ""));
}

function mergeTrees(old: JsonTree, fresh: JsonTree, context: ComparedContext, field: string): JsonTree {
  if (old.kind === "map" && fresh.kind === "map") {
    const others = new Map(old.entries);
    const entries = fresh.entries.map(([name, value]): JsonEntry => {
      const other = others.get(name);
      return [name, other === undefined ? value : mergeTrees(other, value, context, `${field}.${name}`)];
    });
    return { kind: "map", entries };
  }
  if (old.kind === "list" && fresh.kind === "list") return mergeLists(old.items, fresh.items, context, field);
  return isMadeAnew(old, fresh, context, field) ? old : fresh;
}

function mergeLists(
  old: readonly JsonTree[],
  fresh: readonly JsonTree[],
  context: ComparedContext,
  field: string,
): JsonTree {
  const names = fresh.map((item) => findName(toValue(item)));
  if (names.includes(undefined) || new Set(names).size < names.length) {
    const items = fresh.map((item, at) => mergeTrees(old[at] ?? item, item, context, `${field}[${at}]`));
    return { kind: "list", items };
  }
  const places = new Map(old.map((item, at) => [findName(toValue(item)), at]));
  const merged = fresh.map((item, at) => {
    const place = places.get(names[at]);
    const other = place === undefined ? undefined : old[place];
    return { place, item: other === undefined ? item : mergeTrees(other, item, context, `${field}[${names[at]}]`) };
  });
  return { kind: "list", items: sortKnown(merged).map(({ item }) => item) };
}

/** Those that were there before stand in their old order, in the places that they have now. */
function sortKnown<T extends { readonly place: number | undefined }>(items: readonly T[]): readonly T[] {
  const known = items.filter(({ place }) => place !== undefined);
  const sorted = [...known].sort((a, b) => (a.place as number) - (b.place as number)).values();
  return items.map((item) => (item.place === undefined ? item : (sorted.next().value as T)));
}

function isMadeAnew(old: JsonTree, fresh: JsonTree, context: ComparedContext, field: string): boolean {
  if (old.kind === "list" || old.kind === "map" || fresh.kind === "list" || fresh.kind === "map") return false;
  return compareContents(toValue(old), toValue(fresh), context, field).every(({ isMade }) => isMade);
}

function toValue(tree: JsonTree): unknown {
  return JSON.parse(encodeJson(tree, "plain"));
}
