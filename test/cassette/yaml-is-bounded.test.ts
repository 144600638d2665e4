import { describe, expect, test } from "vitest";
import { openCassette } from "../../src/cassette/read.ts";
import { readFaults } from "../../src/faults/read-faults.ts";
import { parseBehaviours } from "../../src/mock/runtime/behaviours/parse-behaviours.ts";
import { catchError } from "../io/temporary.ts";

/** By form: YAML as deep as `depth`. */
const DEEP: Readonly<Record<string, (depth: number) => string>> = {
  "flow lists": (depth) => "[".repeat(depth) + "]".repeat(depth),
  "flow lists that are never closed": (depth) => "[".repeat(depth),
  "flow maps": (depth) => "{a: ".repeat(depth) + "}".repeat(depth),
  "block lists": (depth) => `${"- ".repeat(depth)}x`,
  "keys that are lists": (depth) => `${"? ".repeat(depth)}x`,
  "lists in maps": (depth) => "[{a: ".repeat(depth),
  indentation: (depth) => Array.from({ length: depth }, (_, level) => `${" ".repeat(level)}a:`).join("\n"),
};
const DEPTHS = [250, 4000, 7000, 9000, 50_000];

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  "the header of a cassette": (text) =>
    openCassette(Buffer.from(`whalesong: 1\nx:\n  ${text.replaceAll("\n", "\n  ")}\n`), "file.yaml").header,
  "an exchange of a cassette": (text) =>
    openCassette(Buffer.from(`whalesong: 1\n---\n${text}\n`), "file.yaml").entries[0]?.readExchange(),
  faults: (text) => readFaults(text, "file.yaml"),
  behaviours: (text) => parseBehaviours(text, "file.yaml"),
};

const rows = Object.entries(READERS).flatMap(([what, read]) =>
  Object.entries(DEEP).map(([form, write]) => ({ what, read, form, write })),
);

describe("YAML that is nested too deeply is refused with its place, and never ends the process", () => {
  test.each(rows)("$what: $form", async ({ read, form, write }) => {
    for (const depth of DEPTHS.filter((one) => form !== "indentation" || one < 5000)) {
      const error = await catchError(() => read(write(depth)));
      expect(error.message.split("\n")[0]).toMatch(/^file\.yaml:\d+:\d+ {2}nested too deeply: at most 200 levels/);
    }
  });
});

const asText = (json: string) => `whalesong: 1\n---\nrequest:\n  line: POST /\n  json-bare: ${json}\nresponse: none\n`;

test.each([
  ["brackets in quotes", `"${"[".repeat(9000)}"`],
  ["dashes in quotes", `"${"- ".repeat(9000)}"`],
  ["100 levels, the most that is written", "[".repeat(100) + "]".repeat(100)],
])("what only looks deep is read: %s", (_, json) => {
  const [entry] = openCassette(Buffer.from(asText(json)), "file.yaml").entries;
  expect(String(entry?.readExchange().request.body)).toBe(json);
});

test.each([
  ["an alias bomb", "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n"],
  ["an alias of itself", "a: &a [*a]\n"],
])("aliases are refused: %s", async (_, text) => {
  for (const [, read] of Object.entries(READERS)) {
    expect((await catchError(() => read(text))).message).toMatch(/^file\.yaml:\d+:\d+ {2}/);
  }
});

test("a document of too many parts is refused before its values are made", async () => {
  const text = `whalesong: 1\n---\n[${",".repeat(4_100_000)}]\n`;
  const { message } = await catchError(() => openCassette(Buffer.from(text), "file.yaml").entries[0]?.readExchange());
  expect(message).toMatch(/^file\.yaml:3:\d+ {2}too many parts in one document: at most 4000000 are read/);
});
