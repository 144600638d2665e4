/** The options of a build (moby api/types/backend/build.go). */
import type { Credentials } from "../../model/credentials.ts";
import type { ImageReference } from "../../model/image-reference.ts";

export interface BuildOptions {
  readonly tags: readonly ImageReference[];
  readonly dockerfile: string;
  readonly remote: string;
  readonly target: string;
  readonly isQuiet: boolean;
  readonly usesCache: boolean;
  /** Removes the container of each successful step. */
  readonly removes: boolean;
  /** Removes the containers of failed steps, too. */
  readonly removesAlways: boolean;
  readonly pulls: boolean;
  readonly args: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly networkMode: string;
  /** Sends the id of each stage as `aux`. */
  readonly reportsIds: boolean;
  /** By the registry's domain. */
  readonly credentials: Readonly<Record<string, Credentials>>;
}
