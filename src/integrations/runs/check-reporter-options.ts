import { checkOptions } from "../../base/options/check-options.ts";
import { flagKind } from "../../base/options/common-kinds.ts";
import { type OptionKind, recordOf } from "../../base/options/option-kind.ts";

/** Of the reporters that a configuration names. */
const reporterKind: OptionKind = recordOf<{ readonly failsOnObsolete?: boolean }>(
  { failsOnObsolete: flagKind },
  "an object of options",
);

/** @throws UsageError `WHALESONG_BAD_OPTION` */
export function checkReporterOptions(owner: string, options: unknown): void {
  checkOptions(owner, options, reporterKind);
}
