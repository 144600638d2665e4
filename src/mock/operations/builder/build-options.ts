/** What a build is asked to do, whichever API or builder asks (moby api/types/backend/build.go). */
import type { Credentials } from "../../model/credentials.ts";
import type { Reference } from "../../model/reference.ts";

export interface BuildOptions {
  readonly tags: readonly Reference[];
  readonly dockerfile: string;
  readonly remote: string;
  readonly target: string;
  readonly isQuiet: boolean;
  readonly usesCache: boolean;
  /** Containers of steps are removed; of failed ones, too. */
  readonly removes: boolean;
  readonly removesAlways: boolean;
  readonly pulls: boolean;
  readonly args: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly networkMode: string;
  /** Each stage's id is told as `aux`. */
  readonly tellsIds: boolean;
  /** By registry. */
  readonly credentials: Readonly<Record<string, Credentials>>;
}
