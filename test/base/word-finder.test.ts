import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WordFinder } from "../../src/base/word-finder.ts";

const BEGINNING = String.raw`(?<=^|[^A-Za-z0-9]|\\[bfnrt])`;

/** What the finder stands in for: one expression of all words, longer ones first, and of what else is replaced. */
function replaceByExpression(words: readonly string[], text: string, other: string): string {
  const sorted = [...words].sort((a, b) => b.length - a.length).map((word) => word.replace(/[\\.-]/g, "\\$&"));
  const whole = sorted.length === 0 ? [] : [`${BEGINNING}(?:${sorted.join("|")})(?![A-Za-z0-9])`];
  return text.replace(new RegExp([...whole, other].join("|"), "g"), (word) => `<${word}>`);
}

describe("a finder of words", () => {
  const letter = fc.constantFrom("a", "b", "n", "1", "-", ".", "\\");
  const word = fc
    .tuple(fc.constantFrom("a", "b", "n", "1"), fc.array(letter, { maxLength: 4 }))
    .map(([first, rest]) => first + rest.join(""));
  const text = fc.array(letter, { maxLength: 24 }).map((letters) => letters.join(""));

  test("replaces what an expression of all words replaces", () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 8 }), text, (words, searched) => {
        const finder = new WordFinder(BEGINNING);
        for (const each of words) finder.add(each);
        const replaced = finder.replace(searched, (found) => `<${found}>`, /b1|--/g);
        expect(replaced).toBe(replaceByExpression(words, searched, "b1|--"));
      }),
      { numRuns: 5000 },
    );
  });

  test("forgets a word", () => {
    const finder = new WordFinder(BEGINNING);
    finder.add("web-1");
    finder.delete("web-1");
    expect(finder.replace("web-1", () => "shop")).toBe("web-1");
  });
});
