/** Rules as a header has them: `bind` under names. */
import type { Rules } from "../../cassette/model.ts";
import type { StatedRules } from "./ruling.ts";

export const NO_RULES: Rules = { ignore: [], bind: {}, match: [], exact: [] };

/** The rules of a header with more of them. */
export function withRules(
  rules: Rules,
  { ignore = [], bind = [], match = [], exact = [], presets }: StatedRules,
): Rules {
  return {
    ignore: union(rules.ignore, ignore),
    bind: bind.reduce(withBound, rules.bind),
    match: union(rules.match, match),
    exact: union(rules.exact, exact),
    ...((presets ?? rules.presets) === undefined ? {} : { presets: presets ?? rules.presets }),
  };
}

function union<T>(some: readonly T[], more: readonly T[]): readonly T[] {
  return [...new Set([...some, ...more])];
}

/** A rule is called like the last part of what it names. */
function withBound(bind: Rules["bind"], field: string): Rules["bind"] {
  if (Object.values(bind).includes(field)) return bind;
  const last = (field.split(".").at(-1) as string).replace(/[^\w-]/g, "") || "value";
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? last : `${last}${number}`;
    if (!(name in bind)) return { ...bind, [name]: field };
  }
}
