import { describe, expect, test } from "vitest";
import { startsCassette } from "../../src/yaml/place.ts";

describe("a text begins as a cassette does", () => {
  test.each([
    ["by its first line", "whalesong: 1\n", true],
    ["behind a BOM", "\ufeffwhalesong: 1\n", true],
    ["behind comments, blanks and a `---`", "# a\n\n  # b\n \t\n---\n# c\nwhalesong: 1\n", true],
    ["with line ends of Windows", "# a\r\n\r\n---\r\nwhalesong: 1\r\n", true],
    ["not behind another key", "faults: []\nwhalesong: 1\n", false],
    ["not behind blank lines alone", `${"\n".repeat(5000)}faults: []\n`, false],
    ["not within a comment", "# whalesong: 1\n", false],
  ])("%s", (_, text, isCassette) => {
    expect(startsCassette(text)).toBe(isCassette);
  });
});
