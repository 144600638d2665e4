// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfiles have `${name}`, too
import { describe, expect, test } from "vitest";
import { type LexedWord, type LexerOptions, lexWord } from "../../../src/mock/operations/dockerfile/shell-lexer.ts";
import { toVariables } from "../../../src/mock/operations/dockerfile/variables.ts";

const VARIABLES = toVariables(["FILE=name.tar.gz", "EMPTY=", "DIR=/a/b", "1=one"]);

function lex(word: string, options: Partial<LexerOptions> = {}): LexedWord {
  return lexWord(word, { variables: VARIABLES, escapeMark: "\\", ...options });
}

describe("a word", () => {
  test.each([
    ["$FILE ${FILE} $1", "name.tar.gz name.tar.gz one"],
    ["$UNSET.", "."],
    ["'$FILE' \"$FILE\" \\$FILE", "$FILE name.tar.gz $FILE"],
    ["${UNSET:-a b}", "a b"],
    ["${EMPTY:-default}", "default"],
    ["${EMPTY-kept}", ""],
    ["${UNSET-default}", "default"],
    ["${FILE:+set}${EMPTY:+set}${UNSET:+set}", "set"],
    ["${EMPTY+set}${UNSET+set}", "set"],
    ["${UNSET:-${DIR}/x}", "/a/b/x"],
    ["${FILE#*.}", "tar.gz"],
    ["${FILE##*.}", "gz"],
    ["${FILE%.*}", "name.tar"],
    ["${FILE%%.*}", "name"],
    ["${FILE#x}", "name.tar.gz"],
    ["${DIR#/?/}", "b"],
    ["${FILE/tar/zip}", "name.zip.gz"],
    ["${FILE//a/o}", "nome.tor.gz"],
    ["${FILE//[.]/}", "name.tar.gz"],
    ["${DIR//\\//-}", "-a-b"],
    ["${UNSET#x}${UNSET/a/b}", ""],
    ["a$", "a$"],
  ])("%j is %j", (word, text) => {
    expect(lex(word)).toMatchObject({ text, error: undefined });
  });

  test.each([
    ["${UNSET:?say so}", "UNSET: say so"],
    ["${UNSET?}", "UNSET: is not allowed to be unset"],
    ["${EMPTY:?}", "EMPTY: is not allowed to be empty"],
    ["${FILE:*x}", "unsupported modifier (:*) in substitution"],
    ["${FILE*x}", "unsupported modifier (*) in substitution"],
    ["${FILE:#x}", "unsupported modifier (:#) in substitution"],
    ["${FILE", "unsupported modifier (\ufffd) in substitution"],
    ["${FILE:-x", "syntax error: missing '}'"],
    ["${FILE/a", "syntax error: missing '/' in ${}"],
    ["${FILE/a/b", "syntax error: missing '}'"],
    ["${}", "syntax error: bad substitution"],
    ["${", "syntax error: missing '}'"],
    ["${FILE#\\x}", "invalid pattern (\\x) in substitution: invalid escape '\\x'"],
    ["'open", "unexpected end of statement while looking for matching single-quote"],
    ['"open', "unexpected end of statement while looking for matching double-quote"],
  ])("%j fails", (word, why) => {
    expect(lex(word).error?.message).toBe(`failed to process ${JSON.stringify(word)}: ${why}`);
  });

  test.each(["$A$A", "${A//a/$A}", "${A//a/aa}", "${A//?/$A}"])(
    "%j that is set again and again is refused before it fills the memory",
    (word) => {
      let value = "aa";
      let refused: string | undefined;
      for (let line = 0; line < 40 && refused === undefined; line += 1) {
        const { text, error } = lexWord(word, { variables: toVariables([`A=${value}`]), escapeMark: "\\" });
        refused = error?.message;
        value = text;
      }
      expect(refused).toMatch(/with A it would be more than 1 MiB/);
    },
  );

  test("tells which variables it refers to, also where it fails", () => {
    const { known, unknown } = lex("$FILE ${NONE:-$DIR} ${OTHER:*x}");
    expect([[...known], [...unknown]]).toEqual([
      ["FILE", "DIR"],
      ["NONE", "OTHER"],
    ]);
  });

  test.each([
    [
      "echo \"$FILE\" '$FILE' $NONE ${NONE:-x} ${NONE/a/b}",
      "echo \"name.tar.gz\" '$FILE' $NONE ${NONE:-x} ${NONE/a/b}",
    ],
  ])("keeps quotes and what is not set, for the name of a RUN", (word, text) => {
    expect(lex(word, { keepsQuotes: true, keepsUnset: true }).text).toBe(text);
  });

  test("takes quotes for letters, in a heredoc", () => {
    expect(lex('it\'s "$FILE"', { ignoresQuotes: true }).text).toBe('it\'s "name.tar.gz"');
  });
});
