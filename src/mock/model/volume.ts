import type { Cell } from "../../userland/files/disk.ts";

/** Named or not, what outlives the containers that mount it. */
export interface Volume {
  readonly name: string;
  readonly driver: string;
  readonly created: bigint;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly options: Readonly<Record<string, string>> | null;
  /** Made for a container that named none. */
  readonly isAnonymous: boolean;
  /** What is in it, shared by all who mount it. */
  readonly files: Cell;
}
