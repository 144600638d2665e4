/**
 * The values of a YAML document as far as a cassette knows them, each with its place. They come from the reader of the
 * canonical spelling (canonical/read-canonical.ts), or from the package `yaml` (library-nodes.ts).
 */

/** Where a value stands in the text: offsets of its first character, and of the one behind it. */
interface NodeSpan {
  readonly start: number;
  readonly end: number;
}

export interface ScalarNode extends NodeSpan {
  readonly kind: "scalar";
  readonly value: string;
  /** `json`: a list or a map of JSON on one line, whose text is taken as it stands; `value` only has its length. */
  readonly style: "plain" | "quoted" | "block" | "json";
}

export interface MapNode extends NodeSpan {
  readonly kind: "map";
  readonly pairs: readonly NodePair[];
}

/** A key with its value; undefined where the text has none. */
export interface NodePair {
  readonly key: YamlNode | undefined;
  readonly value: YamlNode | undefined;
}

export interface ListNode extends NodeSpan {
  readonly kind: "list";
  readonly items: readonly (YamlNode | undefined)[];
}

/** A tag, an anchor or an alias, or a value that has one: not read. */
export interface ExtraNode extends NodeSpan {
  readonly kind: "extra";
}

export type YamlNode = ScalarNode | MapNode | ListNode | ExtraNode;

/** A line of JSON that stands for itself. */
export function createJsonNode(start: number, end: number): ScalarNode {
  return { kind: "scalar", value: "_".repeat(end - start - 2), style: "json", start, end };
}

/** A node as values of JavaScript, all scalars as texts; null where there is none. */
export function toPlainValue(node: YamlNode | undefined): unknown {
  if (node?.kind === "scalar") return node.value;
  if (node?.kind === "list") return node.items.map(toPlainValue);
  if (node?.kind !== "map") return null;
  return Object.fromEntries(node.pairs.map(({ key, value }) => [String(toPlainValue(key)), toPlainValue(value)]));
}
