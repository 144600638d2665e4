/** Two bytes are looked up at once: what is found must not depend on where it begins, or on how the bytes are cut. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { LiteralFinder } from "../../src/secrets/literal-finder.ts";
import { SecretScanner } from "../../src/secrets/secret-scanner.ts";

const LITERALS = ["abc", "abcd", "bca", "cab", "aaaa", "://", "\u00e9\u00e8\u00ff"];
const TOKEN = `ghp_${"x".repeat(36)}`;
const texts = fc.string({
  unit: fc.constantFrom("a", "b", "c", "d", ":", "/", "\u00e9", "\u00e8", "\u00ff"),
  maxLength: 40,
});

/** The longest literal at each place, by trying them all. */
function findSlowly(text: string): readonly (readonly [string, number])[] {
  const longestFirst = LITERALS.toSorted((a, b) => b.length - a.length);
  return [...text].flatMap((_, at) => {
    const literal = longestFirst.find((one) => text.startsWith(one, at));
    return literal === undefined ? [] : [[literal, at] as const];
  });
}

test("the longest literal at each place is found, in text and in bytes", () => {
  const finder = new LiteralFinder([...LITERALS, "\u20ac\u20ac\u20ac"]);
  fc.assert(
    fc.property(texts, (text) => {
      const [inText, inBytes]: [string, number][][] = [[], []];
      finder.find(text, (literal, at) => inText?.push([literal, at]));
      finder.findInBytes(Buffer.from(text, "latin1"), (literal, at) => inBytes?.push([literal, at]));
      expect(inText).toEqual(findSlowly(text));
      expect(inBytes).toEqual(inText);
    }),
    { numRuns: 3000 },
  );
});

test.each([999, 1000, 20_000, 70_000])(
  "a token is found in pieces of %i bytes that share their memory",
  async (size) => {
    const into = Buffer.alloc(size);
    const text = Buffer.from(`${".".repeat(39_999)}${TOKEN} ${"-".repeat(30_000)}value-1234`);
    async function* cut(): AsyncGenerator<Buffer> {
      for (let at = 0; at < text.length; at += size) yield into.subarray(0, text.copy(into, 0, at, at + size));
    }
    const scanner = new SecretScanner({ values: ["value-1234"], patterns: [/\.-?ghp_x/g] });
    const found = await scanner.findInPieces(cut());
    expect(found.toSorted((a, b) => a.start - b.start)).toEqual([
      { start: 39_998, end: 40_004, what: "pattern of yours" },
      { start: 39_999, end: 39_999 + TOKEN.length, what: "GitHub token" },
      { start: 39_999 + TOKEN.length + 1 + 30_000, end: text.length, what: "known value" },
    ]);
  },
);
