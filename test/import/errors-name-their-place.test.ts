/** A file that cannot be imported is an error with a place, and nothing is written. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { WhalesongError } from "../../src/base/errors.ts";
import { importFile } from "../../src/integrations/import-file.ts";
import { writeFixture } from "./import-fixture.ts";

describe("a file", () => {
  test.each([
    ["that is empty", "", "SYNTAX", ":1:1  not JSON: got the end of the file, expected a JSON value"],
    [
      "that breaks off",
      '[\n  {"scope": "http://localhost"',
      "SYNTAX",
      ":2:31  not JSON: got the end of the file, expected `}`",
    ],
    ["with a comma too much", "[1,\n]", "SYNTAX", ":2:1  not JSON: got `]`, expected a JSON value"],
    ["with an open quote", '[\n "a]', "SYNTAX", ':2:2  not JSON: got `"`, expected a closing quote'],
    ["with a bad escape", '["a\\x"]', "SYNTAX", ':1:2  not JSON: got `"`, expected text as JSON escapes it'],
    ["with a bad number", "[01]", "SYNTAX", ":1:2  not JSON: got `0`, expected a JSON value"],
    ["with more behind its end", "[] []", "SYNTAX", ":1:4  not JSON: got `[`, expected nothing behind the JSON"],
    ["that is nested without end", "[".repeat(600), "SYNTAX", ":1:502  not JSON: got `[`, expected at most 500 levels"],
    [
      "that is something else",
      '{"openapi": "3"}',
      "SHAPE",
      ":1:1  `the file` must be a list of nock's definitions, a HAR",
    ],
    [
      "with a definition without a path",
      '[{"scope": "http://localhost"}]',
      "SHAPE",
      ":1:2  `path` must be text, got nothing",
    ],
    [
      "with a scope that is none",
      '[\n{"scope": "x", "path": "/"}]',
      "SHAPE",
      ":2:11  `scope` must be an origin such as",
    ],
    [
      "with a status in quotes",
      '[{"scope":"http://d","path":"/","status":"200"}]',
      "SHAPE",
      ":1:42  `status` must be a number, got text",
    ],
    [
      "whose packed body is none",
      '[{"scope":"http://d","path":"/","response":["00"],"rawHeaders":["Content-Encoding","gzip"]}]',
      "SHAPE",
      ":1:44  `response` must be what",
    ],
    [
      "with a HAR's entry without a request",
      '{"log": {"entries": [{}]}}',
      "SHAPE",
      ":1:22  `url` must be text, got nothing",
    ],
  ])("%s", async (_what, text, kind, complaint) => {
    const { file, cassette } = writeFixture(text);
    const error = await importFile(file, cassette).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(WhalesongError);
    expect(error).toMatchObject({
      code: `WHALESONG_IMPORT_${kind}`,
      message: expect.stringContaining(`${file}${complaint}`),
    });
    expect(existsSync(cassette)).toBe(false);
  });
});
