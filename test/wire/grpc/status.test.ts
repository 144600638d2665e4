import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBinaryMetadata, encodeBinaryMetadata, isBinaryMetadata } from "../../../src/wire/grpc/metadata.ts";
import {
  decodeGrpcStatusMessage,
  encodeGrpcStatusMessage,
  GRPC_STATUS_NAMES,
  readGrpcStatus,
  toGrpcStatusCode,
  toStatusFields,
} from "../../../src/wire/grpc/status.ts";
import type { HeaderField } from "../../../src/wire/http/fields.ts";

describe("a status", () => {
  it.each<[string, HeaderField[], unknown]>([
    ["success", [["grpc-status", "0"]], { code: 0, message: "" }],
    [
      "a failure",
      [
        ["grpc-status", "9"],
        ["grpc-message", "a 100%25 f%C3%BCr%0A"],
        ["grpc-status-details-bin", "aGk"],
      ],
      { code: 9, message: "a 100% für\n", details: Buffer.from("hi") },
    ],
    ["a status that is no number", [["grpc-status", "x"]], { code: 2, message: "" }],
    ["none", [["content-type", "application/grpc"]], undefined],
  ])("is read: %s", (_, fields, status) => {
    expect(readGrpcStatus(fields)).toEqual(status);
  });

  it("is what it was when written", () => {
    const details = fc.option(fc.uint8Array({ minLength: 1 }), { nil: undefined });
    fc.assert(
      fc.property(fc.nat({ max: 16 }), fc.string({ unit: "grapheme" }), details, (code, message, bytes) => {
        const status = { code, message, ...(bytes && { details: Buffer.from(bytes) }) };
        const fields = toStatusFields(status);
        for (const [, value] of fields) expect(value).toMatch(/^[\x20-\x7e]*$/);
        expect(readGrpcStatus(fields)).toEqual(status);
      }),
    );
  });

  it("has a name for each number", () => {
    expect(GRPC_STATUS_NAMES).toHaveLength(17);
    expect(toGrpcStatusCode("UNIMPLEMENTED")).toBe(12);
    expect(toGrpcStatusCode("FAILED_PRECONDITION")).toBe(9);
  });
});

describe("a status message", () => {
  it.each([
    ["plain text!", "plain text!"],
    ["100%", "100%25"],
    ["ü", "%C3%BC"],
    ["a\nb", "a%0Ab"],
  ])("`%s` is `%s`", (message, encoded) => {
    expect(encodeGrpcStatusMessage(message)).toBe(encoded);
    expect(decodeGrpcStatusMessage(encoded)).toBe(message);
  });

  it.each([
    ["100%", "100%"],
    ["%zz", "%zz"],
    ["%c3%bc", "ü"],
  ])("is read leniently: `%s`", (encoded, message) => {
    expect(decodeGrpcStatusMessage(encoded)).toBe(message);
  });
});

describe("binary metadata", () => {
  it.each([
    ["", [""]],
    ["aGk", ["hi"]],
    ["aGk=", ["hi"]],
    ["aGk,YQ==", ["hi", "a"]],
  ])("`%s` is read", (value, texts) => {
    expect(decodeBinaryMetadata(value).map(String)).toEqual(texts);
  });

  it("is written without padding", () => {
    expect(encodeBinaryMetadata(Buffer.from("a"))).toBe("YQ");
    expect([isBinaryMetadata("grpc-status-details-bin"), isBinaryMetadata("bin")]).toEqual([true, false]);
  });
});
