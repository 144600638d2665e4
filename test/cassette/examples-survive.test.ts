import { describe, expect, test } from "vitest";
import type { Exchange } from "../../src/cassette/model.ts";
import { openCassette } from "../../src/cassette/read.ts";
import { formatExchange, formatHeader } from "../../src/cassette/write.ts";
import { CASSETTE, EXCHANGES, HEADER } from "./example.ts";

describe("the examples of the format's document", () => {
  const cassette = openCassette(Buffer.from(CASSETTE), "run-cat.yaml");

  test("the header is the same when it is written again", () => {
    expect(formatHeader(cassette.header)).toBe(HEADER);
  });

  test.each(EXCHANGES.map((text, index) => [cassette.entries[index]?.target ?? "", index, text] as const))(
    "%s says the same when written again",
    (_target, index, text) => {
      expect(formatExchange(cassette.entries[index]?.readExchange() as Exchange)).toBe(text);
    },
  );

  test("a terminal's line is the bytes it stands for", () => {
    const stream = cassette.entries[4]?.readExchange().stream;
    expect(stream?.[0]).toStrictEqual({ kind: "bytes", isTty: true, bytes: Buffer.from("\x1b[1;32m/ # \x1b[0m") });
    expect(stream?.[5]).toStrictEqual({ kind: "stdin", content: Buffer.from([4]) });
  });

  test("a body of JSON ends as Go's encoder ends it", () => {
    expect(cassette.entries[0]?.readExchange().request.body).toEqual(
      Buffer.from('{"Image":"alpine:3.20","Cmd":["cat"],"OpenStdin":true}\n'),
    );
  });
});
