/** The names that rules can have in a header. What they do is match's affair (src/match/rules). */

/** Ways in which requests are compared by what they mean; `exact` switches one off. */
export const ALLOWANCES = [
  "booleans",
  "empty-parameters",
  "filters",
  "multisets",
  "tars",
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
] as const;
export type Allowance = (typeof ALLOWANCES)[number];

/** Clients that are known; each has meanings of its own beside those of all. */
export const PRESETS = ["docker-cli", "compose", "testcontainers", "dockerode", "docker-py"] as const;
export type PresetName = (typeof PRESETS)[number];
