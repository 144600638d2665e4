/** Facts about common clients: which values they generate on each run, and how a recording shows the client. */
import type { Allowance, PresetName } from "../../cassette/rule-names.ts";

export interface ClientPreset {
  /** Allowances that this client needs beside those of all clients. */
  readonly allowances: readonly Allowance[];
  /** The beginning of its User-Agent. */
  readonly userAgent?: RegExp;
  /** What only its requests have: a label of its own, a body that no other client sends. */
  readonly trace?: RegExp;
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
  testcontainers: { allowances: ["moments", "library-versions"], trace: /org\.testcontainers/ },
  // docker-modem sends no User-Agent, but an empty object where others send no body (docker-modem, lib/modem.js).
  dockerode: { allowances: ["window-sizes", "moments"], trace: /^ {2}json-bare: \{\}$/m },
  "docker-py": { allowances: ["window-sizes", "moments"], userAgent: /^(docker-sdk-python|docker-py)\// },
};

export function findPresetByUserAgent(userAgent: string): PresetName | undefined {
  return listPresets().find(([, preset]) => preset.userAgent?.test(userAgent) === true)?.[0];
}

/** The clients that left traces in the text of a recorded request. */
export function findPresetsByTrace(text: string): readonly PresetName[] {
  return listPresets().flatMap(([name, { trace }]) => (trace?.test(text) === true ? [name] : []));
}

function listPresets(): readonly (readonly [PresetName, ClientPreset])[] {
  return Object.entries(PRESET) as [PresetName, ClientPreset][];
}
