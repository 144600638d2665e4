/** What the options and arguments of `useCassette` and of the test integrations may be. */

import { checkArgument } from "../base/options/check-options.ts";
import {
  errorKind,
  expressionKind,
  flagKind,
  functionKind,
  textKind,
  textListKind,
} from "../base/options/common-kinds.ts";
import { choiceOf, chosenKind, listOf, type OptionKind, type OptionKinds } from "../base/options/option-kind.ts";
import { modeKind } from "../modes/mode.ts";
import { pathKind, RECORD_SERVICE, REPLAY_SERVICE } from "../modes/mode-kinds.ts";

const { exactTiming, fresh, contexts, rules, redact, allowSecrets, empty, warn, upstream } = RECORD_SERVICE;
const { tempo, isStrict, isPerConnection, recordCommand } = REPLAY_SERVICE;

/** Of `CassetteOptions`. */
export const CASSETTE: OptionKinds<
  | "mode"
  | "upstream"
  | "intercept"
  | "allowsUnplayed"
  | "tempo"
  | "isStrict"
  | "isPerConnection"
  | "rules"
  | "exactTiming"
  | "fresh"
  | "contexts"
  | "redact"
  | "allowSecrets"
  | "empty"
  | "keepsFailed"
  | "expectsFailure"
  | "declaredAt"
  | "recordCommand"
  | "warn"
> = {
  mode: modeKind,
  upstream,
  intercept: textListKind,
  allowsUnplayed: flagKind,
  ...{ tempo, isStrict, isPerConnection, rules, exactTiming, fresh, contexts, redact, allowSecrets, empty },
  keepsFailed: flagKind,
  expectsFailure: flagKind,
  declaredAt: errorKind,
  recordCommand,
  warn,
};

/** Of `PlaybackOptions`. */
export const PLAYBACK: OptionKinds<
  "origin" | "onUnsupported" | "allowsUnplayed" | "tempo" | "isStrict" | "rules" | "warn"
> = {
  origin: chosenKind("an origin like `http://localhost:2375`, or a regular expression", (value) =>
    typeof value === "string" ? textKind : typeof value === "object" ? expressionKind : undefined,
  ),
  onUnsupported: choiceOf(["warn", "throw", "allow"]),
  allowsUnplayed: flagKind,
  ...{ tempo, isStrict, rules, warn },
};
export const pathsKind: OptionKind = chosenKind("the path of a cassette, or a list of them", (value) =>
  Array.isArray(value) ? listOf(textKind, "a list of paths") : typeof value === "string" ? textKind : undefined,
);

/** @throws UsageError `WHALESONG_BAD_OPTION` */
export function checkPath(owner: string, name: string, path: unknown): void {
  checkArgument(owner, name, path, pathKind);
}

/** @throws UsageError `WHALESONG_BAD_OPTION` */
export function checkFunction(owner: string, name: string, value: unknown): void {
  checkArgument(owner, name, value, functionKind);
}
