/**
 * What an example of a document tells about an answer: which members it has, and of which types. Members beyond it are
 * not looked at; whoever came later added some.
 */

/** `?` behind a type: or null. A list has at least one item, and all its items are alike; `*` stands for any key. */
export type Shape =
  | "text"
  | "number"
  | "flag"
  | "list"
  | "map"
  | "null"
  | "anything"
  | `${"text" | "number" | "flag" | "list" | "map"}?`
  | readonly [Shape]
  | { readonly [member: string]: Shape };

/** Where a value is otherwise: `State.Ghost: missing`, `Debug: flag, not number`. None where it fits. */
export function misfits(shape: Shape, value: unknown, path = ""): string[] {
  if (value === undefined) return [`${path}: missing`];
  if (typeof shape === "string") return misfit(shape, value, path);
  if (isList(shape)) return misfitsInList(shape[0], value, path);
  if (kindOf(value) !== "map") return [`${path}: ${kindOf(value)}, not map`];
  const members = value as Record<string, unknown>;
  if ("*" in shape) return misfitsInMap(shape["*"] as Shape, members, path);
  return Object.entries(shape).flatMap(([name, inner]) =>
    misfits(inner, members[name], path === "" ? name : `${path}.${name}`),
  );
}

function misfit(shape: string, value: unknown, path: string): string[] {
  const kind = kindOf(value);
  const isFit =
    shape === "anything" || shape === kind || shape === `${kind}?` || (kind === "null" && shape.endsWith("?"));
  return isFit ? [] : [`${path}: ${kind}, not ${shape}`];
}

function misfitsInList(item: Shape, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: ${kindOf(value)}, not list`];
  if (value.length === 0) return [`${path}: empty`];
  return [...new Set(value.flatMap((one) => misfits(item, one, path === "" ? "*" : `${path}.*`)))];
}

function misfitsInMap(inner: Shape, members: Record<string, unknown>, path: string): string[] {
  const values = Object.values(members);
  if (values.length === 0) return [`${path}: empty`];
  return [...new Set(values.flatMap((one) => misfits(inner, one, path === "" ? "*" : `${path}.*`)))];
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return { string: "text", number: "number", boolean: "flag", object: "map" }[typeof value as string] ?? typeof value;
}
