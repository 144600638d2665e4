/** What a build has come to: the files of its image, their layers, and its settings. */
import type { DirectoryNode } from "../../../userland/files/node.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import type { HistoryEntry, Layer } from "../../model/image.ts";
import type { StageDraft } from "./frontend/stage-draft.ts";
import type { NodeResultLookup } from "./graph-solver.ts";

export interface StageResult {
  readonly root: DirectoryNode;
  readonly layers: readonly Layer[];
  /** When the last layer was made, in nanoseconds since 1970. */
  readonly created: bigint;
  readonly config: ContainerConfig;
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
  readonly author: string;
}

const COMMENT = "buildkit.dockerfile.v0";

export function toStageResult(
  { node, config, author, history }: StageDraft,
  findResult: NodeResultLookup,
): StageResult {
  const entries: HistoryEntry[] = [];
  for (const line of history) {
    if ("entry" in line) entries.push(line.entry);
    else {
      const { createdBy, node: step } = line;
      // A step without a layer is as old as the one before it.
      const created = step === undefined ? (entries.at(-1)?.created ?? 0n) : findResult(step).created;
      entries.push({ created, createdBy, comment: COMMENT, isEmptyLayer: step === undefined });
    }
  }
  const { root, layers, created } = findResult(node);
  return { root, layers, created, config, history: entries, author };
}
