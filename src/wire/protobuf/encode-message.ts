import { getMessageShape, getScalarCodec, getWireType } from "./decode-message.ts";
import { createMessageError } from "./protobuf-error.ts";
import type { ProtobufMessage, ProtobufValue } from "./protobuf-value.ts";
import { encodeTag, encodeVarint, withLength } from "./raw-field.ts";
import type { FieldShape, MessageShape, ProtobufSchema, ValueType } from "./schema.ts";
import { parseTimestamp } from "./timestamp.ts";

/**
 * Writes a message as Go does: by ascending field number, members of a oneof behind all others, map entries in the
 * order of the object. All that is there is written, zeros too.
 * @throws UsageError `WHALESONG_BAD_MESSAGE` for a field that the schema does not know, or a value of another type
 */
export function encodeMessage(schema: ProtobufSchema, name: string, message: ProtobufMessage): Buffer {
  const shape = getMessageShape(schema, name);
  const records = Object.entries(message).map(([field, value]) => encodeField(schema, shape, field, value));
  return Buffer.concat(records.sort((one, other) => one.rank - other.rank).map(({ bytes }) => bytes));
}

interface FieldRecord {
  readonly rank: number;
  readonly bytes: Buffer;
}

/** Above all field numbers. */
const BEHIND = 2 ** 30;

function encodeField(schema: ProtobufSchema, shape: MessageShape, name: string, value: ProtobufValue): FieldRecord {
  const place = `${shape.name}.${name}`;
  const [, unknown] = /^#(\d+)$/.exec(name) ?? [];
  if (unknown !== undefined) return { rank: Number(unknown), bytes: toBytes(value, place) };
  const field = shape.byName.get(name);
  if (field === undefined)
    throw createMessageError(place, value, `one of ${[...shape.byName.keys()].join(", ") || "no fields"}`);
  return {
    rank: field.isOneof ? BEHIND + field.number : field.number,
    bytes: new FieldWriter(schema, field, place).write(value),
  };
}

/** Of an unknown field: tag and value as they were. */
function toBytes(value: ProtobufValue, place: string): Buffer {
  if (Buffer.isBuffer(value)) return value;
  const { base64, text } = (value ?? {}) as { base64?: unknown; text?: unknown };
  if (typeof base64 === "string") return Buffer.from(base64, "base64");
  if (typeof text === "string") return Buffer.from(text, "utf8");
  throw createMessageError(place, value, "bytes");
}

class FieldWriter {
  readonly #schema: ProtobufSchema;
  readonly #field: FieldShape;
  readonly #place: string;

  constructor(schema: ProtobufSchema, field: FieldShape, place: string) {
    this.#schema = schema;
    this.#field = field;
    this.#place = place;
  }

  write(value: ProtobufValue): Buffer {
    const { label, type, number } = this.#field;
    if (label === "single") return this.#encodeTagged(number, type, value);
    if (label === "map") return this.#writeMap(value);
    if (!Array.isArray(value)) throw createMessageError(this.#place, value, "a list");
    const values = value as readonly ProtobufValue[];
    if (label === "repeated") return Buffer.concat(values.map((one) => this.#encodeTagged(number, type, one)));
    const packed = Buffer.concat(values.map((one) => this.#encode(type, one)));
    return Buffer.concat([encodeTag(number, 2), withLength(packed)]);
  }

  #writeMap(value: ProtobufValue): Buffer {
    const { number, type, keyType } = this.#field;
    if (!isPlainObject(value)) throw createMessageError(this.#place, value, "an object");
    const entries = Object.entries(value).map(([key, one]) => {
      const entry = [
        this.#encodeTagged(1, keyType as ValueType, toKey(key, keyType as ValueType)),
        this.#encodeTagged(2, type, one),
      ];
      return Buffer.concat([encodeTag(number, 2), withLength(Buffer.concat(entry))]);
    });
    return Buffer.concat(entries);
  }

  #encodeTagged(number: number, type: ValueType, value: ProtobufValue): Buffer {
    return Buffer.concat([encodeTag(number, getWireType(type)), this.#encode(type, value)]);
  }

  #encode(type: ValueType, value: ProtobufValue): Buffer {
    switch (type.kind) {
      case "scalar":
        return getScalarCodec(type.scalar).encode(value) ?? this.#refuse(value, type.scalar);
      case "enum":
        return encodeEnum(type.names, value) ?? this.#refuse(value, `one of ${type.names.join(", ")}`);
      case "timestamp":
        return encodeTimestamp(value) ?? this.#refuse(value, "a time like 2026-11-28T07:30:00.5Z");
      case "message":
        if (!isPlainObject(value)) return this.#refuse(value, "an object");
        return withLength(encodeMessage(this.#schema, type.message, value));
    }
  }

  #refuse(value: ProtobufValue, expected: string): never {
    throw createMessageError(this.#place, value, expected);
  }
}

function isPlainObject(value: ProtobufValue): value is ProtobufMessage {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** The keys of objects are text, whatever they were. */
function toKey(key: string, type: ValueType): ProtobufValue {
  return type.kind === "scalar" && type.scalar === "bool" ? key === "true" : key;
}

function encodeEnum(names: readonly string[], value: ProtobufValue): Buffer | undefined {
  if (typeof value !== "string") return getScalarCodec("int32").encode(value);
  const number = names.indexOf(value);
  return number === -1 ? undefined : encodeVarint(number);
}

/** Zeros are left out, as Go does. */
function encodeTimestamp(value: ProtobufValue): Buffer | undefined {
  const time = typeof value === "string" ? parseTimestamp(value) : value;
  if (typeof time !== "object" || time === null) return undefined;
  const { seconds = 0, nanos = 0, ...others } = time as Record<string, ProtobufValue>;
  const parts = [encodeSingle(1, "int64", seconds), encodeSingle(2, "int32", nanos)];
  if (parts.includes(undefined)) return undefined;
  const unknown = Object.entries(others).map(([name, bytes]) => toBytes(bytes, `Timestamp.${name}`));
  return withLength(Buffer.concat([...(parts as Buffer[]), ...unknown]));
}

function encodeSingle(number: number, scalar: string, value: ProtobufValue): Buffer | undefined {
  if (value === 0) return Buffer.alloc(0);
  const encoded = getScalarCodec(scalar).encode(value);
  return encoded && Buffer.concat([encodeTag(number, 0), encoded]);
}
