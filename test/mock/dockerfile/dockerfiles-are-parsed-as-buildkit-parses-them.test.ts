// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfiles have `${name}`, too
import { describe, expect, test } from "vitest";
import { type Dockerfile, parseDockerfile, selectStages } from "../../../src/mock/operations/dockerfile/dockerfile.ts";
import { type DockerfileInstruction, parseInstruction } from "../../../src/mock/operations/dockerfile/instruction.ts";
import { joinLines } from "../../../src/mock/operations/dockerfile/lines.ts";
import { expandWord } from "../../../src/mock/operations/dockerfile/shell-lexer.ts";
import { toVariables } from "../../../src/mock/operations/dockerfile/variables.ts";
import {
  parseJsonWords,
  parseNamesAndValues,
  splitQuotedWords,
} from "../../../src/mock/operations/dockerfile/words.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";

const VARIABLES = toVariables(["PWD=/home", "SHELL=bash", "EMPTY=", "1=one", "12=twelve", "NO_VALUE"]);

const processError = (word: string, why: string): string => `400 failed to process ${JSON.stringify(word)}: ${why}`;
const expand = (word: string): string => expandWord(word, VARIABLES, "\\");

describe("a word is expanded", () => {
  test.each([
    ["hello", "hello"],
    ["he'll'o", "hello"],
    ["he\\'llo", "he'llo"],
    ["abc\\tdef", "abctdef"],
    ["abc\\\\tdef", "abc\\tdef"],
    ["'abc\\tdef'", "abc\\tdef"],
    ["'abc\\\\tdef'", "abc\\\\tdef"],
    ['"abc\\tdef"', "abc\\tdef"],
    ['"abc\\\\tdef"', "abc\\tdef"],
    ['"a\\"b\\$PWD"', 'a"b$PWD'],
    ['"a\\`b"', "a\\`b"],
    ["end\\", "end"],
    ["he$", "he$"],
    ["he$PWD.", "he/home."],
    ["he\\$PWD", "he$PWD"],
    ["he\\\\$PWD", "he\\/home"],
    ['"he\\$PWD"', "he$PWD"],
    ["\\${}", "${}"],
    ["he${hi}xx", "hexx"],
    ["he${PWD}xx", "he/homexx"],
    ["he${XXX:-000}xx", "he000xx"],
    ["he${PWD:-000}xx", "he/homexx"],
    ["he${EMPTY:-000}xx", "he000xx"],
    ["he${XXX:-$PWD}xx", "he/homexx"],
    ["he${XXX:-${PWD:-yyy}}xx", "he/homexx"],
    ["he${XXX:-${YYY:-yyy}}xx", "heyyyxx"],
    ["he${XXX:-foo:bar}xx", "hefoo:barxx"],
    ["he${XXX:+${PWD}}xx", "hexx"],
    ["he${PWD:+${SHELL}}xx", "hebashxx"],
    ["he${EMPTY:+x}xx", "hexx"],
    ["${PWD:?no}", "/home"],
    ["${EMPTY?no}", ""],
    ["'he${XX}'", "he${XX}"],
    ['"he${PWD}"', "he/home"],
    ["\"he'$PWD'\"", "he'/home'"],
    ["'$PWD'", "$PWD"],
    ["'\"hello\"'", '"hello"'],
    ["$1x", "onex"],
    ["$12x", "twelvex"],
    ["${1}", "one"],
    ["$@-$NO_VALUE", "-"],
    ["a${@}b", "ab"],
  ])("%s", (word, expanded) => {
    expect(expand(word)).toBe(expanded);
  });

  test.each([
    ["he'llo", "unexpected end of statement while looking for matching single-quote"],
    ['he"llo', "unexpected end of statement while looking for matching double-quote"],
    ["he${", "syntax error: missing '}'"],
    ["he${PWD", "missing ':' in substitution"],
    ["he${PWD:-x", "syntax error: missing '}'"],
    ["he${}", "syntax error: bad substitution"],
    ["he${{PWD}}", "syntax error: bad substitution"],
    ["he${:PWD}", "syntax error: bad substitution"],
    ["he${.}", "missing ':' in substitution"],
    ["he${PWD-x}", "missing ':' in substitution"],
    ["he${PWD:YYY}", "unsupported modifier (Y) in substitution"],
    ["${XXX:?}", "XXX: is not allowed to be unset"],
    ["${EMPTY:?}", "EMPTY: is not allowed to be empty"],
    ["${EMPTY:?give it}", "EMPTY: give it"],
    ["${XXX?give it}", "XXX: give it"],
  ])("%s is an error", (word, why) => {
    expect(catchApiError(() => expand(word))).toBe(processError(word, why));
  });

  test("with a backtick as the escape", () => {
    expect(expandWord('C:\\x`$PWD "`""', VARIABLES, "`")).toBe('C:\\x$PWD "');
  });
});

test.each([
  ["a b  c", ["a", "b", "c"]],
  ["a='b c' d", ["a='b c'", "d"]],
  ['a="b \\" c" d', ['a="b \\" c"', "d"]],
  ["a='b \\' c", ["a='b \\'", "c"]],
  ["a\\ b c", ["a\\ b", "c"]],
  ["a '' b", ["a", "''", "b"]],
  ["a\\", ["a"]],
  ['"open to the end', ['"open to the end']],
  ["", []],
])("%j is split into words", (text, words) => {
  expect(splitQuotedWords(text, "\\")).toEqual(words);
});

test.each([
  ['["a", "b c"]', ["a", "b c"]],
  ["[]", []],
  ['["a"] && b', ["a"]],
  ['["a]", "\\"]"]', ["a]", '"]']],
  ["[ -f x ]", undefined],
  ["['a']", undefined],
  ['["a"', undefined],
  ["a", undefined],
])("%s as a JSON list", (text, words) => {
  expect(parseJsonWords(text)).toEqual(words);
});

test.each(["[1]", '["a", null]', "[{}]"])("%s is a JSON list with other members than texts", (text) => {
  expect(catchApiError(() => parseJsonWords(text))).toBe(
    "400 failed to parse Dockerfile: when using JSON array syntax, arrays must be comprised of strings only",
  );
});

test.each([
  ["a=1 b='2 3'", ["a", "1", "b", "'2 3'"]],
  ["a b c=d", ["a", "b c=d"]],
  ["a=", ["a", ""]],
  ["a=b=c", ["a", "b=c"]],
  ["a", undefined],
  ["a ", undefined],
  ["a=1 b", undefined],
  ["", []],
])("names and values of %j", (text, words) => {
  expect(parseNamesAndValues(text, "\\")).toEqual(words);
});

describe("lines", () => {
  test.each<[string, string, [number, string][]]>([
    [
      "are trimmed, and blank ones dropped",
      "\n  FROM a  \n\n RUN b\n",
      [
        [2, "FROM a"],
        [4, "RUN b"],
      ],
    ],
    [
      "end with CRLF, too",
      "FROM a\r\nRUN b\r\n",
      [
        [1, "FROM a"],
        [2, "RUN b"],
      ],
    ],
    [
      "continue after an escape",
      "RUN a \\\n  b\nRUN c",
      [
        [1, "RUN a   b"],
        [3, "RUN c"],
      ],
    ],
    ["continue over comments and blank lines", "RUN a \\\n# no\n\n b", [[1, "RUN a  b"]]],
    ["keep a hash in the middle", "RUN a # b", [[1, "RUN a # b"]]],
    ["lose comments", "# a\nFROM b\n  # c", [[2, "FROM b"]]],
    ["lose a byte order mark", "\ufeffFROM a", [[1, "FROM a"]]],
    ["may end in an escape", "RUN a \\", [[1, "RUN a"]]],
    [
      "do not continue after another character",
      "RUN a `\nRUN b",
      [
        [1, "RUN a `"],
        [2, "RUN b"],
      ],
    ],
    [
      "continue after the escape of a directive",
      "# escape=`\nRUN a `\n b \\\nRUN c",
      [
        [2, "RUN a  b \\"],
        [4, "RUN c"],
      ],
    ],
  ])("%s", (_, text, lines) => {
    expect(joinLines(text).lines.map(({ number, text: line }) => [number, line])).toEqual(lines);
  });

  test.each([
    ["# escape=`\nFROM a", "`"],
    ["# syntax=x\n# ESCAPE = `\nFROM a", "`"],
    ["# a comment\n# escape=`\nFROM a", "\\"],
    ["FROM a\n# escape=`", "\\"],
  ])("%j have the escape %s", (text, escapeMark) => {
    expect(joinLines(text).escapeMark).toBe(escapeMark);
  });

  test.each([
    ["# escape=x\nFROM a", "400 failed to parse Dockerfile: invalid ESCAPE 'x'. Must be ` or \\"],
    ["\n# only comments\n", "400 failed to parse Dockerfile: file with no instructions"],
  ])("%j are an error", (text, error) => {
    expect(catchApiError(() => joinLines(text))).toBe(error);
  });
});

function parse(text: string): DockerfileInstruction {
  return parseInstruction({ number: 3, text }, "\\");
}

describe("an instruction", () => {
  test.each<[string, Partial<DockerfileInstruction>]>([
    ["RUN echo  hi", { name: "run", args: ["echo  hi"], isJson: false, rest: "echo  hi" }],
    ['run ["a", "b"]', { name: "run", args: ["a", "b"], isJson: true }],
    ["CMD", { args: [], isJson: false }],
    ["ENTRYPOINT []", { args: [], isJson: true }],
    [
      "COPY --chown=a:b --from=x y z /d/",
      {
        args: ["y", "z", "/d/"],
        flags: new Map([
          ["chown", "a:b"],
          ["from", "x"],
        ]),
      },
    ],
    ['ADD ["a b", "/c"]', { args: ["a b", "/c"], isJson: true }],
    ["ENV a=1 b='2 3'", { args: ["a", "1", "b", "'2 3'"] }],
    ["ENV a b c", { args: ["a", "b c"] }],
    ["LABEL a=1", { args: ["a", "1"] }],
    ["ARG a b=2", { args: ["a", "b=2"] }],
    ["EXPOSE 80 81/udp", { args: ["80", "81/udp"] }],
    ["FROM a AS b", { args: ["a", "AS", "b"] }],
    ["FROM --platform=linux/amd64 a", { args: ["a"], flags: new Map([["platform", "linux/amd64"]]) }],
    ["WORKDIR /a b", { args: ["/a b"] }],
    ["HEALTHCHECK NONE", { args: ["NONE"] }],
    ["HEALTHCHECK --interval=5s --retries=2 cmd a b", { args: ["CMD", "a b"], isJson: false }],
    ['HEALTHCHECK CMD ["a", "b"]', { args: ["CMD", "a", "b"], isJson: true }],
    ["ONBUILD RUN a", { args: ["RUN a"], rest: "RUN a" }],
    ['SHELL ["a"]', { args: ["a"], isJson: true }],
    ["VOLUME /a /b", { args: ["/a", "/b"], isJson: false }],
    ["RUN -- --a", { args: ["--a"] }],
  ])("%s", (text, expected) => {
    expect(parse(text)).toMatchObject({ text, line: 3, ...expected });
  });

  const DESTINATION =
    "requires at least two arguments, but only one was provided. Destination could not be determined.";
  test.each([
    ["FOO bar", "unknown instruction: FOO"],
    ["ADD", `ADD ${DESTINATION}`],
    ["COPY a", `COPY ${DESTINATION}`],
    ["COPY --what=1 a b", "Unknown flag: what"],
    ["COPY --chown a b", "Missing a value on flag: chown"],
    ["ENV", "ENV requires at least one argument"],
    ["ENV a", "failed to parse Dockerfile: ENV must have two arguments"],
    ["LABEL a=1 b", `failed to parse Dockerfile: Syntax error - can't find = in "b". Must be of the form: name=value`],
    ["ENV =1", "ENV names can not be blank"],
    ["ARG =1", "ARG names can not be blank"],
    ["ARG", "ARG requires at least one argument"],
    ["EXPOSE", "EXPOSE requires at least one argument"],
    ["USER", "USER requires exactly one argument"],
    ["WORKDIR", "WORKDIR requires exactly one argument"],
    ["STOPSIGNAL", "STOPSIGNAL requires exactly one argument"],
    ["MAINTAINER", "MAINTAINER requires exactly one argument"],
    ["FROM a b", "FROM requires either one or three arguments"],
    ["FROM a is b", "FROM requires either one or three arguments"],
    ["FROM a AS 1b", `invalid name for build stage: "1b", name can't start with a number or contain symbols`],
    ["SHELL a b", "SHELL requires the arguments to be in JSON form"],
    ["SHELL []", "SHELL requires at least one argument"],
    ["ONBUILD", "ONBUILD requires at least one argument"],
    ["ONBUILD ONBUILD RUN a", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"],
    ["ONBUILD from a", "FROM isn't allowed as an ONBUILD trigger"],
    ["VOLUME", "VOLUME requires at least one argument"],
    ['VOLUME ["/a", " "]', "VOLUME specified can not be an empty string"],
    ["HEALTHCHECK", "HEALTHCHECK requires at least one argument"],
    ["HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD"],
    ["HEALTHCHECK NONE a", "HEALTHCHECK NONE takes no arguments"],
    ["HEALTHCHECK a", `Unknown type "A" in HEALTHCHECK (try CMD)`],
    ["HEALTHCHECK --retries=0 CMD a", "--retries must be at least 1 (not 0)"],
    ["HEALTHCHECK --retries=x CMD a", `strconv.ParseInt: parsing "x": invalid syntax`],
    ["HEALTHCHECK --retries=2147483648 CMD a", `strconv.ParseInt: parsing "2147483648": value out of range`],
    ["HEALTHCHECK --interval=5 CMD a", `time: invalid duration "5"`],
    ["HEALTHCHECK --timeout=1us CMD a", `Interval "timeout" cannot be less than 1ms`],
  ])("%s is an error", (text, error) => {
    expect(catchApiError(() => parse(text))).toBe(`400 ${error}`);
  });
});

describe("a Dockerfile", () => {
  const TEXT = "ARG V=1\nFROM a AS One\nRUN b\nFROM c\nRUN d\nFROM One AS three";

  test("has arguments before its first stage, and stages with names in lower case", () => {
    const { globals, stages }: Dockerfile = parseDockerfile(TEXT);
    expect(globals.map(({ args }) => args)).toEqual([["V=1"]]);
    expect(stages.map(({ name, instructions }) => [name, instructions.length])).toEqual([
      ["one", 1],
      [undefined, 1],
      ["three", 0],
    ]);
  });

  test.each([
    ["", 3],
    ["one", 1],
    ["ONE", 1],
    ["1", 2],
    ["three", 3],
  ])("is built up to the target %j", (target, count) => {
    expect(selectStages(parseDockerfile(TEXT), target)).toHaveLength(count);
  });

  test.each([
    ["two", "400 failed to reach build target two in Dockerfile"],
    ["3", "400 failed to reach build target 3 in Dockerfile"],
    ["-1", "400 failed to reach build target -1 in Dockerfile"],
  ])("has no target %s", (target, error) => {
    expect(catchApiError(() => selectStages(parseDockerfile(TEXT), target))).toBe(error);
  });

  test.each([
    ["RUN a", "400 no build stage in current context"],
    ["ARG a", "400 no build stage in current context"],
    ["FROM a\n\nFOO b", "400 dockerfile parse error line 3: unknown instruction: FOO"],
    ["FROM a\nENV b", "400 failed to parse Dockerfile: ENV must have two arguments"],
  ])("%j is an error", (text, error) => {
    expect(catchApiError(() => parseDockerfile(text))).toBe(error);
  });
});
