/**
 * JSON put into Go's types, as encoding/json does it: the first value that does not fit is refused in its words
 * (decode.go, UnmarshalTypeError), and `null` in a list is the zero value.
 */
import { findBase64Error } from "./go-base64.ts";
import { nameGoKind } from "./go-json-error.ts";

type ScalarName = "string" | "bool" | "int" | "any";

/** A type: what it accepts, and Go's name of it. */
export type GoType =
  | { readonly kind: ScalarName; readonly name: string }
  /** moby's strslice.StrSlice: a list of strings, or a string. */
  | { readonly kind: "words"; readonly name: string }
  /** A string in base64, or a list of numbers. */
  | { readonly kind: "bytes"; readonly name: string }
  | { readonly kind: "list" | "map"; readonly name: string; readonly of: GoType }
  | ({ readonly kind: "struct"; readonly name: string } & GoFields);

/** The members of a struct. */
interface GoFields {
  readonly fields: GoMembers;
  /** What only the newer engines read. */
  readonly newFields: GoMembers;
}

type GoMembers = Readonly<Record<string, GoType>>;

export const goString = (name = "string"): GoType => ({ kind: "string", name });
export const goBool: GoType = { kind: "bool", name: "bool" };
export const goInt = (name = "int64"): GoType => ({ kind: "int", name });
export const goAny: GoType = { kind: "any", name: "interface {}" };
export const goWords: GoType = { kind: "words", name: "string" };
export const goBytes: GoType = { kind: "bytes", name: "[]uint8" };
export const goList = (of: GoType, name = `[]${of.name}`): GoType => ({ kind: "list", of, name });
export const goMap = (of: GoType, name = `map[string]${of.name}`): GoType => ({ kind: "map", of, name });
export const goStruct = (name: string, fields: GoMembers, newFields: GoMembers = {}): GoType => {
  return { kind: "struct", name, fields, newFields };
};

const BYTE = goInt("uint8");
/** The numbers that an integer of this name holds; others are of 64 bits, with a sign. */
const INTEGERS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0, 2 ** 64],
  uint: [0, 2 ** 64],
  "os.FileMode": [0, 2 ** 32 - 1],
};

/** How a value that does not fit is refused. */
export interface GoRefusal {
  /** Engine 28 or newer: its Go names keys and places in the path, and the outermost struct; before, fields and the innermost one. */
  readonly namesKeys: boolean;
  /** Makes the error of Go's message. */
  readonly refuse: (message: string) => Error;
}

/** Where a value stands. */
interface GoPlace {
  readonly struct: string;
  readonly path: readonly string[];
  readonly isItem?: boolean;
}

/**
 * @returns the value, without members that are `null`, with zero values for `null` in lists and maps, and bytes in
 *   base64; members that the type does not know stay as they are
 * @throws what `refuse` returns
 */
export function readGoValue(value: unknown, type: GoType, refusal: GoRefusal): unknown {
  return readValue(value, type, { struct: "", path: [] }, refusal);
}

function readValue(value: unknown, type: GoType, place: GoPlace, refusal: GoRefusal): unknown {
  if (value === null || value === undefined) return value;
  if (!isAccepted(value, type)) throw refusal.refuse(formatMismatch(value, type, place, refusal));
  const enter = (key: string): GoPlace => {
    // As in a JSON pointer (RFC 6901).
    const step = key.replaceAll("~", "~0").replaceAll("/", "~1");
    return refusal.namesKeys ? { ...place, path: [...place.path, step], isItem: type.kind === "list" } : place;
  };
  if (type.kind === "bytes") return readBytes(value, place, refusal);
  if (type.kind === "list") {
    const items = (value as unknown[]).map((item, at) => readValue(item, type.of, enter(`${at}`), refusal));
    return items.map((item) => item ?? makeZero(type.of));
  }
  if (type.kind === "map") {
    // What is a struct here is a pointer in Go, which stays nil.
    const zero = type.of.kind === "struct" ? null : makeZero(type.of);
    return mapMembers(value, (item, name) => readValue(item, type.of, enter(name), refusal) ?? zero);
  }
  return type.kind === "struct" ? readFields(value, type, place, refusal) : value;
}

function readFields(
  value: unknown,
  { name, ...members }: Extract<GoType, { kind: "struct" }>,
  { struct, path }: GoPlace,
  refusal: GoRefusal,
): unknown {
  const own = name.replace(/^.*\./, "");
  const fields = refusal.namesKeys ? { ...members.fields, ...members.newFields } : members.fields;
  const isKnown = (member: string): boolean => Object.hasOwn(fields, member);
  const sent = Object.entries(value as object).filter(([member, item]) => item !== null || !isKnown(member));
  return mapMembers(Object.fromEntries(sent), (item, member) => {
    const field = isKnown(member) ? fields[member] : undefined;
    if (field === undefined) return item;
    const inside = { struct: refusal.namesKeys && struct !== "" ? struct : own, path: [...path, member] };
    return readValue(item, field, inside, refusal);
  });
}

/** @returns base64 @throws what `refuse` returns for text that is not in base64 */
function readBytes(value: unknown, place: GoPlace, refusal: GoRefusal): string {
  if (Array.isArray(value)) {
    return Buffer.from(readValue(value, goList(BYTE), place, refusal) as number[]).toString("base64");
  }
  const at = findBase64Error(value as string);
  if (at === undefined) return value as string;
  const reason = `illegal base64 data at input byte ${at}`;
  throw refusal.refuse(refusal.namesKeys ? `${formatMismatch(value, goBytes, place, refusal)}: ${reason}` : reason);
}

function isAccepted(value: unknown, { kind, name }: GoType): boolean {
  if (kind === "any") return true;
  if (kind === "bytes") return typeof value === "string" || Array.isArray(value);
  if (kind === "words") return typeof value === "string" || (Array.isArray(value) && value.every(isWord));
  if (kind === "list") return Array.isArray(value);
  if (kind === "map" || kind === "struct") return typeof value === "object" && !Array.isArray(value);
  if (kind === "int") return isInteger(value, INTEGERS[name] ?? [-(2 ** 63), 2 ** 63]);
  return typeof value === (kind === "bool" ? "boolean" : kind);
}

function isInteger(value: unknown, [least, most]: readonly [number, number]): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isWord(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function formatMismatch(value: unknown, type: GoType, place: GoPlace, { namesKeys }: GoRefusal): string {
  const number = type.kind === "int" && typeof value === "number" ? ` ${String(value).replace("e+", "e")}` : "";
  const unit = type.kind === "words" && Array.isArray(value) ? "array" : nameGoKind(value);
  // A type that decodes itself does not know where it stands.
  const into = type.kind === "words" && namesKeys ? "Go value" : formatPlace(place);
  return `json: cannot unmarshal ${unit}${number} into ${into} of type ${type.name}`;
}

function formatPlace({ struct, path, isItem }: GoPlace): string {
  if (path.length === 0) return "Go value";
  return `${isItem === true ? "" : "Go struct field "}${struct}.${path.join(".")}`;
}

function makeZero(type: GoType): unknown {
  if (type.kind === "struct") {
    const strings = Object.entries(type.fields).filter(([, { kind }]) => kind === "string");
    return Object.fromEntries(strings.map(([name]) => [name, ""]));
  }
  if (type.kind === "string" || type.kind === "words") return "";
  return type.kind === "int" ? 0 : type.kind === "bool" ? false : null;
}

function mapMembers(value: unknown, read: (item: unknown, name: string) => unknown): unknown {
  return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, read(item, name)]));
}
