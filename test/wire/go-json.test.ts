import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import { GrowingText } from "../../src/base/text-memory.ts";
import { appendGoJsonListLine, encodeGoJson, encodeGoString } from "../../src/wire/go-json.ts";
import { catchError } from "./deliveries.ts";

/** Escapes, halves of characters and backslashes are frequent. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\\", "b", "f", "u", '"', "<", "\u2028", "\ud83d", "\b", "\n", "\x7f", "🐋"),
    fc.string(),
  ),
});

class Named {
  readonly name = "whale";
  toJSON(): string {
    return "another";
  }
}

describe("a string as Go writes it", () => {
  it.each([
    ["plain text", "hello", '"hello"'],
    ["quotes and backslashes", 'a"b\\c', '"a\\"b\\\\c"'],
    ["what HTML minds", "<a> & b", '"\\u003ca\\u003e \\u0026 b"'],
    ["line ends and tabs in short", "\n\r\t", '"\\n\\r\\t"'],
    ["backspace and form feed in full", "\b\f", '"\\u0008\\u000c"'],
    ["other control characters", "\0\x01\x1b\x1f", '"\\u0000\\u0001\\u001b\\u001f"'],
    ["DEL as it is", "\x7f", '"\x7f"'],
    ["JavaScript's line separators", "\u2028\u2029", '"\\u2028\\u2029"'],
    ["characters beyond ASCII as they are", "é🐋/'", '"é🐋/\'"'],
    ["half a character as the replacement one", "\ud83da\udc33", '"\\ufffda\\ufffd"'],
    ["the image id of a build", 'sha256:<none>"', '"sha256:\\u003cnone\\u003e\\""'],
  ])("has %s", (_, text, written) => {
    expect(encodeGoString(text)).toBe(written);
  });

  it("leaves what HTML minds where asked to, but not the line separators", () => {
    expect(encodeGoString("<a> & \u2028", false)).toBe('"<a> & \\u2028"');
  });
});

describe("a value as Go writes it", () => {
  it.each([
    ["null", null, "null"],
    ["members in their order, without blanks", { b: 1, a: [true, false, null] }, '{"b":1,"a":[true,false,null]}'],
    ["no members that are undefined", { a: undefined, b: 1 }, '{"b":1}'],
    ["undefined items as null", [undefined], "[null]"],
    ["empty ones", { a: {}, b: [], c: "" }, '{"a":{},"b":[],"c":""}'],
    ["keys escaped", { "<>": 1 }, '{"\\u003c\\u003e":1}'],
    ["integers beyond 2^53", { limit: 9223372036854771712n }, '{"limit":9223372036854771712}'],
    ["fractions", 0.1, "0.1"],
    ["large numbers", 1e21, "1e+21"],
    ["small numbers", 1e-7, "1e-7"],
    ["the sign of zero", -0, "-0"],
    ["the sign of zero in a list", { a: [-0] }, '{"a":[-0]}'],
    ["the members of what can name itself", { a: new Named() }, '{"a":{"name":"whale"}}'],
  ])("has %s", (_, value, written) => {
    expect(encodeGoJson(value)).toBe(written);
  });

  it("leaves what HTML minds at every depth where asked to", () => {
    expect(encodeGoJson({ "&": ["<"] }, false)).toBe('{"&":["<"]}');
  });

  it("has its strings escaped as a string is", () => {
    fc.assert(
      fc.property(anyText, anyText, fc.boolean(), (key, text, escapeHtml) => {
        const [name, value] = [key, text].map((one) => encodeGoString(one, escapeHtml));
        expect(encodeGoJson({ [key]: [text] }, escapeHtml)).toBe(`{${name}:[${value}]}`);
      }),
    );
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [() => 1], [Symbol("a")]])("is not to be had of %s", (value) => {
    const error = catchError(() => encodeGoJson([value]));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.code).toBe("WHALESONG_NOT_JSON");
  });

  it("means the same as what it was made of, with either choice of escapes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, escapeHtml) => {
        const written = encodeGoJson(value, escapeHtml);
        expect(JSON.parse(written)).toEqual(value);
        expect(written).not.toMatch(escapeHtml ? /[<>&\u2028\u2029\n]/ : /[\u2028\u2029\n]/);
      }),
    );
  });

  it("is the same where the members of a list are made one after the other", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.boolean(), (members, escapeHtml) => {
        const made = (function* () {
          yield* members;
        })();
        const text = new GrowingText();
        appendGoJsonListLine(text, made, escapeHtml);
        expect(text.bytes.toString()).toBe(`${encodeGoJson(members, escapeHtml)}\n`);
      }),
    );
  });
});
