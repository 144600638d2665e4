/** The settings of an image as an inspection has them. */
import { type ContainerConfig, configOf, type SentConfig } from "../../../model/container-config.ts";
import type { Shape } from "../../../model/shapes.ts";

/** `Labels` is null if the image has no labels of its own. */
export function toConfigJson(sent: SentConfig | null | undefined): Shape {
  return { ...configOf(sent ?? {}), Labels: (sent?.Labels as ContainerConfig["Labels"] | undefined) ?? null };
}
