/** Values of a build that a client generates for one run: tags, labels, arguments. Other requests share their bindings. */
import type { Bindings } from "../../match/bindings.ts";
import type { FieldDifference } from "../../match/compare-requests.ts";
import { explainDifferences } from "../../match/explain-differences.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";

export interface BuildValues {
  readonly bindings: Bindings;
  readonly rules: ResolvedRules;
}

/** By the attributes of a build, as rules name them: that of `POST /build`, or of a container, in which the same stands. */
const REQUEST_FIELDS: readonly (readonly [RegExp, string])[] = [
  [/^build\.name$/, "query.t"],
  [/^build\.label:/, "json.Labels."],
  [/^build\.build-arg:/, "query.buildargs."],
];

/** Binds the values that explain all differences; returns whether there are such. */
export function bindDifferences(differences: readonly FieldDifference[], { bindings, rules }: BuildValues): boolean {
  const isNamed = (field: string): boolean => rules.bindFields.includes(field);
  const renamed = differences.map(({ field, ...values }) => ({
    field: isNamed(field) ? field : toRequestField(field),
    ...values,
  }));
  const pairs = explainDifferences(renamed, rules, "ImageBuild");
  if (pairs === undefined || !bindings.canBind(pairs)) return false;
  bindings.bind(pairs);
  return true;
}

function toRequestField(field: string): string {
  const [pattern, name] = REQUEST_FIELDS.find(([one]) => one.test(field)) ?? [];
  return pattern === undefined || name === undefined ? field : name.endsWith(".") ? field.replace(pattern, name) : name;
}
