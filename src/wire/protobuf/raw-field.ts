/** The protobuf wire format (protobuf.dev, "Encoding"): what stands there, before any schema says what it means. */
import { createProtobufError } from "./protobuf-error.ts";

/** 0 VARINT, 1 I64, 2 LEN, 5 I32. Groups, 3 and 4, are refused: proto3 has none. */
export type WireType = 0 | 1 | 2 | 5;

/** A varint as an unsigned number, or as a bigint where a number would not be exact; all else as its bytes. */
export type RawValue = number | bigint | Buffer;

export interface RawField {
  readonly number: number;
  readonly wireType: WireType;
  readonly value: RawValue;
  /** Tag and value as they stood. */
  readonly raw: Buffer;
}

/** Seven octets, 49 bits, fit a number. */
const EXACT_OCTETS = 7;
const LONGEST_VARINT = 10;

/**
 * The fields of a message, in order. Values are subarrays.
 * @throws WireError `WHALESONG_BAD_PROTOBUF`
 */
export function cutFields(message: Buffer): RawField[] {
  const fields: RawField[] = [];
  for (let at = 0; at < message.length; ) {
    const [tag, start] = readVarint(message, at);
    const number = Math.floor(Number(tag) / 8);
    const wireType = Number(tag) % 8;
    if (number === 0 || number > 0x1fffffff)
      throw createProtobufError(`the field number ${number}`, "one from 1 to 536870911");
    const [value, end] = readRawValue(message, start, wireType);
    fields.push({ number, wireType: wireType as WireType, value, raw: message.subarray(at, end) });
    at = end;
  }
  return fields;
}

/** Values of one wire type that stand together, as packed repeated fields have them. */
export function cutPacked(bytes: Buffer, wireType: WireType): RawValue[] {
  const values: RawValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [value, end] = readRawValue(bytes, at, wireType);
    values.push(value);
    at = end;
  }
  return values;
}

function readRawValue(bytes: Buffer, at: number, wireType: number): [RawValue, number] {
  if (wireType === 0) return readVarint(bytes, at);
  if (wireType === 1) return takeBytes(bytes, at, 8);
  if (wireType === 5) return takeBytes(bytes, at, 4);
  if (wireType !== 2) throw createProtobufError(`the wire type ${wireType}`, "0, 1, 2 or 5");
  const [size, start] = readVarint(bytes, at);
  return takeBytes(bytes, start, Number(size));
}

function takeBytes(bytes: Buffer, at: number, size: number): [Buffer, number] {
  const left = bytes.length - at;
  if (size > left) throw createProtobufError(`a value of ${size} bytes`, `at most the ${left} that are left`);
  return [bytes.subarray(at, at + size), at + size];
}

function readVarint(bytes: Buffer, at: number): [number | bigint, number] {
  let value = 0;
  for (let count = 0; count < EXACT_OCTETS; count += 1) {
    const octet = readOctet(bytes, at + count);
    value += (octet & 0x7f) * 2 ** (7 * count);
    if (octet < 0x80) return [value, at + count + 1];
  }
  return readLongVarint(bytes, at, BigInt(value));
}

function readLongVarint(bytes: Buffer, at: number, start: bigint): [bigint, number] {
  let value = start;
  for (let count = EXACT_OCTETS; count < LONGEST_VARINT; count += 1) {
    const octet = readOctet(bytes, at + count);
    value += BigInt(octet & 0x7f) << BigInt(7 * count);
    if (octet < 0x80) return [BigInt.asUintN(64, value), at + count + 1];
  }
  throw createProtobufError(`a varint of more than ${LONGEST_VARINT} bytes`, "a shorter one");
}

function readOctet(bytes: Buffer, at: number): number {
  const octet = bytes[at];
  if (octet === undefined) throw createProtobufError("the end inside a varint", "the rest of it");
  return octet;
}

export function encodeTag(number: number, wireType: WireType): Buffer {
  return encodeVarint(number * 8 + wireType);
}

/** Negative numbers as their 64-bit two's complement. */
export function encodeVarint(value: number | bigint): Buffer {
  if (typeof value === "bigint" || value < 0) return encodeLongVarint(BigInt.asUintN(64, BigInt(value)));
  const octets: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) octets.push((rest % 0x80) + 0x80);
  return Buffer.from([...octets, rest]);
}

function encodeLongVarint(value: bigint): Buffer {
  const octets: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) octets.push(Number(rest & 0x7fn) + 0x80);
  return Buffer.from([...octets, Number(rest)]);
}

/** Bytes behind their length, as LEN fields have them. */
export function withLength(bytes: Buffer): Buffer {
  return Buffer.concat([encodeVarint(bytes.length), bytes]);
}
