/** Facts about common clients: which values they generate on each run, and how a recording shows the client. */
import type { Allowance, PresetName } from "../../cassette/rule-names.ts";

export interface ClientPreset {
  /** Allowances that this client needs beside those of all clients. */
  readonly allowances: readonly Allowance[];
  /** The beginning of its User-Agent. */
  readonly userAgent?: RegExp;
  /** What only its requests have, such as a label of its own. */
  readonly trace?: RegExp;
  /** It names itself nowhere, but posts an empty object where others post no body. */
  readonly postsEmptyObjects?: boolean;
}

/** The CLI turns `5m ago` into a timestamp of today, generates an id for each build, and is upgraded. */
const DOCKER_CLI: readonly Allowance[] = [
  "window-sizes",
  "build-sessions",
  "dockerfile-names",
  "moments",
  "client-releases",
];

export const PRESET: Readonly<Record<PresetName, ClientPreset>> = {
  "docker-cli": { allowances: DOCKER_CLI, userAgent: /^Docker-Client\// },
  compose: {
    allowances: [...DOCKER_CLI, "checkout", "library-versions"],
    userAgent: /^(docker-)?compose\//,
    trace: /com\.docker\.compose\./,
  },
  testcontainers: { allowances: ["build-sessions", "moments", "library-versions"], trace: /org\.testcontainers/ },
  // docker-modem sends no User-Agent (docker-modem, lib/modem.js).
  dockerode: { allowances: ["window-sizes", "build-sessions", "moments"], postsEmptyObjects: true },
  "docker-py": {
    allowances: ["window-sizes", "dockerfile-names", "moments"],
    userAgent: /^(docker-sdk-python|docker-py)\//,
  },
};

export function findPresetByUserAgent(userAgent: string): PresetName | undefined {
  return listPresets().find(([, preset]) => preset.userAgent?.test(userAgent) === true)?.[0];
}

/** The clients that left traces in the text of a recorded request. */
export function findPresetsByTrace(text: string): readonly PresetName[] {
  return listPresets().flatMap(([name, { trace }]) => (trace?.test(text) === true ? [name] : []));
}

/** The clients that post empty objects where the API documents no body. */
export function listPresetsOfEmptyObjects(): readonly PresetName[] {
  return listPresets().flatMap(([name, { postsEmptyObjects }]) => (postsEmptyObjects === true ? [name] : []));
}

function listPresets(): readonly (readonly [PresetName, ClientPreset])[] {
  return Object.entries(PRESET) as [PresetName, ClientPreset][];
}
