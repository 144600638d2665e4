/** Parts of an image that several endpoints tell. */
import { type ContainerConfig, configOf, type SentConfig } from "../../../model/container-config.ts";
import { withTag } from "../../../model/images.ts";
import type { Shape } from "../../../model/shapes.ts";

/** Settings as an image has them: labels that nobody gave are null. */
export function settingsShape(sent: SentConfig | null | undefined): Shape {
  return { ...configOf(sent ?? {}), Labels: (sent?.Labels as ContainerConfig["Labels"] | undefined) ?? null };
}

/** The image of a container as lists and events told it before 1.12: with its tag. */
export function taggedName(image: string): string {
  return /^(sha256:)?[0-9a-f]{12,64}$/.test(image) ? bareId(image) : withTag(image);
}

/** Before content had addresses, an id was 64 digits and no more. */
export function bareId(id: string): string {
  return id.replace(/^sha256:/, "");
}
