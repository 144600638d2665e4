/**
 * The members of a document's example, and their types. Other members of a response do not count, because later versions
 * added some.
 */

/** `?` behind a type: or null. A list has at least one item, and all its items are alike; `*` stands for any key. */
export type JsonShape =
  | "text"
  | "number"
  | "flag"
  | "list"
  | "map"
  | "null"
  | "anything"
  | `${"text" | "number" | "flag" | "list" | "map"}?`
  | readonly [JsonShape]
  | { readonly [member: string]: JsonShape };

/** Where a value is otherwise: `State.Ghost: missing`, `Debug: flag, not number`. None where it fits. */
export function findMisfits(shape: JsonShape, value: unknown, path = ""): string[] {
  if (value === undefined) return [`${path}: missing`];
  if (typeof shape === "string") return findMisfit(shape, value, path);
  if (isList(shape)) return findMisfitsInList(shape[0], value, path);
  if (nameKind(value) !== "map") return [`${path}: ${nameKind(value)}, not map`];
  const members = value as Record<string, unknown>;
  if ("*" in shape) return findMisfitsInMap(shape["*"] as JsonShape, members, path);
  return Object.entries(shape).flatMap(([name, inner]) =>
    findMisfits(inner, members[name], path === "" ? name : `${path}.${name}`),
  );
}

function findMisfit(shape: string, value: unknown, path: string): string[] {
  const kind = nameKind(value);
  const isFit =
    shape === "anything" || shape === kind || shape === `${kind}?` || (kind === "null" && shape.endsWith("?"));
  return isFit ? [] : [`${path}: ${kind}, not ${shape}`];
}

function findMisfitsInList(item: JsonShape, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: ${nameKind(value)}, not list`];
  if (value.length === 0) return [`${path}: empty`];
  return [...new Set(value.flatMap((one) => findMisfits(item, one, path === "" ? "*" : `${path}.*`)))];
}

function findMisfitsInMap(inner: JsonShape, members: Record<string, unknown>, path: string): string[] {
  const values = Object.values(members);
  if (values.length === 0) return [`${path}: empty`];
  return [...new Set(values.flatMap((one) => findMisfits(inner, one, path === "" ? "*" : `${path}.*`)))];
}

function isList(shape: JsonShape): shape is readonly [JsonShape] {
  return Array.isArray(shape);
}

function nameKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return { string: "text", number: "number", boolean: "flag", object: "map" }[typeof value as string] ?? typeof value;
}
