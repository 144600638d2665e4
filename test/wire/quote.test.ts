import { describe, expect, it } from "vitest";
import { quoteForMessage } from "../../src/wire/quote.ts";

describe("quoting what was found", () => {
  it.each([
    ["text", "hello", "`hello`"],
    ["line ends", "a\r\n", "`a\\r\\n`"],
    ["other bytes", Buffer.of(0, 0x1b, 0xff, 0x41), "`\\x00\\x1b\\xffA`"],
    ["nothing", "", "``"],
    ["as much as fits", "x".repeat(60), `\`${"x".repeat(60)}\``],
    ["the start of more", Buffer.alloc(1_000_000, "x"), `\`${"x".repeat(60)}...\``],
  ])("shows %s", (_, found, shown) => {
    expect(quoteForMessage(found)).toBe(shown);
  });
});
