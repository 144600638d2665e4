/** What may stand in HTTP messages and must survive being written and read. */
import fc from "fast-check";
import type { HeaderField, RequestHead, ResponseHead } from "../../src/wire/http/head.ts";

const TOKEN = "!#$%&'*+-.^_`|~0123456789abcxyzABCXYZ";
/** Visible latin1, with the bytes of UTF-8 and with what trim() would wrongly take (U+00A0). */
const VISIBLE = ['!"#,:;=?@/\\[]{}<>%&', "azAZ09", "\x80\xa0\xe2\xff"].join("");

export const token: fc.Arbitrary<string> = arbitraryText(TOKEN, 1, 12);
export const method: fc.Arbitrary<string> = fc.oneof(fc.constantFrom("GET", "POST", "HEAD", "PUT", "DELETE"), token);
export const target: fc.Arbitrary<string> = arbitraryText(VISIBLE, 0, 30).map((rest) => `/${rest}`);
export const bytes: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

const inner = arbitraryText(`${VISIBLE} \t`, 0, 20);
/** Without blanks at its ends: those belong to the line. */
export const value: fc.Arbitrary<string> = fc.oneof(
  fc.constant(""),
  arbitraryText(VISIBLE, 1, 3),
  fc.tuple(arbitraryText(VISIBLE, 1, 2), inner, arbitraryText(VISIBLE, 1, 2)).map((parts) => parts.join("")),
);

export const fields: fc.Arbitrary<HeaderField[]> = fc.array(fc.tuple(token, value), { maxLength: 8 });

const version = fc.constantFrom("HTTP/1.0" as const, "HTTP/1.1" as const);
export const requestHead: fc.Arbitrary<RequestHead> = fc.record({ method, target, version, fields });
export const responseHead: fc.Arbitrary<ResponseHead> = fc.record({
  version,
  status: fc.integer({ min: 100, max: 999 }),
  reason: value,
  fields,
});

function arbitraryText(characters: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength });
}
