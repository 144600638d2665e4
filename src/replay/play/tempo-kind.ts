import { amountKind } from "../../base/options/common-kinds.ts";
import { defineKind, isRecord, type OptionKind } from "../../base/options/option-kind.ts";

/** What the option `tempo` may be. */
export const tempoKind: OptionKind = defineKind(
  'the result of `parseTempo`, such as `parseTempo("2x")`',
  (value) => isRecord(value) && isAmount(value.scale) && isAmount(value.maxWaitMs),
);

function isAmount(value: unknown): boolean {
  return amountKind.findProblem(value, "") === undefined;
}
