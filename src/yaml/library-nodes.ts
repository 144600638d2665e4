/** Reads any YAML, by the package `yaml`. */
import type { Document, Node, ParsedNode, Scalar } from "yaml";
import { loadYaml } from "../base/load-lazily.ts";
import { parseBounded, YamlBoundError } from "./bounded-parser.ts";
import { createErrorAt, type SourceText } from "./error-at.ts";
import { isMaskRight, type MaskedText, maskJson } from "./mask-json.ts";
import { createJsonNode, type ScalarNode, type YamlNode } from "./node.ts";
import { createSyntaxError } from "./syntax-error.ts";

const OPTIONS = { schema: "failsafe", version: "1.2", logLevel: "error" } as const;
/** Above this many keys YAML's own check for equal keys, which compares each with each, takes seconds. */
const SHORT_TEXT = 100_000;
const NO_MASK: MaskedText["offsets"] = new Set();

/**
 * The value of the one document in `source`; undefined for an empty one.
 * @throws CassetteError for what is no YAML, or too deep
 */
export function readWithLibrary(source: SourceText): YamlNode | undefined {
  const masked = maskJson(source.text);
  const fast = parseFailsafe(source, masked.text);
  const isFast = fast.errors.length === 0 && isMaskRight(masked, fast.contents);
  const document = isFast ? fast : parseFailsafe(source, source.text);
  const [error] = document.errors;
  if (error !== undefined) throw createSyntaxError(source, error, document);
  return toNode(document.contents, isFast ? masked.offsets : NO_MASK);
}

function parseFailsafe(source: SourceText, text: string): Document.Parsed {
  try {
    return parseBounded(text, { ...OPTIONS, uniqueKeys: text.length < SHORT_TEXT });
  } catch (error) {
    if (!(error instanceof YamlBoundError)) throw error;
    throw createErrorAt(source, error.offset, "WHALESONG_CASSETTE_SYNTAX", error.message);
  }
}

function toNode(node: unknown, masks: MaskedText["offsets"]): YamlNode | undefined {
  const { isAlias, isMap, isSeq } = loadYaml();
  if (node === null || node === undefined) return undefined;
  const { range, tag, anchor } = node as ParsedNode & { anchor?: string };
  const span = { start: range[0], end: range[1] };
  // Tags, anchors and aliases are refused: a text must mean the same to every reader.
  if (isAlias(node as Node) || tag !== undefined || anchor !== undefined) return { kind: "extra", ...span };
  if (isSeq(node)) return { kind: "list", items: node.items.map((item) => toNode(item, masks)), ...span };
  if (!isMap(node)) return toScalar(node as Scalar, span, masks);
  const pairs = node.items.map(({ key, value }) => ({ key: toNode(key, masks), value: toNode(value, masks) }));
  return { kind: "map", pairs, ...span };
}

function toScalar(
  { value, type }: Scalar,
  span: Pick<ScalarNode, "start" | "end">,
  masks: MaskedText["offsets"],
): ScalarNode {
  if (masks.has(span.start)) return createJsonNode(span.start, span.end);
  return { kind: "scalar", value: String(value), style: toStyle(type), ...span };
}

function toStyle(type: Scalar["type"]): ScalarNode["style"] {
  if (type === "PLAIN") return "plain";
  return type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED" ? "block" : "quoted";
}
