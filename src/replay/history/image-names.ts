/** The images that a recording names: in paths, in parameters, and as those of its containers. */
import { parseBoundedJson } from "../../base/parse-json.ts";
import type { PlacedExchange } from "./place-exchanges.ts";

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

function listImageNames({ operation, entry }: PlacedExchange): readonly string[] {
  const { name, params, query } = operation;
  if (name === "ContainerCreate") return readImage(entry.readExchange().request.body);
  const parameters = query.flatMap(([key, value]) => (PARAMETERS.has(key) ? [value] : []));
  return /^Image/.test(name) && params.name !== undefined ? [params.name, ...parameters] : parameters;
}

function readImage(body: unknown): readonly string[] {
  if (!Buffer.isBuffer(body)) return [];
  try {
    const value = parseBoundedJson(body.toString("utf8")) as { readonly Image?: unknown } | null;
    return typeof value?.Image === "string" ? [value.Image] : [];
  } catch {
    return [];
  }
}
