/** Where the sidecars of a cassette are: those of `run.yaml` in `run/`, those of `run` in `run.sidecars/`. */
import { existsSync } from "node:fs";
import { basename, extname } from "node:path";

const SIDECAR = /-(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{64})(?:\.[\w.]+)?$/;

/** Whether whalesong gives such names to sidecars: with the beginning of a digest. */
export function isSidecarName(name: string): boolean {
  return SIDECAR.test(name);
}

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
