/** The scalar types of proto3, between what stands on the wire and plain values. */
import { decodeUtf8 } from "../../base/bytes.ts";
import type { ProtobufValue } from "./protobuf-value.ts";
import { encodeVarint, type RawValue, type WireType, withLength } from "./raw-field.ts";

export interface ScalarCodec {
  readonly wireType: WireType;
  /** What a map entry without key, or without value, stands for. */
  readonly zero: ProtobufValue;
  readonly decode: (raw: RawValue) => ProtobufValue;
  /** Without the tag; undefined for a value that the type cannot hold. */
  readonly encode: (value: ProtobufValue) => Buffer | undefined;
}

export const SCALARS: Readonly<Record<string, ScalarCodec>> = {
  string: { wireType: 2, zero: "", decode: decodeString, encode: encodeString },
  bytes: { wireType: 2, zero: Buffer.alloc(0), decode: (raw) => raw as Buffer, encode: encodeBytes },
  bool: { wireType: 0, zero: false, decode: (raw) => Number(raw) !== 0, encode: encodeBool },
  int32: createVarintCodec((raw) => Number(BigInt.asIntN(32, BigInt(raw))), -(2n ** 31n), 2n ** 31n),
  int64: createVarintCodec((raw) => toExact(BigInt.asIntN(64, BigInt(raw))), -(2n ** 63n), 2n ** 63n),
  uint32: createVarintCodec((raw) => Number(BigInt.asUintN(32, BigInt(raw))), 0n, 2n ** 32n),
  uint64: createVarintCodec((raw) => toExact(BigInt(raw)), 0n, 2n ** 64n),
  sint64: createVarintCodec((raw) => toExact(fromZigzag(BigInt(raw))), -(2n ** 63n), 2n ** 63n, toZigzag),
  sint32: createVarintCodec((raw) => Number(fromZigzag(BigInt(raw))), -(2n ** 31n), 2n ** 31n, toZigzag),
  fixed32: createFixedCodec(
    4,
    (raw) => raw.readUInt32LE(0),
    (bytes, value) => bytes.writeUInt32LE(Number(value)),
  ),
  sfixed32: createFixedCodec(
    4,
    (raw) => raw.readInt32LE(0),
    (bytes, value) => bytes.writeInt32LE(Number(value)),
  ),
  fixed64: createFixedCodec(
    8,
    (raw) => toExact(raw.readBigUInt64LE(0)),
    (bytes, value) => bytes.writeBigUInt64LE(BigInt(value)),
  ),
  sfixed64: createFixedCodec(
    8,
    (raw) => toExact(raw.readBigInt64LE(0)),
    (bytes, value) => bytes.writeBigInt64LE(BigInt(value)),
  ),
  float: createFixedCodec(
    4,
    (raw) => raw.readFloatLE(0),
    (bytes, value) => bytes.writeFloatLE(Number(value)),
    toNumber,
  ),
  double: createFixedCodec(
    8,
    (raw) => raw.readDoubleLE(0),
    (bytes, value) => bytes.writeDoubleLE(Number(value)),
    toNumber,
  ),
};

type Integer = number | bigint;

function createVarintCodec(
  decode: (raw: Integer) => ProtobufValue,
  least: bigint,
  end: bigint,
  toWire: (value: bigint) => bigint = (value) => value,
): ScalarCodec {
  const encode = (value: ProtobufValue): Buffer | undefined => {
    const integer = toInteger(value);
    return integer !== undefined && integer >= least && integer < end ? encodeVarint(toWire(integer)) : undefined;
  };
  return { wireType: 0, zero: 0, decode: (raw) => decode(raw as Integer), encode };
}

function createFixedCodec(
  size: 4 | 8,
  decode: (raw: Buffer) => ProtobufValue,
  write: (bytes: Buffer, value: Integer) => unknown,
  read: (value: ProtobufValue) => Integer | undefined = toInteger,
): ScalarCodec {
  const encode = (value: ProtobufValue): Buffer | undefined => {
    const number = read(value);
    if (number === undefined) return undefined;
    const bytes = Buffer.alloc(size);
    try {
      write(bytes, number);
    } catch {
      // Node refuses what is out of range.
      return undefined;
    }
    return bytes;
  };
  return { wireType: size === 4 ? 5 : 1, zero: 0, decode: (raw) => decode(raw as Buffer), encode };
}

function toNumber(value: ProtobufValue): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Numbers, bigints, and decimal text, as JSON needs it for what no number holds. */
function toInteger(value: ProtobufValue): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === "string" && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function toExact(value: bigint): Integer {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function toZigzag(value: bigint): bigint {
  return value < 0n ? -value * 2n - 1n : value * 2n;
}

function fromZigzag(value: bigint): bigint {
  return value % 2n === 1n ? -(value + 1n) / 2n : value / 2n;
}

/** A string that is no UTF-8 stays as bytes, so that it can be written again. */
function decodeString(raw: RawValue): ProtobufValue {
  return decodeUtf8(raw as Buffer) ?? (raw as Buffer);
}

function encodeString(value: ProtobufValue): Buffer | undefined {
  return typeof value === "string" ? withLength(Buffer.from(value, "utf8")) : encodeBytes(value);
}

/** A Buffer, or what `toJsonMessage` makes of one: `{ text }` or `{ base64 }`. */
function encodeBytes(value: ProtobufValue): Buffer | undefined {
  if (Buffer.isBuffer(value)) return withLength(value);
  const { text, base64 } = (value ?? {}) as { text?: unknown; base64?: unknown };
  if (typeof text === "string") return withLength(Buffer.from(text, "utf8"));
  return typeof base64 === "string" ? withLength(Buffer.from(base64, "base64")) : undefined;
}

function encodeBool(value: ProtobufValue): Buffer | undefined {
  return typeof value === "boolean" ? Buffer.from([value ? 1 : 0]) : undefined;
}
