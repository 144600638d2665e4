/** The names of rules in a header. src/match/rules implements them. */

/** Differences between requests that are allowed because they have the same meaning; `exact` switches one off. */
export const ALLOWANCES = [
  "booleans",
  "empty-parameters",
  "filters",
  "multisets",
  "tars",
  "image-archives",
  "container-names",
  "made-up-values",
  "signals",
  "window-changes",
  "window-sizes",
  "build-sessions",
  "dockerfile-names",
  "moments",
  "checkout",
  "library-versions",
  "client-releases",
] as const;
export type Allowance = (typeof ALLOWANCES)[number];

/** Known clients; each has allowances of its own beside the common ones. */
export const PRESETS = ["docker-cli", "compose", "testcontainers", "dockerode", "docker-py"] as const;
export type PresetName = (typeof PRESETS)[number];
