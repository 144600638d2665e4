/** Loads the package `yaml` when a text is first read that is not in the canonical spelling: it takes 20 ms and 6 MB. */
import { createRequire } from "node:module";

let library: typeof import("yaml") | undefined;

export function loadYaml(): typeof import("yaml") {
  library ??= createRequire(import.meta.url)("yaml") as typeof import("yaml");
  return library;
}
