/** Where the sidecars of a cassette are: those of `run.yaml` in `run/`, those of `run` in `run.sidecars/`. */
import { existsSync } from "node:fs";
import { basename, extname } from "node:path";

export function toSidecarFolder(cassette: string): string {
  const stem = cassette.replace(/\.ya?ml$/, "");
  return stem === cassette ? `${cassette}.sidecars` : stem;
}

/** The folder's name, with which the paths of sidecars in the cassette begin. */
export function nameSidecarFolder(cassette: string): string {
  return basename(toSidecarFolder(cassette));
}

/** `run.yaml` and `run.yml` share a folder; then a sidecar may belong to either. */
export function sharesSidecarFolder(cassette: string): boolean {
  const other = nameOtherCassette(cassette);
  return other !== undefined && existsSync(other);
}

/** The one that would share the folder; undefined if none can. */
export function nameOtherCassette(cassette: string): string | undefined {
  const [stem, extension] = [toSidecarFolder(cassette), extname(cassette)];
  return extension === "" ? undefined : `${stem}${extension === ".yaml" ? ".yml" : ".yaml"}`;
}
