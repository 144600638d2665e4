import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonNode } from "../../src/import/json-node.ts";
import { parseJson } from "../../src/import/json-node.ts";

function parseValue(text: string): unknown {
  return toValue(parseJson({ file: "any.json", text, firstLine: 1 }));
}

function toValue(node: JsonNode): unknown {
  if (node.kind === "map") return Object.fromEntries([...node.members].map(([key, value]) => [key, toValue(value)]));
  if (node.kind === "list") return node.items.map(toValue);
  return node.kind === "text" ? node.text : node.value;
}

test("is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (text, indent) => {
      const spelled = JSON.stringify(JSON.parse(text), null, indent);
      expect(parseValue(spelled)).toEqual(JSON.parse(spelled));
    }),
  );
});

test("what JSON.parse refuses is refused", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "\\",
    "a",
    '"a"',
    "1",
    "-",
    ".",
    "e",
    "0",
    "true",
    " ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join("");
      expect(outcome(() => parseValue(text))).toEqual(outcome(() => JSON.parse(text)));
    }),
    { numRuns: 2000 },
  );
});

function outcome(read: () => unknown): unknown {
  try {
    return { value: read() };
  } catch {
    return "refused";
  }
}
