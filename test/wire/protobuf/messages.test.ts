import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError, WireError } from "../../../src/base/errors.ts";
import { decodeMessage } from "../../../src/wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../../src/wire/protobuf/encode-message.ts";
import { toJsonMessage } from "../../../src/wire/protobuf/json-message.ts";
import { isLossless } from "../../../src/wire/protobuf/lossless.ts";
import type { ProtobufMessage } from "../../../src/wire/protobuf/protobuf-value.ts";
import { createSchema, type ProtobufSchema } from "../../../src/wire/protobuf/schema.ts";
import { formatTimestamp, parseTimestamp } from "../../../src/wire/protobuf/timestamp.ts";
import { catchError } from "../deliveries.ts";

const SCHEMA: ProtobufSchema = createSchema([
  {
    package: "t",
    enums: { Colour: ["RED", "GREEN"] },
    messages: {
      All: {
        1: ["text", "string"],
        2: ["raw", "bytes"],
        3: ["yes", "bool"],
        4: ["i32", "int32"],
        5: ["i64", "int64"],
        6: ["u32", "uint32"],
        7: ["u64", "uint64"],
        8: ["s32", "sint32"],
        9: ["s64", "sint64"],
        10: ["f32", "fixed32"],
        11: ["sf32", "sfixed32"],
        12: ["f64", "fixed64"],
        13: ["sf64", "sfixed64"],
        14: ["float", "float"],
        15: ["double", "double"],
        16: ["colour", "Colour"],
        17: ["time", "google.protobuf.Timestamp"],
        18: ["inner", "All"],
        19: ["texts", "repeated string"],
        20: ["numbers", "repeated int32"],
        21: ["inners", "repeated All"],
        22: ["attrs", "map<string, string>"],
        23: ["byNumber", "map<int64, All>"],
        24: ["choice", "oneof string"],
        25: ["last", "t.Other"],
        26: ["colours", "repeated Colour"],
        27: ["times", "map<bool, google.protobuf.Timestamp>"],
      },
      Other: { 1: ["all", "All"] },
    },
  },
]);

const ALL = "t.All";
const decode = (hex: string): ProtobufMessage =>
  decodeMessage(SCHEMA, ALL, Buffer.from(hex.replaceAll(" ", ""), "hex"));
const encode = (message: ProtobufMessage): string => encodeMessage(SCHEMA, ALL, message).toString("hex");

describe("a message reads and writes", () => {
  const rows: [claim: string, hex: string, message: ProtobufMessage][] = [
    ["nothing", "", {}],
    ["a string", "0a03 61c3bc", { text: "aü" }],
    ["a string that is no UTF-8, as bytes", "0a01 ff", { text: Buffer.from([0xff]) }],
    ["bytes", "1202 00ff", { raw: Buffer.from([0, 255]) }],
    ["a bool", "1801", { yes: true }],
    ["a zero that was written", "1800 2000", { yes: false, i32: 0 }],
    ["a small number", "2096 01", { i32: 150 }],
    ["a negative int32, in ten bytes", "20ffffffffffffffffff01", { i32: -1 }],
    ["a negative int64", "28feffffffffffffffff01", { i64: -2 }],
    ["the largest safe number", "28ffffffffffffff0f", { i64: Number.MAX_SAFE_INTEGER }],
    ["one that is larger, as a bigint", "288080808080808010", { i64: 2n ** 53n }],
    ["the least int64", "2880808080808080808001", { i64: -(2n ** 63n) }],
    ["the largest uint64", "38ffffffffffffffffff01", { u64: 2n ** 64n - 1n }],
    ["the largest uint32", "30ffffffff0f", { u32: 4_294_967_295 }],
    ["zigzag", "4001 4802", { s32: -1, s64: 1 }],
    ["fixed numbers", "55 01000000 5d ffffffff", { f32: 1, sf32: -1 }],
    ["long fixed numbers", "61 ffffffffffffffff 69 feffffffffffffff", { f64: 2n ** 64n - 1n, sf64: -2 }],
    ["floats", "75 0000c03f 79 000000000000f83f", { float: 1.5, double: 1.5 }],
    ["an enum by name", "8001 01", { colour: "GREEN" }],
    ["an enum without a name", "8001 07", { colour: 7 }],
    ["a time", "8a01 0a 08 a4cae4c906 10 c0843d", { time: "2025-12-10T07:45:40.001Z" }],
    ["the beginning of time", "8a01 00", { time: "1970-01-01T00:00:00Z" }],
    ["a nanosecond after it", "8a01 02 1001", { time: "1970-01-01T00:00:00.000000001Z" }],
    ["a time with more than nanoseconds, as a message", "8a01 06 10 80a8d6b907", { time: { nanos: 2_000_000_000 } }],
    ["a time with unknown fields, as a message", "8a01 02 1801", { time: { "#3": Buffer.from("1801", "hex") } }],
    ["a message", "9201 03 0a01 61", { inner: { text: "a" } }],
    ["strings", "9a01 01 61 9a01 00", { texts: ["a", ""] }],
    ["packed numbers", "a201 03 01 9601", { numbers: [1, 150] }],
    ["packed enums", "d201 02 01 00", { colours: ["GREEN", "RED"] }],
    ["messages", "aa01 00 aa01 02 1801", { inners: [{}, { yes: true }] }],
    ["a map, in its order", "b201 06 0a01 62 1201 31 b201 06 0a01 61 1201 32", { attrs: { b: "1", a: "2" } }],
    ["a map of messages", "ba01 06 0805 1202 1801", { byNumber: { 5: { yes: true } } }],
    ["a map by bool", "da01 04 0801 1200", { times: { true: "1970-01-01T00:00:00Z" } }],
    ["a member of a oneof, behind all others", "ca01 00 c201 01 61", { last: {}, choice: "a" }],
    [
      "unknown fields, each as it was",
      "0a01 61 f007 01 f007 02",
      { text: "a", "#126": Buffer.from("f00701f00702", "hex") },
    ],
    ["an unknown field of another type", "0801", { "#1": Buffer.from("0801", "hex") }],
  ];
  it.each(rows)("%s", (_, hex, message) => {
    expect(decode(hex)).toEqual(message);
    expect(encode(message)).toBe(hex.replaceAll(" ", ""));
    expect(isLossless(SCHEMA, ALL, Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBe(true);
  });

  it("what JSON makes of it", () => {
    for (const [, hex, message] of rows) {
      const json = JSON.parse(JSON.stringify(toJsonMessage(message))) as ProtobufMessage;
      expect(encode(json)).toBe(hex.replaceAll(" ", ""));
    }
  });

  it("a key called __proto__", () => {
    const hex = "b2010e0a095f5f70726f746f5f5f120161";
    expect(Object.entries(decode(hex).attrs as object)).toEqual([["__proto__", "a"]]);
    expect(encode(decode(hex))).toBe(hex);
  });
});

describe("a message is read, and written otherwise, with", () => {
  it.each<[string, string, ProtobufMessage]>([
    ["fields out of order", "1801 0a00", { text: "", yes: true }],
    ["a field twice: the last one counts", "0a01 61 0a01 62", { text: "b" }],
    ["a message twice: both are one", "9201 02 1801 9201 03 0a01 61", { inner: { yes: true, text: "a" } }],
    ["repeated numbers one by one", "a001 01 a001 02", { numbers: [1, 2] }],
    ["numbers in two packs", "a201 01 01 a201 01 02", { numbers: [1, 2] }],
    ["a varint that is too long", "1881 00", { yes: true }],
    ["a map entry without key and value", "b201 00", { attrs: { "": "" } }],
    ["a map key of another wire type", "ba01 05 0a01 61 1200", { byNumber: { 0: {} } }],
    ["a map value of another wire type", "b201 05 0a01 61 1005", { attrs: { a: "" } }],
    ["map keys that are numbers out of order", "ba01 04 0805 1200 ba01 04 0801 1200", { byNumber: { 1: {}, 5: {} } }],
    ["a time with zeros", "8a01 02 0800", { time: "1970-01-01T00:00:00Z" }],
  ])("%s", (_, hex, message) => {
    expect(decode(hex)).toEqual(message);
    expect(isLossless(SCHEMA, ALL, Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBe(false);
  });
});

describe("broken bytes are refused:", () => {
  it.each([
    ["a tag that is cut off", "80", "the end inside a varint"],
    ["a varint that is cut off", "20ff", "the end inside a varint"],
    ["a varint without end", "20ffffffffffffffffffff01", "a varint of more than 10 bytes"],
    ["a string that is cut off", "0a0561", "a value of 5 bytes, expected at most the 1 that are left"],
    ["a fixed number that is cut off", "5501", "a value of 4 bytes"],
    ["a group", "0b", "the wire type 3"],
    ["the field 0", "0001", "the field number 0"],
    ["a broken inner message", "920101ff", "the end inside a varint"],
    ["a message in itself, a hundred times over", nested(101), "more than 100 messages in each other"],
  ])("%s", (_, hex, found) => {
    const error = catchError(() => decode(hex));
    expect(error).toBeInstanceOf(WireError);
    expect(error.code).toBe("WHALESONG_BAD_PROTOBUF");
    expect(error.message).toContain(`got ${found}`);
    expect(isLossless(SCHEMA, ALL, Buffer.from(hex, "hex"))).toBe(false);
  });
});

describe("a value that cannot be written is refused:", () => {
  it.each<[string, ProtobufMessage, string]>([
    ["a field that is not there", { txt: "a" }, 'cannot write `t.All.txt`: got `"a"`, expected one of text, raw'],
    ["a number for a string", { text: 1 }, "cannot write `t.All.text`: got `1`, expected string"],
    ["a string for a bool", { yes: "no" }, "expected bool"],
    ["a fraction", { i32: 1.5 }, "expected int32"],
    ["too large a number", { i32: 2 ** 31 }, "expected int32"],
    ["a negative one", { u64: -1 }, "expected uint64"],
    ["a fixed number that is too large", { f32: 2 ** 32 }, "expected fixed32"],
    ["a colour that is none", { colour: "BLUE" }, "expected one of RED, GREEN"],
    ["text that is no time", { time: "today" }, "expected a time like"],
    ["one value for many", { texts: "a" }, "expected a list"],
    ["a list for a map", { attrs: ["a"] }, "expected an object"],
    ["text for a message", { inner: "a" }, "expected an object"],
    ["text for an unknown field", { "#99": "a" }, "expected bytes"],
    ["something inside a message", { inner: { last: { all: { yes: 1 } } } }, "cannot write `t.All.yes`"],
  ])("%s", (_, message, text) => {
    const error = catchError(() => encode(message));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.code).toBe("WHALESONG_BAD_MESSAGE");
    expect(error.message).toContain(text);
  });

  it("a type that no table has is a mistake in the tables", () => {
    const table = { package: "t", messages: { A: { 1: ["a", "B"] as const } } };
    expect(() => createSchema([table]).get("t.A")).toThrow("no table has the type B that t names");
  });
});

describe("any message", () => {
  const scalars = {
    text: fc.string({ unit: "grapheme" }),
    raw: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(toExact),
    u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(toExact),
    s32: fc.integer(),
    double: fc.double({ noNaN: true }),
    time: fc
      .record({ seconds: fc.integer({ min: -1e9, max: 1e10 }), nanos: fc.integer({ min: 0, max: 999_999_999 }) })
      .map((time) => formatTimestamp(time) as string),
    numbers: fc.array(fc.integer(), { minLength: 1 }),
    attrs: fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { minKeys: 1 }),
  };
  const message = fc.record({ ...scalars, inner: fc.record(scalars, { requiredKeys: [] }) }, { requiredKeys: [] });

  it("is what it was when decoded, and is lossless", () => {
    fc.assert(
      fc.property(message, (value) => {
        const bytes = encodeMessage(SCHEMA, ALL, value as ProtobufMessage);
        expect(toJsonMessage(decodeMessage(SCHEMA, ALL, bytes))).toEqual(toJsonMessage(value as ProtobufMessage));
        expect(isLossless(SCHEMA, ALL, bytes)).toBe(true);
      }),
    );
  });

  it("or any bytes are read or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (array) => {
        try {
          decodeMessage(SCHEMA, ALL, Buffer.from(array));
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });
});

describe("timestamps", () => {
  it.each(["2026-11-28", "2026-11-28T07:30:00", "2026-13-28T07:30:00Z", "2026-11-28T07:30:00.1234567890Z"])(
    "are not `%s`",
    (text) => {
      expect(parseTimestamp(text)).toBeUndefined();
    },
  );

  it("have years from 1 to 9999 only", () => {
    expect(formatTimestamp({ seconds: -62_135_596_800, nanos: 0 })).toBe("0001-01-01T00:00:00Z");
    expect(formatTimestamp({ seconds: 253_402_300_800, nanos: 0 })).toBeUndefined();
  });
});

function nested(times: number): string {
  let bytes: Buffer = Buffer.alloc(0);
  for (let count = 0; count < times; count += 1) bytes = encodeMessage(SCHEMA, "t.Other", { "#2": wrap(bytes) });
  return bytes.toString("hex");
}

/** Field 18 around the bytes. */
function wrap(bytes: Buffer): Buffer {
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length % 128) + 128, Math.floor(bytes.length / 128)];
  return Buffer.concat([Buffer.from([0x92, 0x01, ...length]), bytes]);
}

function toExact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
