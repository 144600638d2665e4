/** What the rules of an option may be. */
import { functionKind, textListKind } from "../../base/options/common-kinds.ts";
import { choiceOf, defineKind, listOf, type OptionKind, recordOf, withCode } from "../../base/options/option-kind.ts";
import { ALLOWANCES, PRESETS } from "../../cassette/rule-names.ts";
import type { RuleInput } from "./resolve-rules.ts";

/** The parts of a request that rules name. */
const FIELD = /^(?:query|json|tar|build|headers)[.[]/;
/** A rule of another spelling would never match, and never say so. */
const fieldKind: OptionKind = withCode(
  defineKind("a part of requests (`query.NAME`, `json.NAME`, `tar.FILE` or `build.NAME`)", isField),
  "WHALESONG_BAD_RULE",
);
const fieldListKind: OptionKind = listOf(fieldKind, "a list of parts of requests, such as `query.t`");

export const rulesKind: OptionKind = recordOf<RuleInput>(
  {
    ignore: fieldListKind,
    onIgnored: functionKind,
    bind: fieldListKind,
    match: textListKind,
    exact: listOf(choiceOf(ALLOWANCES), "a list of allowances"),
    presets: listOf(choiceOf(PRESETS), "a list of presets"),
  },
  "rules (an object)",
);

function isField(value: unknown): boolean {
  return typeof value === "string" && FIELD.test(value);
}
