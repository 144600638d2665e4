/** The images that a recording names: in paths, in parameters, and as those of its containers. */
import type { PlacedExchange } from "./place-exchanges.ts";
import { listNames } from "./thing-names.ts";

const PARAMETERS: ReadonlySet<string> = new Set(["fromImage", "repo", "t", "names"]);

/** All repositories, without tags. */
export function collectImageNames(exchanges: readonly PlacedExchange[]): ReadonlySet<string> {
  return new Set(exchanges.flatMap(listImageNames).map(toRepository));
}

/**
 * A reference without its registry's default parts, its tag and its digest.
 * @example
 * toRepository("docker.io/library/busybox:1.35"); // "busybox"
 */
export function toRepository(reference: string): string {
  return reference.replace(/^(docker\.io\/)?(library\/)?/, "").replace(/(:[^/:@]+)?(@.*)?$/, "");
}

function listImageNames(placed: PlacedExchange): readonly string[] {
  const { name, params, query } = placed.operation;
  if (name === "ContainerCreate") return listNames(placed, ["Image"]);
  const parameters = query.flatMap(([key, value]) => (PARAMETERS.has(key) ? [value] : []));
  return /^Image/.test(name) && params.name !== undefined ? [params.name, ...parameters] : parameters;
}
