/**
 * Rules in the headers of cassettes that matched nothing in a replay: a misspelt one would not say so. What of today's
 * requests was ignored is noted while they are compared; the rest is looked for in the recorded requests.
 */

import { locateRules, type PlacedRule } from "../cassette/read/rule-places.ts";
import type { Cassette } from "../cassette/read.ts";
import { toDottedField } from "../match/rules/dotted-field.ts";
import type { RuleInput } from "../match/rules/resolve-rules.ts";
import { findIdleRules } from "./find-idle-rules.ts";

/** What a header's `ignore` and `bind` can name. */
export const RULE_FIELD: RegExp = /^(?:query|json|headers|tar|build)[.[]/;

export const WHY_UNUSED: Readonly<Record<PlacedRule["key"], string>> = {
  ignore: "no request has this part",
  bind: "no request has this part",
  match: "no recorded request has this header",
  ports: "no recorded container has this port",
  // A replay needs none of these.
  redact: "nothing in the recording has this name",
};

/** Which rules the replay of each cassette has used. */
export class RuleUses {
  /** What was ignored in requests, dotted, by the file of the cassette. */
  readonly #ignored = new Map<string, Set<string>>();
  readonly #answersPorts: boolean;

  /** @param answersPorts whether the replay listens on ports: otherwise nothing of `ports` is used */
  constructor(answersPorts: boolean) {
    this.#answersPorts = answersPorts;
  }

  /** The rules beside those of the cassette `file`, which also note what is ignored. */
  watch(file: string, rules: RuleInput = {}): RuleInput {
    const ignored = this.#ignored.get(file) ?? new Set<string>();
    this.#ignored.set(file, ignored);
    const onIgnored = (field: string): void => {
      ignored.add(field);
      rules.onIgnored?.(field);
    };
    return { ...rules, onIgnored };
  }

  /** The unused rules up to now: ``run.yaml:2:10  `ignore: query.t` matched nothing: no request has this part``. */
  listUnused(cassettes: Iterable<Cassette>): readonly string[] {
    return [...new Set(cassettes)].flatMap((cassette) => this.#listUnusedOf(cassette));
  }

  #listUnusedOf(cassette: Cassette): readonly string[] {
    const { ignore, bind, match } = cassette.header.rules;
    const ignored = this.#ignored.get(cassette.file);
    const open = [
      ...ignore.filter((field) => ignored?.has(toDottedField(field)) !== true),
      ...Object.values(bind),
      ...match.map(toHeaderField),
    ];
    const idle = new Set([...findIdleRules(cassette, open), ...open.filter((field) => !RULE_FIELD.test(field))]);
    const ports = this.#answersPorts ? listUnpublished(cassette) : [];
    if (idle.size + ports.length === 0) return [];
    const isUnused = ({ key, rule }: PlacedRule): boolean => {
      if (key === "redact") return false;
      if (key === "ports") return ports.includes(rule);
      return idle.has(key === "match" ? toHeaderField(rule) : rule);
    };
    return locateRules(cassette)
      .filter(isUnused)
      .map((placed) => format(placed, explain(placed, match)));
  }
}

/** A compared header as the field of a request. */
export function toHeaderField(name: string): string {
  return `headers.${name}`;
}

/** A list tells a port as a number, and no text of it is looked for then. */
export function listUnpublished({
  header: { ports = {} },
  countText,
}: Pick<Cassette, "header" | "countText">): readonly string[] {
  return Object.keys(ports).filter((port) => countText(port, 1) + countText("PrivatePort", 1) === 0);
}

/** @param compared the headers that are compared */
function explain({ key, rule }: PlacedRule, compared: readonly string[]): string {
  if (key === "ports" || key === "match") return WHY_UNUSED[key];
  if (!RULE_FIELD.test(rule)) return "it names no part of requests";
  const isCompared = compared.some((name) => toHeaderField(name).toLowerCase() === rule.toLowerCase());
  return key === "ignore" && rule.startsWith("headers.") && !isCompared
    ? "of headers, only those in `match` are compared"
    : WHY_UNUSED[key];
}

function format({ key, rule, position }: PlacedRule, why: string): string {
  return `${position}  \`${key}: ${rule}\` matched nothing: ${why}`;
}
