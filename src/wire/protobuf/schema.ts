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
export interface ProtobufSchema {
  /**
   * The shape of a message; undefined if no table has it.
   * @throws Error for a field's type that no table has: a mistake in the tables
   */
  get(name: string): MessageShape | undefined;
}

export const TIMESTAMP = "google.protobuf.Timestamp";

export function createSchema(packages: readonly PackageTable[]): ProtobufSchema {
  return new TableSchema(packages);
}

/** Makes each shape when it is first used: those of all of BuildKit take as long as to load the rest of a replay. */
class TableSchema implements ProtobufSchema {
  readonly #packages: readonly PackageTable[];
  readonly #shapes = new Map<string, MessageShape>();

  constructor(packages: readonly PackageTable[]) {
    this.#packages = packages;
  }

  get(name: string): MessageShape | undefined {
    const known = this.#shapes.get(name);
    if (known !== undefined) return known;
    const found = this.#find(name, "messages");
    if (found === undefined) return undefined;
    const shape = toMessageShape(name, found.value, (type) => this.#resolve(type, found.home));
    this.#shapes.set(name, shape);
    return shape;
  }

  #resolve(type: string, home: string): ValueType {
    if (type in SCALARS) return { kind: "scalar", scalar: type };
    for (const name of [`${home}.${type}`, type]) {
      if (name === TIMESTAMP) return { kind: "timestamp" };
      const names = this.#find(name, "enums")?.value;
      if (names !== undefined) return { kind: "enum", names };
      if (this.#find(name, "messages") !== undefined) return { kind: "message", message: name };
    }
    throw new Error(`no table has the type ${type} that ${home} names`);
  }

  /** @returns the package that has the name, and what it has under it */
  #find<K extends "messages" | "enums">(name: string, kind: K): { home: string; value: Named<K> } | undefined {
    for (const table of this.#packages) {
      const own = name.startsWith(`${table.package}.`) ? name.slice(table.package.length + 1) : "";
      const named = table[kind] as Readonly<Record<string, Named<K>>> | undefined;
      const value = named !== undefined && Object.hasOwn(named, own) ? named[own] : undefined;
      if (value !== undefined) return { home: table.package, value };
    }
    return undefined;
  }
}

type Named<K extends "messages" | "enums"> = NonNullable<PackageTable[K]>[string];

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
