import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import type { Exchange } from "../../src/cassette/model.ts";
import { readExchange } from "../../src/cassette/read/exchange.ts";
import { scanHead } from "../../src/cassette/read/scan-head.ts";
import { formatExchange } from "../../src/cassette/write.ts";
import { countTries } from "../playbook/seed.ts";
import { anyBuildkitExchange } from "./arbitrary-build.ts";

const RUNS = countTries(200);

function read(text: string): Exchange {
  return readExchange({ file: "test.yaml", text: text.slice("---\n".length), firstLine: 2 });
}

describe("a build that is written is read", () => {
  test("any build and any call comes back", () => {
    fc.assert(
      fc.property(anyBuildkitExchange, (exchange) => {
        expect(read(formatExchange(exchange))).toStrictEqual(exchange);
      }),
      RUNS,
    );
  });

  test("its text is one document of YAML, and its head is found without parsing", () => {
    fc.assert(
      fc.property(anyBuildkitExchange, (exchange) => {
        const text = formatExchange(exchange).slice("---\n".length);
        expect(parseDocument(text).errors).toEqual([]);
        const bytes = Buffer.from(text);
        const { method, target } = exchange.request;
        expect(scanHead(bytes, { marker: -1, start: 0, end: bytes.length })).toMatchObject({ method, target });
      }),
      RUNS,
    );
  });
});
