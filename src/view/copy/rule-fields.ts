/** The parts of a request that a rule can name, to choose from; and those that are known to differ. */
import { formatBindRule, formatIgnoreRule, isBindable, isRuleField } from "../../match/rules/spell-rule.ts";
import { foldZeroValues, isJsonObject } from "../digest/json-value.ts";
import type { PageDetail, PageDifference } from "../page/page-record.ts";

export interface RuleField {
  /** As a rule names it: `query.name`, `json.HostConfig.Memory`. */
  readonly field: string;
  readonly value: string;
}

/** Beyond it members are not listed one by one: `json.HostConfig.Binds` names all of them. */
const DEEPEST = 2;

/** Query parameters and what is set of a JSON body. */
export function listRuleFields({ target, request: { body } }: PageDetail): readonly RuleField[] {
  const query = new URLSearchParams(target.split("?")[1] ?? "");
  const json = body !== undefined && "json" in body ? foldZeroValues(body.json) : undefined;
  return [
    ...[...new Set(query.keys())].map((name) => ({ field: `query.${name}`, value: query.getAll(name).join(", ") })),
    ...listMembers("json", json, 1),
  ];
}

function listMembers(path: string, value: unknown, depth: number): readonly RuleField[] {
  if (!isJsonObject(value)) return path === "json" ? [] : [{ field: path, value: spellValue(value) }];
  if (depth > DEEPEST) return [{ field: path, value: spellValue(value) }];
  return Object.entries(value).flatMap(([name, member]) => listMembers(`${path}.${name}`, member, depth + 1));
}

function spellValue(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/**
 * The fields of a request that differ and that a rule can name, each once.
 * @param part what stands before a field of a comparison, whose answers differ as well: `request `
 */
export function listDifferingFields(differences: readonly PageDifference[], part = ""): readonly string[] {
  const fields = differences.flatMap(({ field }) => (field.startsWith(part) ? field.slice(part.length) : []));
  return [...new Set(fields)].filter(isRuleField);
}

/** A line for the header of the cassette; undefined where nothing is chosen. */
export function formatChosenRule(fields: readonly RuleField[], kind: "ignore" | "bind"): string | undefined {
  const [first] = fields;
  if (first === undefined) return undefined;
  if (kind === "bind" && canBind(fields)) return `${formatBindRule(first.field)}\n`;
  return `${formatIgnoreRule(fields.map(({ field }) => field))}\n`;
}

/** A bind is for one field: of several, each would be a guess. */
export function canBind([first, ...others]: readonly RuleField[]): boolean {
  return first !== undefined && others.length === 0 && isBindable(first.field, first.value);
}
