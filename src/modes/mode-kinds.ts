/** What the options of recordings and replays may be. */
import {
  anyTextKind,
  expressionKind,
  flagKind,
  functionKind,
  objectKind,
  textKind,
  textListKind,
} from "../base/options/common-kinds.ts";
import {
  choiceOf,
  chosenKind,
  defineKind,
  isRecord,
  listOf,
  type OptionKind,
  type OptionKinds,
  type OptionTable,
  recordOf,
} from "../base/options/option-kind.ts";
import { tlsKind } from "../io/listen/tls-kind.ts";
import { rulesKind } from "../match/rules/rule-kinds.ts";
import { tempoKind } from "../replay/play/tempo-kind.ts";
import type { ListenTarget } from "./service.ts";

/** How errors call the options of a function. */
export const OPTIONS_OBJECT = "an object of options";

export const pathKind: OptionKind = defineKind("a path, or a `file:` URL", isPath);
export const upstreamKind: OptionKind = defineKind(
  "an address such as `unix:///var/run/docker.sock`, or the result of `parseUpstream` or `mockDocker`",
  isUpstream,
);
export const faultsKind: OptionKind = defineKind(
  "the path of a YAML file, or a list of faults",
  (value) => typeof value === "string" || Array.isArray(value),
);

const redactionKind: OptionKind = chosenKind("a text, a regular expression or a function", (value) =>
  [textKind, expressionKind, functionKind].find((kind) => kind.findProblem(value, "") === undefined),
);
export const LISTEN_TARGET: OptionTable<ListenTarget> = {
  listen: anyTextKind,
  tls: tlsKind,
};

/** Of `RecordOptions`, without the listener. */
export const RECORD_SERVICE: OptionKinds<
  | "cassette"
  | "upstream"
  | "mode"
  | "exactTiming"
  | "contexts"
  | "fresh"
  | "rules"
  | "empty"
  | "redact"
  | "allowSecrets"
  | "warn"
> = {
  cassette: anyTextKind,
  upstream: upstreamKind,
  mode: choiceOf(["record", "append"], "WHALESONG_BAD_MODE"),
  exactTiming: flagKind,
  contexts: choiceOf(["files", "digests"]),
  fresh: flagKind,
  rules: rulesKind,
  empty: choiceOf(["keep", "keep-new", "refuse"]),
  redact: listOf(redactionKind, "a list of texts, regular expressions and functions"),
  allowSecrets: textListKind,
  warn: functionKind,
};

const missKind: OptionKind = chosenKind("an object with `passTo` or `mock`", selectMissKind);

/** Of `ReplayOptions`, without the listener. */
export const REPLAY_SERVICE: OptionKinds<
  | "cassettes"
  | "recordCommand"
  | "recordAnewCommand"
  | "tempo"
  | "isStrict"
  | "isPerConnection"
  | "answersPorts"
  | "refusesUnfinished"
  | "rules"
  | "onMiss"
  | "faults"
  | "seed"
  | "warn"
> = {
  cassettes: listOf(anyTextKind, "a list of paths"),
  recordCommand: textKind,
  recordAnewCommand: textKind,
  tempo: tempoKind,
  isStrict: flagKind,
  isPerConnection: flagKind,
  answersPorts: flagKind,
  refusesUnfinished: flagKind,
  rules: rulesKind,
  onMiss: missKind,
  faults: faultsKind,
  seed: anyTextKind,
  warn: functionKind,
};

/** The options of the simulated daemon are checked where it is loaded. */
function selectMissKind(value: unknown): OptionKind | undefined {
  if (!isRecord(value)) return undefined;
  return recordOf({ passTo: upstreamKind, mock: objectKind }, "an object", ["mock" in value ? "mock" : "passTo"]);
}

function isPath(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  return isRecord(value) && value.protocol === "file:" && typeof value.href === "string";
}

function isUpstream(value: unknown): boolean {
  if (typeof value === "string") return true;
  if (!isRecord(value)) return false;
  return typeof value.daemon === "function" || ["unix", "tcp", "ssh"].includes(value.kind as string);
}
