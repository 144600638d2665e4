import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../../src/base/errors.ts";
import type { HeaderField } from "../../../src/wire/http/fields.ts";
import { HpackDecoder } from "../../../src/wire/http2/hpack-decoder.ts";
import { decodeHuffman } from "../../../src/wire/http2/huffman.ts";
import { STATIC_TABLE } from "../../../src/wire/http2/static-table.ts";
import { catchError } from "../deliveries.ts";
import { headerBlock, hpackInteger, hpackString } from "./frames.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const tableSize = (size: number): Buffer => hpackInteger(size, 5, 0x20);
const indexed = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0x40]), hpackString(name), hpackString(value)]);

const COOKIE = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
const DATES = ["Mon, 21 Oct 2013 20:13:21 GMT", "Mon, 21 Oct 2013 20:13:22 GMT"] as const;
const REQUESTS: HeaderField[][] = [
  [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "www.example.com"],
  ],
  [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "www.example.com"],
    ["cache-control", "no-cache"],
  ],
  [
    [":method", "GET"],
    [":scheme", "https"],
    [":path", "/index.html"],
    [":authority", "www.example.com"],
    ["custom-key", "custom-value"],
  ],
];
const RESPONSES: HeaderField[][] = [
  [
    [":status", "302"],
    ["cache-control", "private"],
    ["date", DATES[0]],
    ["location", "https://www.example.com"],
  ],
  [
    [":status", "307"],
    ["cache-control", "private"],
    ["date", DATES[0]],
    ["location", "https://www.example.com"],
  ],
  [
    [":status", "200"],
    ["cache-control", "private"],
    ["date", DATES[1]],
    ["location", "https://www.example.com"],
    ["content-encoding", "gzip"],
    ["set-cookie", COOKIE],
  ],
];

describe("the examples of RFC 7541, Appendix C", () => {
  const rows: [claim: string, limit: number, blocks: string[], fields: HeaderField[][]][] = [
    [
      "C.2.1",
      4096,
      ["400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"],
      [[["custom-key", "custom-header"]]],
    ],
    ["C.2.2", 4096, ["040c 2f73 616d 706c 652f 7061 7468"], [[[":path", "/sample/path"]]]],
    ["C.2.3", 4096, ["1008 7061 7373 776f 7264 0673 6563 7265 74"], [[["password", "secret"]]]],
    ["C.2.4", 4096, ["82"], [[[":method", "GET"]]]],
    [
      "C.3",
      4096,
      [
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
      ],
      REQUESTS,
    ],
    [
      "C.4",
      4096,
      [
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
      ],
      REQUESTS,
    ],
    [
      "C.6, with evictions",
      256,
      [
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
      ],
      RESPONSES,
    ],
  ];
  it.each(rows)("are read: %s", (_, limit, blocks, fields) => {
    const decoder = new HpackDecoder();
    decoder.decode(tableSize(limit));
    expect(blocks.map((block) => decoder.decode(hex(block)))).toEqual(fields);
  });
});

describe("a header block", () => {
  it("keeps order and repeats", () => {
    const fields = fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string()), { maxLength: 9 });
    fc.assert(
      fc.property(fields, (list) => {
        const latin1 = list.map(([name, value]): HeaderField => [toLatin1(name), toLatin1(value)]);
        expect(new HpackDecoder().decode(headerBlock([...latin1, ...latin1]))).toEqual([...latin1, ...latin1]);
      }),
    );
  });

  it("knows all entries of the static table", () => {
    const block = Buffer.concat(STATIC_TABLE.map((_, at) => hpackInteger(at + 1, 7, 0x80)));
    expect(new HpackDecoder().decode(block)).toEqual(STATIC_TABLE);
  });

  it("empties the table by an entry that is too large for it", () => {
    const decoder = new HpackDecoder();
    decoder.decode(Buffer.concat([tableSize(100), indexed("a", "b")]));
    expect(decoder.decode(hex("be"))).toEqual([["a", "b"]]);
    decoder.decode(indexed("a", "x".repeat(100)));
    expect(() => decoder.decode(hex("be"))).toThrow("got the index 62, expected one from 1 to 61");
  });

  it("takes several size updates, and a table that was emptied and grew again", () => {
    const decoder = new HpackDecoder();
    decoder.decode(indexed("a", "b"));
    const [field] = decoder.decode(Buffer.concat([tableSize(0), tableSize(4096), indexed("c", "d")]));
    expect(field).toEqual(["c", "d"]);
    expect(decoder.decode(hex("be"))).toEqual([["c", "d"]]);
    expect(() => decoder.decode(hex("bf"))).toThrow(WireError);
  });

  it("may use a larger table once the reader allows it", () => {
    const decoder = new HpackDecoder();
    expect(() => new HpackDecoder().decode(tableSize(5000))).toThrow("a table size of 5000, expected at most 4096");
    decoder.allowTableSize(5000);
    decoder.allowTableSize(0);
    expect(decoder.decode(tableSize(5000))).toEqual([]);
  });
});

describe("a broken header block is refused", () => {
  it.each([
    ["the index 0", "80"],
    ["an index that nothing has", "be"],
    ["a name's index that nothing has", "7e00"],
    ["a field that is cut off", "40"],
    ["a name that is cut off", "400a6375"],
    ["a value that is cut off", "4001610561"],
    ["an integer that is cut off", "ff"],
    ["an integer without end", "ff80808080808080808001"],
    ["a size update behind a field", "8220"],
    ["the end-of-string symbol", "00 01 61 84 ffff ffff"],
    ["a whole octet of padding", "00 01 61 81 ff"],
    ["padding of zeros", "00 01 61 81 00"],
  ])("%s", (_, block) => {
    const error = catchError(() => new HpackDecoder().decode(hex(block)));
    expect(error).toBeInstanceOf(WireError);
    expect(error.code).toBe("WHALESONG_BAD_HPACK");
  });

  it("fields that unpack to more than the limit", () => {
    const decoder = new HpackDecoder(10_000);
    decoder.decode(indexed("name", "x".repeat(3000)));
    expect(() => decoder.decode(Buffer.alloc(10, 0xbe))).toThrow("got fields of 12144 bytes, expected at most 10000");
  });
});

describe("Huffman", () => {
  it.each([
    ["", ""],
    ["302", "6402"],
    ["www.example.com", "f1e3c2e5f23a6ba0ab90f4ff"],
    ["a0", "183f"],
  ])("decodes `%s`", (text, bytes) => {
    expect(decodeHuffman(hex(bytes)).toString()).toBe(text);
  });
});

function toLatin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
