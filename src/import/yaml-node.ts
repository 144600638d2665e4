/** YAML of other tools as the nodes that JSON is read to: plain words that JSON has are its atoms, all others texts. */
import { isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import { parseBounded, YamlBoundError } from "../yaml/bounded-parser.ts";
import { createErrorAt, type SourceText } from "../yaml/error-at.ts";
import type { JsonNode } from "./json-node.ts";

const OPTIONS = { schema: "failsafe", version: "1.2", logLevel: "error", uniqueKeys: true } as const;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const CONSTANTS: Readonly<Record<string, boolean | null>> = {
  "": null,
  "~": null,
  null: null,
  true: true,
  false: false,
};
/** The member that stands for bytes: `!!binary` of YAML. */
export const BASE64 = "base64";

/** @throws CassetteError `WHALESONG_IMPORT_SYNTAX` */
export function parseYaml(source: SourceText): JsonNode {
  const { contents, errors } = parseDocument(source);
  const [fault] = errors;
  if (fault !== undefined) throw createErrorAt(source, fault.pos[0], "WHALESONG_IMPORT_SYNTAX", fault.message);
  return toNode(contents, source);
}

function parseDocument(source: SourceText) {
  try {
    return parseBounded(source.text, OPTIONS);
  } catch (error) {
    if (error instanceof YamlBoundError)
      throw createErrorAt(source, error.offset, "WHALESONG_IMPORT_SYNTAX", error.message);
    throw error;
  }
}

function toNode(node: unknown, source: SourceText): JsonNode {
  const { range } = (node ?? {}) as Node;
  const [start, end] = range ?? [0, 0];
  if (isMap(node)) {
    const members = node.items.map(
      ({ key, value }) => [isScalar(key) ? String(key.value) : "", toNode(value, source)] as const,
    );
    return { kind: "map", start, end, members: new Map(members) };
  }
  if (isSeq(node)) return { kind: "list", start, end, items: node.items.map((item) => toNode(item, source)) };
  if (node === null || node === undefined) return { kind: "atom", start, end, value: null };
  // An alias could repeat a part without bound; no tool writes one for an exchange.
  if (!isScalar(node)) throw createErrorAt(source, start, "WHALESONG_IMPORT_SYNTAX", "aliases are not read");
  return toScalar(node, start, end);
}

function toScalar({ value, type }: Scalar, start: number, end: number): JsonNode {
  // The library decodes `!!binary`.
  if (value instanceof Uint8Array) {
    const text = Buffer.from(value).toString("base64");
    return { kind: "map", start, end, members: new Map([[BASE64, { kind: "text", start, end, text }]]) };
  }
  const text = String(value ?? "");
  if (type !== "PLAIN") return { kind: "text", start, end, text };
  if (Object.hasOwn(CONSTANTS, text)) return { kind: "atom", start, end, value: CONSTANTS[text] ?? null };
  return NUMBER.test(text) ? { kind: "atom", start, end, value: Number(text) } : { kind: "text", start, end, text };
}
