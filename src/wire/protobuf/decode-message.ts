import { createProtobufError } from "./protobuf-error.ts";
import type { ProtobufMessage, ProtobufValue } from "./protobuf-value.ts";
import { cutFields, cutPacked, type RawField, type RawValue, type WireType } from "./raw-field.ts";
import { SCALARS, type ScalarCodec } from "./scalar.ts";
import type { FieldShape, MessageShape, ProtobufSchema, ValueType } from "./schema.ts";
import { formatTimestamp } from "./timestamp.ts";

/** As protobuf's own readers: a message that holds itself so often is an attack. */
const DEEPEST = 100;

type Draft = Record<string, ProtobufValue>;

/**
 * Reads a message. Fields of a type that the schema does not expect count as unknown.
 * @throws WireError `WHALESONG_BAD_PROTOBUF`
 */
export function decodeMessage(schema: ProtobufSchema, name: string, bytes: Buffer): ProtobufMessage {
  return new MessageReader(schema).read(name, bytes);
}

class MessageReader {
  readonly #schema: ProtobufSchema;
  #depth = 0;

  constructor(schema: ProtobufSchema) {
    this.#schema = schema;
  }

  read(name: string, bytes: Buffer, into: Draft = {}): ProtobufMessage {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw createProtobufError(`more than ${DEEPEST} messages in each other`, "fewer");
    const shape = getMessageShape(this.#schema, name);
    for (const field of cutFields(bytes)) this.#readField(shape, field, into);
    this.#depth -= 1;
    return into;
  }

  #readField(shape: MessageShape, raw: RawField, into: Draft): void {
    const field = shape.byNumber.get(raw.number);
    if (field === undefined || !isExpected(field, raw.wireType)) keepUnknown(raw, into);
    else into[field.name] = this.#readValue(field, raw, into[field.name]);
  }

  #readValue({ label, type, keyType }: FieldShape, raw: RawField, earlier: ProtobufValue | undefined): ProtobufValue {
    if (label === "map") return this.#addEntry(type, keyType as ValueType, raw.value as Buffer, earlier);
    if (label === "single") return this.#readOne(type, raw.value, earlier);
    const values = isPack(type, raw) ? cutPacked(raw.value as Buffer, getWireType(type)) : [raw.value];
    const list = (earlier as ProtobufValue[] | undefined) ?? [];
    for (const value of values) list.push(this.#readOne(type, value));
    return list;
  }

  #readOne(type: ValueType, raw: RawValue, earlier?: ProtobufValue): ProtobufValue {
    switch (type.kind) {
      case "scalar":
        return getScalarCodec(type.scalar).decode(raw);
      case "enum":
        return readEnum(type.names, raw);
      case "timestamp":
        return readTimestamp(raw as Buffer);
      case "message":
        // A message that comes twice is merged, as the specification wants.
        return this.read(type.message, raw as Buffer, earlier as Draft | undefined);
    }
  }

  /** A map is a repeated message with key 1 and value 2. `__proto__` is a key like any other. */
  #addEntry(type: ValueType, keyType: ValueType, entry: Buffer, earlier: ProtobufValue | undefined): ProtobufValue {
    const fields = cutFields(entry);
    const rawKey = findLastValue(fields, 1, keyType);
    const rawValue = findLastValue(fields, 2, type);
    const key = rawKey === undefined ? createZero(keyType) : this.#readOne(keyType, rawKey);
    const value = rawValue === undefined ? createZero(type) : this.#readOne(type, rawValue);
    const map = (earlier ?? {}) as Draft;
    Object.defineProperty(map, String(key), { value, enumerable: true, writable: true, configurable: true });
    return map;
  }
}

/** A key or value of another wire type counts as an unknown field (protobuf-go internal/impl/codec_map.go). */
function findLastValue(fields: readonly RawField[], fieldNumber: number, type: ValueType): RawValue | undefined {
  return fields.findLast(({ number, wireType }) => number === fieldNumber && wireType === getWireType(type))?.value;
}

export function getMessageShape(schema: ProtobufSchema, name: string): MessageShape {
  const shape = schema.get(name);
  if (shape === undefined) throw new Error(`the schema has no message ${name}`);
  return shape;
}

export function getScalarCodec(scalar: string): ScalarCodec {
  return SCALARS[scalar] as ScalarCodec;
}

export function getWireType(type: ValueType): WireType {
  if (type.kind === "scalar") return getScalarCodec(type.scalar).wireType;
  return type.kind === "enum" ? 0 : 2;
}

/** Repeated numbers may come packed or one by one, whichever was declared. */
function isExpected({ label, type }: FieldShape, wireType: WireType): boolean {
  const own = label === "map" ? 2 : getWireType(type);
  return wireType === own || (label === "packed" && wireType === 2);
}

function isPack(type: ValueType, { wireType }: RawField): boolean {
  return wireType === 2 && getWireType(type) !== 2;
}

function keepUnknown({ number, raw }: RawField, into: Draft): void {
  const name = `#${number}`;
  const earlier = into[name];
  into[name] = earlier === undefined ? raw : Buffer.concat([earlier as Buffer, raw]);
}

function readEnum(names: readonly string[], raw: RawValue): ProtobufValue {
  const number = getScalarCodec("int32").decode(raw) as number;
  return names[number] ?? number;
}

/** A timestamp that no text says stays a message. */
function readTimestamp(bytes: Buffer): ProtobufValue {
  const draft: Draft = {};
  for (const raw of cutFields(bytes)) {
    const name = raw.wireType === 0 ? ["", "seconds", "nanos"][raw.number] : undefined;
    if (name === undefined) keepUnknown(raw, draft);
    else draft[name] = getScalarCodec(name === "seconds" ? "int64" : "int32").decode(raw.value);
  }
  const { seconds = 0, nanos = 0, ...others } = draft;
  const isPlain = typeof seconds === "number" && typeof nanos === "number" && Object.keys(others).length === 0;
  return (isPlain ? formatTimestamp({ seconds, nanos }) : undefined) ?? draft;
}

function createZero(type: ValueType): ProtobufValue {
  switch (type.kind) {
    case "scalar":
      return getScalarCodec(type.scalar).zero;
    case "enum":
      return type.names[0] ?? 0;
    case "timestamp":
      return formatTimestamp({ seconds: 0, nanos: 0 }) as string;
    case "message":
      return {};
  }
}
