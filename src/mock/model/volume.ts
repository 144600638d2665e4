import type { RootRef } from "../../userland/files/disk.ts";

/** A named or anonymous volume. It outlives its containers. */
export interface Volume {
  readonly name: string;
  readonly driver: string;
  readonly created: bigint;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly options: Readonly<Record<string, string>> | null;
  /** Created for a container that names none. */
  readonly isAnonymous: boolean;
  /** The file tree, which all containers that mount the volume share. */
  readonly files: RootRef;
}
