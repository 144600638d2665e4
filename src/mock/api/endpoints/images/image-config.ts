/** The settings of an image as an inspection has them. */

import type { ApiJson } from "../../../model/api-json.ts";
import { type ContainerConfig, type SentConfig, toContainerConfig } from "../../../model/container-config.ts";

/** `Labels` is null if the image has no labels of its own. */
export function toConfigJson(sent: SentConfig | null | undefined): ApiJson {
  return { ...toContainerConfig(sent ?? {}), Labels: (sent?.Labels as ContainerConfig["Labels"] | undefined) ?? null };
}
