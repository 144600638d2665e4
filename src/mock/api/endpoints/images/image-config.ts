/** Parts of an image that several endpoints tell. */
import { type ContainerConfig, configOf, type SentConfig } from "../../../model/container-config.ts";
import type { Shape } from "../../../model/shapes.ts";

/** Settings as an image has them: labels that nobody gave are null. */
export function toConfigJson(sent: SentConfig | null | undefined): Shape {
  return { ...configOf(sent ?? {}), Labels: (sent?.Labels as ContainerConfig["Labels"] | undefined) ?? null };
}
