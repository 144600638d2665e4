/** The reader of the canonical spelling reads it as the package `yaml` does, and leaves alone what it cannot. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatExchange } from "../../src/cassette/write.ts";
import { readCanonical } from "../../src/yaml/canonical/read-canonical.ts";
import { readWithLibrary } from "../../src/yaml/library-nodes.ts";
import type { YamlNode } from "../../src/yaml/node.ts";
import { countTries } from "../playbook/seed.ts";
import { anyExchange } from "./arbitrary-exchange.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDERS = ["cassettes", "test/clients", "examples", "kits"];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
).filter((path) => path.endsWith(".yaml") && !path.includes("node_modules"));

function listDocuments(path: string): readonly string[] {
  return readFileSync(join(ROOT, path), "utf8")
    .split(/^---\n/m)
    .filter((text) => text.replaceAll(/^#.*\n/gm, "").trim() !== "");
}

/** Of a block only the start is known: nothing takes its text. */
function withoutBlockEnds(node: YamlNode | undefined, text: string): unknown {
  if (node === undefined) return undefined;
  const isFlow = text[node.start] === "[" || text[node.start] === "{";
  const span = { start: node.start, ...(isFlow ? { end: node.end } : {}) };
  if (node.kind === "list") return { ...span, items: node.items.map((item) => withoutBlockEnds(item, text)) };
  if (node.kind !== "map") return node.kind === "scalar" && node.style === "block" ? { ...node, end: 0 } : node;
  return {
    ...span,
    pairs: node.pairs.map(({ key, value }) => [withoutBlockEnds(key, text), withoutBlockEnds(value, text)]),
  };
}

/** Whether the text was read. */
function expectSame(text: string): boolean {
  const node = readCanonical(text);
  if (node === undefined) return false;
  const library = readWithLibrary({ file: "c.yaml", text, firstLine: 1 });
  expect(withoutBlockEnds(node, text)).toStrictEqual(withoutBlockEnds(library, text));
  return true;
}

const documents = files.flatMap(listDocuments).filter((text) => text.length < 3000);
/** What YAML gives a meaning, and what a change is likely to break. */
const scrap = fc.oneof(
  fc.constantFrom(..."-:#|>'\"[]{},&*!?%@`~ \n\\=<.x1_\t"),
  fc.constantFrom("\n", "\n  ", "\n    ", ": ", " #", "- ", "---\n", "...\n", "|\n", "|-\n", "<<: ", '"a": ', "a: b\n"),
  fc.constantFrom("[a, b]", "{a: b}", "{}", "[]", '""', "\\u00e9", "é", "\u{1f433}", "json: {", "  - progress: [1]\n"),
);
const change = fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.array(scrap, { maxLength: 3 }));

describe("readCanonical", () => {
  test.each(files)("reads %s", (path) => {
    const unread = listDocuments(path).filter((text) => !expectSame(text));
    // The package may be needed for what people write.
    if (!path.startsWith("examples")) expect(unread).toEqual([]);
  });

  test("reads what is written", () => {
    const tries = countTries(300);
    let read = 0;
    fc.assert(
      fc.property(anyExchange, (exchange) => {
        if (expectSame(formatExchange(exchange).slice("---\n".length))) read += 1;
      }),
      tries,
    );
    // A word such as `a:"` within brackets is left to the package.
    expect(read).toBeGreaterThan(0.98 * tries.numRuns);
  });

  test("reads no changed text in another way", () => {
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.array(change, { minLength: 1, maxLength: 4 }), (text, changes) => {
        expectSame(
          changes.reduce((changed, [at, length, scraps]) => {
            const from = at % (changed.length + 1);
            return changed.slice(0, from) + scraps.join("") + changed.slice(from + length);
          }, text),
        );
      }),
      countTries(300),
    );
  });

  test("reads no text of scraps in another way", () => {
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 16 }), (scraps) => {
        expectSame(`a: b\n${scraps.join("")}\n`);
        expectSame(`a:\n  ${scraps.join("")}\n`);
        expectSame(`a: ${scraps.join("")}\n`);
        expectSame(`a: [${scraps.join("")}]\n`);
        expectSame(`a: "${scraps.join("")}"\n`);
      }),
      countTries(300),
    );
  });
});
