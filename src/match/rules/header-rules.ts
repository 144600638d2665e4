/** Rules in the form that a cassette's header has, where each `bind` rule has a name. */
import type { Rules } from "../../cassette/model.ts";
import type { RuleInput } from "./resolve-rules.ts";

export const NO_RULES: Rules = { ignore: [], bind: {}, match: [], exact: [] };

/** The rules of a header with more rules added. */
export function withRules(
  rules: Rules,
  { ignore = [], bind = [], match = [], exact = [], presets = rules.presets }: RuleInput,
): Rules {
  return {
    ignore: joinUnique(rules.ignore, ignore),
    bind: bind.reduce(withBinding, rules.bind),
    match: joinUnique(rules.match, match),
    exact: joinUnique(rules.exact, exact),
    ...(presets === undefined ? {} : { presets }),
  };
}

function joinUnique<T>(some: readonly T[], more: readonly T[]): readonly T[] {
  return [...new Set([...some, ...more])];
}

/** A rule's name is the last part of its field. */
function withBinding(bind: Rules["bind"], field: string): Rules["bind"] {
  if (Object.values(bind).includes(field)) return bind;
  const last = (field.split(".").at(-1) as string).replace(/[^\w-]/g, "") || "value";
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? last : `${last}${number}`;
    if (!(name in bind)) return { ...bind, [name]: field };
  }
}
