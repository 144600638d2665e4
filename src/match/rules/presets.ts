/** What is known of common clients: what they make anew on each run, and what they are recognised by. */
import type { Meaning, PresetName } from "../../cassette/rule-names.ts";

export interface Preset {
  /** Meanings that this client needs, beside those of all clients. */
  readonly meanings: readonly Meaning[];
  /** What its User-Agent begins with. */
  readonly userAgent?: RegExp;
  /** What its requests alone have: a label of its own, a body that nobody else sends. */
  readonly trace?: RegExp;
}

/** The CLI turns `5m ago` into a moment of today, and gives builds ids of their own. */
const DOCKER_CLI: readonly Meaning[] = ["window-sizes", "build-sessions", "dockerfile-names", "moments"];

export const PRESET: Readonly<Record<PresetName, Preset>> = {
  "docker-cli": { meanings: DOCKER_CLI, userAgent: /^Docker-Client\// },
  compose: {
    meanings: [...DOCKER_CLI, "checkout", "library-versions"],
    userAgent: /^(docker-)?compose\//,
    trace: /com\.docker\.compose\./,
  },
  testcontainers: { meanings: ["moments", "library-versions"], trace: /org\.testcontainers/ },
  // docker-modem sends no User-Agent, but an empty object where others send no body (docker-modem, lib/modem.js).
  dockerode: { meanings: ["window-sizes", "moments"], trace: /^ {2}json-bare: \{\}$/m },
  "docker-py": { meanings: ["window-sizes", "moments"], userAgent: /^(docker-sdk-python|docker-py)\// },
};

/** Who that is. */
export function presetOfUserAgent(userAgent: string): PresetName | undefined {
  return presets().find(([, { userAgent: known }]) => known?.test(userAgent) === true)?.[0];
}

/** Who left traces in the text of a recorded request. */
export function presetsTracedIn(text: string): readonly PresetName[] {
  return presets().flatMap(([name, { trace }]) => (trace?.test(text) === true ? [name] : []));
}

function presets(): readonly (readonly [PresetName, Preset])[] {
  return Object.entries(PRESET) as [PresetName, Preset][];
}
