/** Flags that several verbs share, and how their values become options of the modes. */
import { homedir } from "node:os";
import type { Options } from "yargs";
import { UsageError } from "../base/errors.ts";
import { ALLOWANCES, type Allowance, PRESETS, type PresetName } from "../cassette/rule-names.ts";
import { parseUpstream, resolveDockerHost, type Upstream } from "../io/upstream/docker-host.ts";
import type { RuleInput } from "../match/rules/resolve-rules.ts";
import { parseTime } from "./flag-values.ts";

export const listenFlag = {
  type: "string",
  describe: "Where clients connect: unix:///path or tcp://host:port (default: a socket in a new private folder)",
} as const;

export const upstreamFlag = {
  type: "string",
  describe:
    "The daemon to record: unix://, tcp:// or ssh://, or `mock`, a simulated one (default: the one that docker uses)",
} as const;

export const portsFlag = {
  type: "boolean",
  default: false,
  describe: "While a container runs, accept connections on the TCP ports that it publishes",
} as const;

const eachNamed: Options = { type: "string", array: true, nargs: 1, default: [] };

/** Rules beside those of a cassette's header (docs/cassette-format.md, "Rules"). */
export const ruleFlags: Readonly<Record<keyof RuleArguments, Options>> = {
  ignore: { ...eachNamed, describe: "Ignore this part of requests, e.g. query.t, json.HostConfig.Memory" },
  bind: {
    ...eachNamed,
    describe: "This part may change, e.g. query.name; today's value is used everywhere the old one appeared",
  },
  match: { ...eachNamed, describe: "Compare this request header as well, e.g. X-Tenant" },
  exact: {
    ...eachNamed,
    choices: ALLOWANCES,
    describe: "Be stricter: do not treat other spellings of this as equal",
  },
  preset: {
    ...eachNamed,
    choices: [...PRESETS, "none"],
    describe:
      "Tolerate the known quirks of this client (default: of the clients that are detected; if none is, of all)",
  },
};

export interface RuleArguments {
  readonly ignore: readonly string[];
  readonly bind: readonly string[];
  readonly match: readonly string[];
  readonly exact: readonly string[];
  readonly preset: readonly string[];
}

/** The parts of a request that rules name. */
const FIELD = /^(?:query|json|tar|build)[.[]/;

/** A rule of another spelling would never match, and never say so. */
function refuseNoField(flag: string, field: string): void {
  if (FIELD.test(field)) return;
  const message = `${flag} names a part of requests: query.NAME, json.NAME, tar.FILE or build.NAME, got \`${field}\``;
  throw new UsageError("WHALESONG_BAD_RULE", message, { fields: { field } });
}

/**
 * The rules of the flags; yargs has checked the words.
 * @throws UsageError `WHALESONG_BAD_RULE`
 */
export function toRuleInput({ ignore, bind, match, exact, preset }: RuleArguments): RuleInput {
  for (const field of ignore) refuseNoField("--ignore", field);
  for (const field of bind) refuseNoField("--bind", field);
  const stated = { ignore, bind, match, exact: exact as readonly Allowance[] };
  if (preset.length === 0) return stated;
  return { ...stated, presets: preset.filter((name) => name !== "none") as readonly PresetName[] };
}

export const faultFlags = {
  faults: { type: "string", describe: "What goes wrong, at which call: a YAML file" },
  // No default: what a mock answers on a miss has another one than what it recorded.
  seed: { type: "string", describe: "Seed of ids, names and chance: the same seed gives the same values" },
} as const;

export const failOnUnusedFaultsFlag = {
  type: "boolean",
  default: false,
  describe: "Exit with 1 if a fault was never applied, because no request matched it",
} as const;

export const stateFlag = {
  type: "string",
  describe: "Initial state of the simulated daemon: a YAML file",
} as const;

export const nowFlag = {
  type: "string",
  describe: "Freeze the clock at this time (makes recordings reproducible); only events advance it",
} as const;

/** Flags of `--upstream mock`. */
const recordedMockFlags = {
  state: { type: "string", describe: "With --upstream mock: its initial state, a YAML file" },
  now: {
    type: "string",
    describe: "With --upstream mock: start its clock at this time; only events advance it",
  },
  seed: { type: "string", describe: "With --upstream mock: seed of its ids and names" },
} as const;

/** What the scan is not to find (docs/secrets.md). */
export const allowSecretFlag: Options = {
  ...eachNamed,
  describe: "Not a secret, though it looks like one: a request, a file beside the cassette, or the text itself",
};

/** What is kept out of the cassette (docs/secrets.md). */
const redactionFlags: { readonly redact: Options; readonly "allow-secret": Options } = {
  "allow-secret": allowSecretFlag,
  redact: {
    ...eachNamed,
    describe: "Leave this out of the recording as well: a setting's NAME or /PATTERN/; no-RULE switches a rule off",
  },
};

const contextsFlag = {
  choices: ["files", "digests"],
  default: "files",
  describe: "What to keep of the files that a build by BuildKit is sent: all, or a digest of each",
} as const;

interface RecordingFlags {
  readonly upstream: typeof upstreamFlag;
  readonly contexts: typeof contextsFlag;
}

/** The flags of verbs that may record a cassette: `record` and `run`. */
export const recordingFlags: RecordingFlags & typeof recordedMockFlags & typeof ruleFlags & typeof redactionFlags = {
  upstream: upstreamFlag,
  contexts: contextsFlag,
  ...recordedMockFlags,
  ...ruleFlags,
  ...redactionFlags,
};

/** What a recording over an old one keeps of it. */
export const freshFlag = {
  type: "boolean",
  default: false,
  describe: "Over an old cassette: write new ids, times and addresses, too, instead of keeping the old ones",
} as const;

/** What becomes of a recording that is empty. */
export const keepEmptyFlag = {
  type: "boolean",
  default: false,
  describe: "Write the cassette even if nothing was recorded",
} as const;

export const keepFailedFlag = {
  type: "boolean",
  default: false,
  describe: "Replace the cassette even if the command failed",
} as const;

export interface RecordingArguments extends RuleArguments, SimulationArguments {
  readonly cassette: string;
  readonly redact: readonly string[];
  readonly allowSecret: readonly string[];
  readonly upstream: string | undefined;
  readonly contexts: "files" | "digests";
}

export interface FaultArguments {
  readonly faults?: string | undefined;
  readonly seed?: string | undefined;
}

export interface SimulationArguments extends FaultArguments {
  readonly state?: string | undefined;
  readonly now?: string | undefined;
}

type DefinedFields<T> = { readonly [K in keyof T]?: NonNullable<T[K]> };

export function toFaultOptions({ faults, seed }: FaultArguments): DefinedFields<FaultArguments> {
  return { ...(faults === undefined ? {} : { faults }), ...(seed === undefined ? {} : { seed }) };
}

/** @throws UsageError `WHALESONG_BAD_TIME` */
export function toSimulationOptions(
  argv: SimulationArguments,
): DefinedFields<FaultArguments> & { state?: string; now?: Date } {
  const { state, now } = argv;
  return {
    ...toFaultOptions(argv),
    ...(state === undefined ? {} : { state }),
    ...(now === undefined ? {} : { now: parseTime(now) }),
  };
}

/** The daemon of `--upstream`, or docker's own. */
export function toUpstream(url: string | undefined): Upstream {
  const upstream = url === undefined ? resolveDockerHost(process.env, homedir()) : parseUpstream(url);
  return { ...upstream, option: "`--upstream`" };
}
