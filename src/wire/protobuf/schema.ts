/**
 * Schemas from tables of our own: a message is `{ 1: ["Ref", "string"], 13: ["Exporters", "repeated Exporter"] }`.
 * Types are those of proto3, `map<K, V>`, or the name of a message or an enum, with its package where it is another
 * one. `oneof` before a type says that the field is of a oneof: Go's vtprotobuf writes those behind all others.
 */
import { SCALARS } from "./scalar.ts";

export type MessageTable = { readonly [number: number]: readonly [name: string, type: string] };

export interface PackageTable {
  readonly package: string;
  readonly messages: Readonly<Record<string, MessageTable>>;
  /** The names of the values 0, 1, 2 ... */
  readonly enums?: Readonly<Record<string, readonly string[]>>;
}

/** The type of one value: a scalar by its name, an enum by its values, a message by its full name. */
export type ValueType =
  | { readonly kind: "scalar"; readonly scalar: string }
  | { readonly kind: "enum"; readonly names: readonly string[] }
  | { readonly kind: "message"; readonly message: string }
  | { readonly kind: "timestamp" };

export interface FieldShape {
  readonly number: number;
  readonly name: string;
  readonly label: "single" | "repeated" | "packed" | "map";
  readonly isOneof: boolean;
  readonly type: ValueType;
  /** Of a map; the type is that of its values. */
  readonly keyType?: ValueType;
}

export interface MessageShape {
  /** With its package, e.g. `moby.buildkit.v1.SolveRequest`. */
  readonly name: string;
  readonly byNumber: ReadonlyMap<number, FieldShape>;
  readonly byName: ReadonlyMap<string, FieldShape>;
}

/** Messages by their full names. */
export type ProtobufSchema = ReadonlyMap<string, MessageShape>;

export const TIMESTAMP = "google.protobuf.Timestamp";

/** @throws Error for a type that no table has: a mistake in the tables */
export function createSchema(packages: readonly PackageTable[]): ProtobufSchema {
  const enums = new Map(packages.flatMap((table) => listFullNames(table, table.enums ?? {})));
  const messages = new Map(packages.flatMap((table) => listFullNames(table, table.messages)));
  const resolve = (type: string, home: string): ValueType => {
    if (type in SCALARS) return { kind: "scalar", scalar: type };
    const name = [`${home}.${type}`, type].find((full) => enums.has(full) || messages.has(full) || full === TIMESTAMP);
    if (name === undefined) throw new Error(`no table has the type ${type} that ${home} names`);
    if (name === TIMESTAMP) return { kind: "timestamp" };
    const names = enums.get(name);
    return names === undefined ? { kind: "message", message: name } : { kind: "enum", names };
  };
  const shapes = packages.flatMap(({ package: home, messages: tables }) =>
    Object.entries(tables).map(([name, table]) =>
      toMessageShape(`${home}.${name}`, table, (type) => resolve(type, home)),
    ),
  );
  return new Map(shapes.map((shape) => [shape.name, shape]));
}

function listFullNames<T>({ package: home }: PackageTable, named: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(named).map(([name, value]) => [`${home}.${name}`, value]);
}

type Resolve = (type: string) => ValueType;

function toMessageShape(name: string, table: MessageTable, resolve: Resolve): MessageShape {
  const fields = Object.entries(table).map(([number, [field, type]]) =>
    toFieldShape(Number(number), field, type, resolve),
  );
  return {
    name,
    byNumber: new Map(fields.map((field) => [field.number, field])),
    byName: new Map(fields.map((field) => [field.name, field])),
  };
}

function toFieldShape(number: number, name: string, type: string, resolve: Resolve): FieldShape {
  const [, key, value] = /^map<(\w+), ([\w.]+)>$/.exec(type) ?? [];
  if (key !== undefined && value !== undefined) {
    return { number, name, label: "map", isOneof: false, type: resolve(value), keyType: resolve(key) };
  }
  const [, word, rest = type] = /^(repeated|oneof) (.+)$/.exec(type) ?? [];
  const valueType = resolve(rest);
  const label = word === "repeated" ? (isPackable(valueType) ? "packed" : "repeated") : "single";
  return { number, name, label, isOneof: word === "oneof", type: valueType };
}

/** proto3 packs repeated numbers, enums and booleans. */
function isPackable(type: ValueType): boolean {
  return type.kind === "enum" || (type.kind === "scalar" && SCALARS[type.scalar]?.wireType !== 2);
}
