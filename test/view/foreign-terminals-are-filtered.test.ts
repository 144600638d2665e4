/** What a recorded terminal may do to the user's. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TerminalFilter } from "../../src/view/terminal-filter.ts";

function filter(...pieces: readonly (string | Buffer)[]): string {
  const filtering = new TerminalFilter();
  return pieces.map((piece) => filtering.filter(Buffer.from(piece as string))).join("");
}

const KEPT: readonly (readonly [string, string])[] = [
  ["text", "hello \u{1f433} \u00e9\r\n\tx\b"],
  ["colours", "\x1b[1;31mred\x1b[0m\x1b[38;5;12mx\x1b[38:2::1:2:3m"],
  ["the cursor", "\x1b[2A\x1b[10;20H\x1b[s\x1b[u\x1b7\x1b8\x1bM"],
  ["erasing", "\x1b[2J\x1b[K\x1b[3X\x1b[2P\x1b[1L\x1b[1M"],
  ["the alternate screen and the cursor's sight", "\x1b[?1049h\x1b[?25l"],
  ["line drawing", "\x1b(0lqk\x1b(B"],
];

const DROPPED: readonly (readonly [string, string])[] = [
  ["a query for the cursor", "\x1b[6n"],
  ["a query for the device", "\x1b[c\x1b[>c\x1b[=c\x1bZ"],
  ["a query for a mode", "\x1b[?25$p"],
  ["the clipboard", "\x1b]52;c;cm0gLXJmIC8=\x07"],
  ["a title", "\x1b]0;owned\x1b\\"],
  ["a title, ended by C1", "\x1b]0;owned\u009c"],
  ["a hyperlink", "\x1b]8;;http://x/\x07"],
  ["a device string", "\x1bP$qm\x1b\\"],
  ["a report of the title", "\x1b[21t"],
  ["a window operation", "\x1b[8;1;1t"],
  ["mouse reports", "\x1b[?1000h\x1b[?1006h"],
  ["bracketed paste", "\x1b[?2004h"],
  ["application keys", "\x1b[?1h\x1b=\x1b>"],
  ["insert mode", "\x1b[4h"],
  ["key modifiers", "\x1b[>4;2m"],
  ["a full reset", "\x1bc"],
  ["an 8-bit control sequence", "\u009b6n\u009d0;owned\u009c".replace("6n", "").replace("0;owned", "")],
  ["the bell", "\x07"],
  ["an answerback", "\x05"],
  ["a bidirectional override", "\u202e"],
  ["another character set", "\x1b%G"],
  ["printing", "\x1b[5i"],
];

describe("TerminalFilter", () => {
  test.each(KEPT)("keeps %s", (_what, text) => {
    expect(filter(text)).toBe(text);
  });

  test.each(DROPPED)("drops %s", (_what, text) => {
    expect(filter(`a${text}b`)).toBe("ab");
  });

  test.each([...KEPT, ...DROPPED])("does the same if %s comes byte by byte", (_what, text) => {
    const bytes = [...Buffer.from(`a${text}b`)].map((byte) => Buffer.from([byte]));
    expect(filter(...bytes)).toBe(filter(`a${text}b`));
  });

  test("lets nothing pass that is neither text nor harmless, however it is cut", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "\x1b",
        "[",
        "]",
        "?",
        "6n",
        "52;c;x",
        "\x07",
        "\\",
        "P",
        "1049h",
        "m",
        "\u009b",
        "\u009d",
        "c",
        "(",
        "0",
        ";",
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(part, { maxLength: 6 }), { maxLength: 6 }), (pieces) => {
        const shown = filter(...pieces.map((parts) => parts.join("")));
        const rest = shown
          // biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with one
          .replace(/\x1b(?:\[[\d;:]*[A-HJKLMPSTXZ@`abdefmsu]|\[\?(?:7|25|47|104[789])[hl]|[78DEM]|[()][0AB])/g, "");
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
        expect(rest).not.toMatch(/[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]/);
      }),
    );
  });

  test("puts the terminal back", () => {
    const filtering = new TerminalFilter();
    filtering.filter(Buffer.from("\x1b[?1049h\x1b[?25l"));
    expect(filtering.end()).toBe("\x1b[?1049l\x1b[0m\x1b[?25h");
    expect(new TerminalFilter().end()).toBe("\x1b[0m\x1b[?25h");
  });
});
