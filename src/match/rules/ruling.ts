/** The rules of a header, of the command line and of presets, put together: what is compared, and how. */
import type { Cassette } from "../../cassette/read.ts";
import { MEANINGS, type Meaning, PRESETS, type PresetName } from "../../cassette/rule-names.ts";
import { dotted } from "../field.ts";
import { PRESET } from "./presets.ts";

/** Meanings that clients need for what is theirs; all others hold for everybody. */
const OF_CLIENTS: ReadonlySet<Meaning> = new Set(Object.values(PRESET).flatMap(({ meanings }) => meanings));
/** Labels that tell where the project lies on this machine (compose). */
const CHECKOUT = ["project.working_dir", "project.config_files", "project.environment_file"].map(
  (label) => `json.Labels.com.docker.compose.${label}`,
);
/** Of paths, the project's name and more. A container that does not say today's is made anew by compose. */
const CONFIG_HASH = "json.Labels.com.docker.compose.config-hash";
/** Labels that tell which release of a library asks. */
const LIBRARY_VERSIONS = ["org.testcontainers.version", "com.docker.compose.version"].map(
  (label) => `json.Labels.${label}`,
);
/** Made up anew for each run, though not always of one shape: compose's one-off containers, testcontainers' sessions. */
const MADE_UP = ["com.docker.compose.slug", "org.testcontainers.session-id"].map((label) => `json.Labels.${label}`);

/** Rules as somebody states them; what is left out is not ruled. */
export interface StatedRules {
  readonly ignore?: readonly string[];
  /** Parts of a request, whatever the rules are called. */
  readonly bind?: readonly string[];
  readonly match?: readonly string[];
  readonly exact?: readonly Meaning[];
  /** Which clients' meanings hold; if nobody says so, those of the clients that were detected. */
  readonly presets?: readonly PresetName[];
}

/** What a header states. */
export function statedIn({ header: { rules } }: Pick<Cassette, "header">): StatedRules {
  return { ...rules, bind: Object.values(rules.bind) };
}

export interface Ruling {
  /** Parts that are not compared, dotted: `json.Labels.a.b`. */
  readonly ignore: ReadonlySet<string>;
  /** Parts whose value of today may stand for the recorded one, dotted. */
  readonly bound: readonly string[];
  /** Headers that are compared, in lower case. */
  readonly headers: readonly string[];
  /** The clients whose meanings hold. */
  readonly presets: readonly PresetName[];
  /** Equal for rulings by which requests mean the same. */
  readonly key: string;
  /** Whether what differs so means the same. */
  means(meaning: Meaning): boolean;
}

/**
 * @param stated later ones add to earlier ones; of presets, the last word counts
 * @param detected the clients that were recognised; none: nobody knows who asks, so all clients' meanings hold
 */
export function rulingOf(stated: readonly StatedRules[], detected: readonly PresetName[] = []): Ruling {
  const all = <T>(part: (rules: StatedRules) => readonly T[] | undefined): T[] =>
    stated.flatMap((one) => part(one) ?? []);
  const presets =
    stated.findLast((one) => one.presets !== undefined)?.presets ?? (detected.length > 0 ? detected : PRESETS);
  const meanings = meaningsOf(
    presets,
    all(({ exact }) => exact),
  );
  const ignore = new Set([
    ...all((rules) => rules.ignore).map(dotted),
    ...(meanings.has("checkout") ? CHECKOUT : []),
    ...(meanings.has("library-versions") ? LIBRARY_VERSIONS : []),
  ]);
  return {
    ignore,
    key: [...ignore, ...meanings].join(),
    bound: [
      ...all(({ bind }) => bind).map(dotted),
      ...(meanings.has("made-up-values") ? MADE_UP : []),
      ...(meanings.has("checkout") ? [CONFIG_HASH] : []),
    ],
    headers: all(({ match }) => match).map((name) => name.toLowerCase()),
    presets,
    means: (meaning) => meanings.has(meaning),
  };
}

function meaningsOf(presets: readonly PresetName[], exact: readonly Meaning[]): ReadonlySet<Meaning> {
  const ofClients = presets.flatMap((name) => PRESET[name].meanings);
  const general = MEANINGS.filter((meaning) => !OF_CLIENTS.has(meaning));
  return new Set([...general, ...ofClients].filter((meaning) => !exact.includes(meaning)));
}
