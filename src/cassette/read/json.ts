/**
 * Reads JSON from YAML. One line of flow YAML that is valid JSON is taken verbatim (`1.0`, `\u003e` and stray spaces
 * survive). Anything else is encoded as Go's compact JSON, with the order of keys and the spelling of numbers kept.
 */
import { isJson } from "../../yaml/is-json.ts";
import { createShapeError, createValueError, readEntries, readItems, type YamlPlace } from "../../yaml/place.ts";
import { encodeJson, type JsonEscaping, type JsonTree } from "../json-tree.ts";

/** The JSON text that a value stands for; `escaping` is that of the sender: clients escape `<`, `>` and `&`, the daemon does not. */
export function readJsonText(place: YamlPlace, escaping: JsonEscaping): string {
  return readVerbatim(place) ?? encodeJson(readTop(place), escaping);
}

function readVerbatim({ source, node }: YamlPlace): string | undefined {
  if (node === undefined) return undefined;
  const text = source.text.slice(node.start, node.end);
  if (node.kind === "scalar" && node.style === "json") return text;
  return !text.includes("\n") && isJson(text) ? text : undefined;
}

/** A block of text is probably meant to be JSON; reading it as a JSON string would surprise. */
function readTop(place: YamlPlace): JsonTree {
  const { node } = place;
  if (node?.kind === "scalar" && node.style === "block") {
    throw createShapeError(place, `\`${place.what}\` must be JSON or YAML, got a block of text; use \`text\` for that`);
  }
  return readTree(place);
}

function readTree(place: YamlPlace): JsonTree {
  const { node } = place;
  if (node?.kind === "list") return { kind: "list", items: readItems(place).map(readTree) };
  if (node?.kind === "map")
    return { kind: "map", entries: [...readEntries(place)].map(([key, value]) => [key, readTree(value)]) };
  if (node?.kind !== "scalar") return NULL;
  return node.style === "plain" ? readPlainScalar(place, node.value) : { kind: "text", text: node.value };
}

const NULL: JsonTree = { kind: "atom", source: "null" };
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
/** Numbers of YAML 1.2's core schema that JSON does not know. */
const YAML_NUMBER = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0x[0-9a-fA-F]+|0o[0-7]+)$/;

/** What an unquoted scalar means in YAML 1.2's core schema. */
function readPlainScalar(place: YamlPlace, text: string): JsonTree {
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return { kind: "atom", source: text.toLowerCase() };
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return NULL;
  if (JSON_NUMBER.test(text)) return { kind: "atom", source: text };
  if (YAML_NUMBER.test(text)) return { kind: "atom", source: String(Number(text)) };
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text))
    throw createValueError(place, "a number that JSON knows");
  return { kind: "text", text };
}
