/**
 * JSON on one line is taken verbatim from the source (cassette/read/json.ts), but a YAML parser spends most of its
 * time on it: 60 us for a progress message. So the parser gets a quoted blank of the same length instead; offsets
 * stay the same. A line that only looks like JSON (inside a handwritten text of several lines) is detected
 * afterwards, because the parser reports no value there.
 */
import type { ParsedNode } from "yaml";
import { loadYaml } from "../base/load-lazily.ts";
import { isJson } from "./is-json.ts";

export interface MaskedText {
  readonly text: string;
  /** Where the masked values begin. */
  readonly offsets: ReadonlySet<number>;
}

const JSON_LINE = /^((?: {2}- (?:progress|jsonl|json-seq)| {2}json(?:-bare)?): )([{[].*[}\]])$/gm;

export function maskJson(text: string): MaskedText {
  const offsets = new Set<number>();
  const masked = text.replace(JSON_LINE, (line, lead: string, json: string, offset: number) => {
    if (!isJson(json)) return line;
    offsets.add(offset + lead.length);
    return `${lead}'${"_".repeat(json.length - 2)}'`;
  });
  return { text: masked, offsets };
}

/** Whether each masked line is the value of a body's key or of an event's verb. */
export function isMaskRight({ offsets }: MaskedText, contents: ParsedNode | null): boolean {
  if (offsets.size === 0) return true;
  const { isScalar, isSeq } = loadYaml();
  const values = listValues(contents).flatMap((part) =>
    isSeq(part) ? part.items.flatMap(listValues) : listValues(part),
  );
  return values.filter((value) => isScalar(value) && offsets.has(value.range?.[0] ?? -1)).length === offsets.size;
}

function listValues(node: unknown): unknown[] {
  return loadYaml().isMap(node) ? node.items.map((pair) => pair.value) : [];
}
