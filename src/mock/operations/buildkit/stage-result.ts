/** What a stage has come to: its layers, and the settings of its image. */

import { createDirectoryNode, type DirectoryNode } from "../../../userland/files/node.ts";
import { DEFAULT_PATH } from "../../../userland/process/find-program.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import { toContainerConfig } from "../../model/container-config.ts";
import type { HistoryEntry, Image } from "../../model/image.ts";
import type { BuildSnapshot } from "./buildkit-builder.ts";

export interface StageResult extends BuildSnapshot {
  readonly config: ContainerConfig;
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
  readonly author: string;
  /** Says what its files are made of: steps on equal keys have equal results. */
  readonly cacheKey: string;
  /** Of the vertex that made its last layer. */
  readonly digests: readonly string[];
}

export const EMPTY_STAGE: StageResult = {
  layers: [],
  created: 0n,
  config: withPath(toContainerConfig({})),
  history: [],
  author: "",
  cacheKey: "scratch",
  digests: [],
};

/** A stage that begins from an image. Its triggers are not part of it. */
export function fromImage(image: Image, digest: string): StageResult {
  const { layers, history, configuration, config, created, id } = image;
  return {
    layers,
    created,
    config: withPath({ ...config, OnBuild: null }),
    history,
    author: configuration.author ?? "",
    cacheKey: id,
    digests: [digest],
  };
}

export function getStageTree({ layers }: BuildSnapshot): DirectoryNode {
  return layers.at(-1)?.root ?? createDirectoryNode(0);
}

function withPath(config: ContainerConfig): ContainerConfig {
  const hasPath = (config.Env ?? []).some((pair) => pair.startsWith("PATH="));
  return hasPath ? config : { ...config, Env: [...(config.Env ?? []), `PATH=${DEFAULT_PATH}`] };
}
