/**
 * Rules in the header of a cassette that do nothing in its recording, as they would without a replay: most are misspelt.
 * What `ignore` names need not be recorded, since today's client may send it: such a rule is told only where a part
 * that is recorded has nearly its name.
 */
import { WhalesongError } from "../base/errors.ts";
import { findNearestWord } from "../base/nearest-word.ts";
import { locateRules, type PlacedRule } from "../cassette/read/rule-places.ts";
import type { CassetteWalk } from "../cassette/read.ts";
import { toDottedField } from "../match/rules/dotted-field.ts";
import { decodePercent } from "../secrets/percent.ts";
import { resolveRedaction } from "../secrets/redaction-rules.ts";
import { REDACTION_RULES } from "../secrets/rule-names.ts";
import { findIdleRules } from "./find-idle-rules.ts";
import { listRequestFields } from "./request-fields.ts";
import { listUnpublished, RULE_FIELD, toHeaderField, WHY_UNUSED } from "./unused-rules.ts";

const KINDS: readonly string[] = ["query", "json", "headers", "tar", "build"];
/** What stands before the value of a setting, a member, a parameter or a header. */
const NAME = /(?<![\p{L}\p{N}_.-])([\p{L}_][\p{L}\p{N}_.-]*)(?=["']?\s*[:=])/gu;
/** `id` of `acme.id` and of `com.acme/id`, as `NAME` finds it; none of `2fa`. */
const LAST_NAME = /(?<![\p{L}\p{N}_-])[\p{L}_][\p{L}\p{N}_-]*$/u;

/**
 * One line for each: ``run.yaml:2:10  `bind: json.Imag` matches nothing: no request has this part (did you mean
 * `json.Image`?)``.
 * @param hasSidecars whether more than the cassette's text may have what a rule names
 */
export function listMistakenRules(cassette: CassetteWalk, hasSidecars: boolean): readonly string[] {
  const { header, entries } = cassette;
  const { ignore, bind, match } = header.rules;
  const named = [...ignore, ...Object.values(bind), ...match.map(toHeaderField)];
  if (
    entries.length === 0 ||
    named.length + (header.redact ?? []).length + Object.keys(header.ports ?? {}).length === 0
  )
    return [];
  const judge = new RuleJudge(cassette, named, hasSidecars);
  return locateRules(cassette).flatMap((placed) => {
    const why = judge.explain(placed);
    return why === undefined ? [] : [`${placed.position}  \`${placed.key}: ${placed.rule}\` matches nothing: ${why}`];
  });
}

class RuleJudge {
  readonly #cassette: CassetteWalk;
  readonly #idle: ReadonlySet<string>;
  readonly #hasSidecars: boolean;
  #fields: readonly string[] | undefined;
  #names: ReadonlyMap<string, string> | undefined;

  constructor(cassette: CassetteWalk, named: readonly string[], hasSidecars: boolean) {
    this.#cassette = cassette;
    this.#idle = new Set(findIdleRules(cassette, named));
    this.#hasSidecars = hasSidecars;
  }

  /** Why a rule does nothing; undefined where it does something, or may do so. */
  explain({ key, rule }: PlacedRule): string | undefined {
    if (key === "redact") return this.#explainRedact(rule);
    if (key === "ports") return listUnpublished(this.#cassette).includes(rule) ? WHY_UNUSED.ports : undefined;
    const field = key === "match" ? toHeaderField(rule) : rule;
    if (!RULE_FIELD.test(field)) return `it names no part of requests${suggest(this.#suggestKind(field))}`;
    if (key === "ignore" && isUncompared(field, this.#cassette))
      return "of headers, only those in `match` are compared";
    if (!this.#idle.has(field)) return undefined;
    const near = findNearField(toDottedField(field), this.#listFields());
    if (key === "ignore" && near === undefined) return undefined;
    return `${WHY_UNUSED[key]}${suggest(key === "match" ? near?.slice("headers.".length) : near)}`;
  }

  #explainRedact(rule: string): string | undefined {
    const { keys, complaint } = readRedactRule(rule);
    if (complaint !== undefined) return complaint;
    const name = LAST_NAME.exec(keys[0] ?? "")?.[0];
    if (name === undefined || this.#listNames().has(name)) return undefined;
    const near = findNear(name, [...REDACTION_RULES, ...this.#listNames().keys()]);
    if (near === undefined && this.#hasSidecars) return undefined;
    return `${WHY_UNUSED.redact}${suggest(near === undefined ? near : (this.#listNames().get(near) ?? near))}`;
  }

  /** `json.Cmd` for `Cmd` and for `jsn.Cmd`, where requests have it. */
  #suggestKind(field: string): string | undefined {
    const [first = "", ...rest] = toDottedField(field).split(".");
    const fields = this.#listFields();
    const kind = findNearestWord(first, KINDS);
    const path = kind === undefined || rest.length === 0 ? [first, ...rest] : rest;
    return KINDS.map((one) => `${one}.${path.join(".")}`).find((one) => fields.includes(one));
  }

  #listFields(): readonly string[] {
    this.#fields ??= listRequestFields(this.#cassette);
    return this.#fields;
  }

  /** All names in the text, in small letters, and as they are written. */
  #listNames(): ReadonlyMap<string, string> {
    this.#names ??= collectNames(this.#cassette);
    return this.#names;
  }
}

function isUncompared(field: string, { header }: CassetteWalk): boolean {
  const compared = header.rules.match.map((name) => toHeaderField(name).toLowerCase());
  return field.startsWith("headers.") && !compared.includes(field.toLowerCase());
}

function readRedactRule(rule: string): { readonly keys: readonly string[]; readonly complaint?: string } {
  try {
    return { keys: [...resolveRedaction([rule]).keys] };
  } catch (error) {
    if (error instanceof WhalesongError) return { keys: [], complaint: error.message };
    throw error;
  }
}

function collectNames({ entries }: CassetteWalk): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const entry of entries) {
    const text = entry.readText();
    // What is in a query is encoded.
    for (const part of text.includes("%") ? [text, decodePercent(text)] : [text])
      for (const [, name = ""] of part.matchAll(NAME)) addName(names, name);
  }
  return names;
}

/** Also the last part of a name with dots. */
function addName(names: Map<string, string>, name: string): void {
  for (const one of [name, name.slice(name.lastIndexOf(".") + 1)])
    if (!names.has(one.toLowerCase())) names.set(one.toLowerCase(), one);
}

/** Of the same kind: short names of other fields differ in a letter, too. */
function findNearField(field: string, fields: readonly string[]): string | undefined {
  const kind = field.slice(0, field.indexOf(".") + 1);
  const path = field.slice(kind.length);
  const paths = fields.filter((one) => one.startsWith(kind)).map((one) => one.slice(kind.length));
  const near = findNear(
    path,
    path.length < 4 ? paths.filter((one) => one.toLowerCase() === path.toLowerCase()) : paths,
  );
  return near === undefined ? undefined : `${kind}${near}`;
}

/** The one that differs in capital letters only, or in a letter, or two of a longer name: they may have changed places. */
function findNear(word: string, words: readonly string[]): string | undefined {
  const limit = word.length < 3 ? 0 : word.length < 5 ? 1 : 2;
  const spellings = new Map(words.map((one) => [one.toLowerCase(), one]));
  const near = findNearestWord(word.toLowerCase(), [...spellings.keys()], limit);
  return near === undefined ? undefined : spellings.get(near);
}

function suggest(near: string | undefined): string {
  return near === undefined ? "" : ` (did you mean \`${near}\`?)`;
}
