/** What the options of `Recording` may be. */
import type { Clock } from "../base/clock.ts";
import {
  amountKind,
  clockKind,
  flagKind,
  functionKind,
  objectKind,
  textListKind,
} from "../base/options/common-kinds.ts";
import { choiceOf, defineKind, type OptionKind, recordOf } from "../base/options/option-kind.ts";
import { rulesKind } from "../match/rules/rule-kinds.ts";
import type { PipelineOptions } from "./recording-pipeline.ts";

const redactionKind: OptionKind = recordOf<NonNullable<PipelineOptions["redaction"]>>(
  {
    rules: defineKind("a list of rules", Array.isArray),
    env: objectKind,
    firstNumber: amountKind,
    allowed: textListKind,
    spellOption: functionKind,
  },
  "an object",
);

export const recordingKind: OptionKind = recordOf<PipelineOptions & { readonly clock: Clock }>(
  {
    clock: clockKind,
    store: objectKind,
    recorded: objectKind,
    previous: objectKind,
    exactTiming: flagKind,
    contexts: choiceOf(["files", "digests"]),
    rules: rulesKind,
    redaction: redactionKind,
    rerecord: functionKind,
    keepHeader: functionKind,
    refuse: functionKind,
    warn: functionKind,
  },
  "an object of options",
  ["clock", "store", "recorded", "warn"],
);
