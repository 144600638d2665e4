/** Joins the rules of a header, of the command line and of presets into one set. Everything is compared by that set. */
import type { Cassette } from "../../cassette/read.ts";
import { ALLOWANCES, type Allowance, PRESETS, type PresetName } from "../../cassette/rule-names.ts";
import { toDottedField } from "./dotted-field.ts";
import { createFileFilter } from "./file-patterns.ts";
import { PRESET } from "./presets.ts";

/** Allowances that only some clients need. All others hold for every client. */
const CLIENT_ALLOWANCES: ReadonlySet<Allowance> = new Set(
  Object.values(PRESET).flatMap(({ allowances }) => allowances),
);
/** Labels with the place of the project on this machine (compose). */
const CHECKOUT = ["project.working_dir", "project.config_files", "project.environment_file"].map(
  (label) => `json.Labels.com.docker.compose.${label}`,
);
/** A hash of paths, the project's name and more. Compose recreates a container if its label has another hash. */
const CONFIG_HASH = "json.Labels.com.docker.compose.config-hash";
/** The file into which a client writes the container's id; the body of a start had it up to API 1.23. moby only shows it. */
const CLIENT_FILES = ["json.HostConfig.ContainerIDFile", "json.ContainerIDFile"];
/** Labels with the release of a library. */
const LIBRARY_VERSIONS = ["org.testcontainers.version", "com.docker.compose.version"].map(
  (label) => `json.Labels.${label}`,
);
/** Generated for each run, though not always in one shape: compose's one-off containers, testcontainers' sessions. */
const GENERATED = ["com.docker.compose.slug", "org.testcontainers.session-id"].map((label) => `json.Labels.${label}`);

/** Fields that are not compared, and a note of each that a request had. */
class IgnoredFields extends Set<string> {
  readonly #note: (field: string) => void;

  constructor(fields: readonly string[], note: (field: string) => void) {
    super(fields);
    this.#note = note;
  }

  override has(field: string): boolean {
    const isIgnored = super.has(field);
    if (isIgnored) this.#note(field);
    return isIgnored;
  }
}

/** Rules of one source. What is left out, the source says nothing about. */
export interface RuleInput {
  /** Parts of a request that are not compared: `query.t`, `json.HostConfig.Memory`. @default none */
  readonly ignore?: readonly string[];
  /** Called with each ignored part, dotted, that a request has; for a part may be misspelled. @default it is not called */
  readonly onIgnored?: (field: string) => void;
  /** Parts of a request in which today's value stands for the recorded one: `query.name`. @default none */
  readonly bind?: readonly string[];
  /** Request headers that are compared as well. @default none */
  readonly match?: readonly string[];
  /** Allowances that do not hold: values are compared as they are spelled. @default none */
  readonly exact?: readonly Allowance[];
  /**
   * The clients that allowances hold for.
   * @default the clients that were detected
   */
  readonly presets?: readonly PresetName[];
}

/** The rules of a cassette's header. */
export function toRuleInput({ header: { rules } }: Pick<Cassette, "header">): RuleInput {
  return { ...rules, bind: Object.values(rules.bind) };
}

export interface ResolvedRules {
  /** Fields that are not compared, dotted: `json.Labels.a.b`. */
  readonly ignore: ReadonlySet<string>;
  /** Whether a file of a tar is not compared: a rule like `tar.logs/**` names it. */
  ignoresFile(name: string): boolean;
  /** Fields in which today's value may stand for the recorded one, dotted. */
  readonly bindFields: readonly string[];
  /** Headers that are compared, in lower case. */
  readonly headers: readonly string[];
  /** The clients that allowances hold for. */
  readonly presets: readonly PresetName[];
  /** Equal for rules that normalize every request alike. */
  readonly key: string;
  /** Whether this allowance holds. */
  allows(allowance: Allowance): boolean;
}

/**
 * @param inputs later ones add to earlier ones; the last one that names presets decides about them
 * @param detected the clients that were recognised; if there are none, the allowances of all clients hold
 */
export function resolveRules(inputs: readonly RuleInput[], detected: readonly PresetName[] = []): ResolvedRules {
  const collect = <T>(select: (input: RuleInput) => readonly T[] | undefined): T[] =>
    inputs.flatMap((input) => select(input) ?? []);
  const presets = selectPresets(inputs, detected);
  const exact = collect((input) => input.exact);
  const allowances = selectAllowances(presets, exact);
  const headers = collect(({ match }) => match).map((name) => name.toLowerCase());
  const listeners = collect(({ onIgnored }) => (onIgnored === undefined ? [] : [onIgnored]));
  const fields = [
    ...collect((input) => input.ignore).map(toDottedField),
    ...CLIENT_FILES,
    ...(allowances.has("checkout") ? CHECKOUT : []),
    ...(allowances.has("library-versions") ? LIBRARY_VERSIONS : []),
  ];
  const ignore = new IgnoredFields(fields, (field) => {
    for (const listen of listeners) listen(field);
  });
  return {
    ignore,
    ignoresFile: createFileFilter([...ignore]),
    headers,
    presets,
    key: [...ignore, ...allowances, ...headers].join(),
    bindFields: [
      ...collect(({ bind }) => bind).map(toDottedField),
      ...(allowances.has("made-up-values") ? GENERATED : []),
      ...(allowances.has("checkout") ? [CONFIG_HASH] : []),
    ],
    allows: (allowance) => allowances.has(allowance),
  };
}

function selectPresets(inputs: readonly RuleInput[], detected: readonly PresetName[]): readonly PresetName[] {
  const last = inputs.findLast(({ presets }) => presets !== undefined);
  return last?.presets ?? (detected.length > 0 ? detected : PRESETS);
}

function selectAllowances(presets: readonly PresetName[], exact: readonly Allowance[]): ReadonlySet<Allowance> {
  const general = ALLOWANCES.filter((allowance) => !CLIENT_ALLOWANCES.has(allowance));
  const ofClients = presets.flatMap((name) => PRESET[name].allowances);
  return new Set([...general, ...ofClients].filter((allowance) => !exact.includes(allowance)));
}
