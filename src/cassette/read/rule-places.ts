/** Where the rules of a header stand in its file. They are looked for when one is to be named, which is seldom. */
import { formatPosition, type SourceText } from "../../yaml/error-at.ts";
import { parseYamlDocument, readEntries, type YamlPlace } from "../../yaml/place.ts";
import { listPlaces, readText } from "../../yaml/values.ts";
import type { Cassette } from "../read.ts";
import { readPlacedPairs } from "./fields.ts";

/** The keys whose rules name what may be in no request. */
const KEYS = ["ignore", "bind", "match", "ports", "redact"] as const;

/** One rule of a header. */
export interface PlacedRule {
  readonly key: (typeof KEYS)[number];
  /** As it is written: `query.t`, a header's name, `80/tcp`, `ACME_ID`. */
  readonly rule: string;
  /** `run.yaml:2:10` */
  readonly position: string;
}

/** The rules of a cassette's header that name a part of requests, a header, a port or a secret, in the order of their keys. */
export function locateRules({
  file,
  preamble,
  headerText,
}: Pick<Cassette, "file" | "preamble" | "headerText">): readonly PlacedRule[] {
  const source: SourceText = { file, text: headerText, firstLine: preamble.split("\n").length };
  const fields = readEntries(parseYamlDocument(source, "document"));
  return KEYS.flatMap((key) => {
    const place = fields.get(key);
    return place === undefined ? [] : listRules(key, place);
  });
}

function listRules(key: PlacedRule["key"], place: YamlPlace): readonly PlacedRule[] {
  const toRule = (rule: string, { source, offset }: YamlPlace): PlacedRule => ({
    key,
    rule,
    position: formatPosition(source, offset),
  });
  if (key === "bind") return readPlacedPairs(place).map(({ pair: [, field], place: own }) => toRule(field, own));
  if (key === "ports") return [...readEntries(place)].map(([port, voice]) => toRule(port, voice));
  return listPlaces(place).map((item) => toRule(readText(item), item));
}
