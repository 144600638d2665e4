/** Packages that are loaded when they are first needed: a replay of recorded text needs none, and waits for none. */
import { createRequire } from "node:module";

const requirePackage = createRequire(import.meta.url);

/** 20 ms and 6 MB. */
export function loadYaml(): typeof import("yaml") {
  return requirePackage("yaml") as typeof import("yaml");
}

/** 9 ms. */
export function loadTarStream(): typeof import("tar-stream") {
  return requirePackage("tar-stream") as typeof import("tar-stream");
}
