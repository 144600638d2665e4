import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import type { CassetteHeader, Exchange, MessageEvent } from "../../src/cassette/model.ts";
import { readExchange } from "../../src/cassette/read/exchange.ts";
import { openCassette } from "../../src/cassette/read.ts";
import { ALLOWANCES, PRESETS } from "../../src/cassette/rule-names.ts";
import { formatEvent, formatExchange, formatExchangeLead, formatHeader } from "../../src/cassette/write.ts";
import { countTries } from "../playbook/seed.ts";
import { anyBytes, anyText } from "./arbitrary-bytes.ts";
import { anyExchange, anyFields } from "./arbitrary-exchange.ts";
import { encodeResponse } from "./encode-exchange.ts";

const RUNS = countTries(200);

function read(text: string): Exchange {
  return readExchange({ file: "test.yaml", text: text.slice("---\n".length), firstLine: 2 });
}

describe("what is written is what is read", () => {
  test("any exchange comes back with the same bytes", () => {
    fc.assert(
      fc.property(anyExchange, (exchange) => {
        expect(encodeResponse(read(formatExchange(exchange)))).toStrictEqual(encodeResponse(exchange));
      }),
      RUNS,
    );
  });

  test("writing what was read gives the same text", () => {
    fc.assert(
      fc.property(anyExchange, (exchange) => {
        const text = formatExchange(exchange);
        expect(formatExchange(read(text))).toBe(text);
      }),
      RUNS,
    );
  });

  test("lead and events together are the document", () => {
    fc.assert(
      fc.property(
        anyExchange.filter(({ stream }) => stream?.length !== 0),
        (exchange) => {
          const pieces = [formatExchangeLead(exchange), ...(exchange.stream ?? []).map(formatEvent)];
          expect(pieces.join("")).toBe(formatExchange(exchange));
          expect(pieces.every((piece) => piece.endsWith("\n"))).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test("any header comes back", () => {
    const texts = fc.array(
      anyText.filter((text) => text !== ""),
      { maxLength: 3 },
    );
    const bind = fc.dictionary(
      anyText.filter((text) => text !== ""),
      anyText,
      { maxKeys: 3, noNullPrototype: true },
    );
    const header = fc.record(
      {
        version: fc.constant(1),
        recorded: fc.record(
          { at: anyText, by: anyText, from: anyText, client: anyText },
          { requiredKeys: [], noNullPrototype: true },
        ),
        everyResponse: anyFields,
        rules: fc.record(
          {
            ignore: texts,
            bind,
            match: texts,
            exact: fc.subarray([...ALLOWANCES]),
            presets: fc.subarray([...PRESETS]),
          },
          { requiredKeys: ["ignore", "bind", "match", "exact"], noNullPrototype: true },
        ),
        ports: fc.dictionary(
          fc.integer({ min: 1, max: 65_535 }).map((port) => `${port}/tcp`),
          fc.record({ greets: anyBytes, answers: anyBytes }, { requiredKeys: [], noNullPrototype: true }),
          { maxKeys: 2, noNullPrototype: true },
        ),
        isUnfinished: fc.boolean(),
      },
      { requiredKeys: ["version", "everyResponse", "rules", "isUnfinished"], noNullPrototype: true },
    ) as fc.Arbitrary<CassetteHeader>;
    fc.assert(
      fc.property(header, (value) => {
        expect(openCassette(Buffer.from(formatHeader(value)), "test.yaml").header).toStrictEqual(value);
      }),
      RUNS,
    );
  });

  test("a message whose JSON is tidy stays a message", () => {
    const event: MessageEvent = {
      kind: "message",
      dialect: "progress",
      json: Buffer.from('{"a" : 1.0,"b":"\\u003e"}'),
    };
    const exchange: Exchange = {
      request: { method: "GET", target: "/", headers: [] },
      response: undefined,
      stream: [event],
    };
    expect(read(formatExchange(exchange)).stream).toStrictEqual([event]);
  });
});

describe("every YAML reads the same", () => {
  const strings = (text: string, version: "1.1" | "1.2"): unknown => {
    const document = parseDocument(text, { version, stringKeys: true, prettyErrors: false });
    expect(document.errors).toEqual([]);
    expect(document.warnings).toEqual([]);
    return onlyStrings(document.toJS());
  };

  test("a document means the same to YAML 1.1 and 1.2", () => {
    fc.assert(
      fc.property(anyExchange, (exchange) => {
        const text = formatExchange(exchange).slice("---\n".length);
        expect(strings(text, "1.1")).toStrictEqual(strings(text, "1.2"));
      }),
      RUNS,
    );
  });

  test.each(["1.1", "1.2"] as const)("YAML %s sees texts and bytes as the model has them", (version) => {
    fc.assert(
      fc.property(anyText, anyBytes, anyFields, (name, bytes, headers) => {
        const unique = [...new Map(headers)];
        const request = { method: "GET", target: "/", headers: unique, body: bytes };
        const text = formatExchange({ name, request, response: undefined }).slice("---\n".length);
        const document = parseDocument(text, { version }).toJS() as { name: string; request: Record<string, unknown> };
        expect(document.name).toBe(name);
        if (unique.length > 0) expect(Object.entries(document.request.headers as object).sort()).toEqual(unique.sort());
        if ("text" in document.request) expect(document.request.text).toBe(bytes.toString());
        if ("base64" in document.request)
          expect(Buffer.from(document.request.base64 as string, "base64")).toEqual(bytes);
      }),
      RUNS,
    );
  });
});

/** Numbers may differ (1.1 reads `1e5` as text); what the writer calls a text may not. */
function onlyStrings(value: unknown): unknown {
  if (typeof value === "string") return /^-?[\d.]+(?:[eE][-+]?\d+)?$/.test(value) ? 0 : value;
  if (typeof value === "number") return 0;
  if (Array.isArray(value)) return value.map(onlyStrings);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).map(([key, item]) => [key, onlyStrings(item)]);
}
