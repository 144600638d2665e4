/** What a stage has come to while its Dockerfile is read: the settings of its image, and the node that makes its files. */
import { DEFAULT_PATH } from "../../../../userland/process/find-program.ts";
import { type ContainerConfig, toContainerConfig } from "../../../model/container-config.ts";
import type { HistoryEntry, Image } from "../../../model/image.ts";
import type { DockerfileVariables } from "../../dockerfile/variables.ts";
import { toVariables } from "../../dockerfile/variables.ts";
import { type BuildNode, SCRATCH } from "../build-node.ts";

/** A line of the history; its time is known when its node is solved. */
export type DraftHistory =
  | { readonly entry: HistoryEntry }
  | { readonly createdBy: string; readonly node: BuildNode | undefined };

/** What ARG has declared. */
export interface BuildArgument {
  readonly name: string;
  readonly value: string | undefined;
}

export interface StageDraft {
  readonly node: BuildNode;
  readonly config: ContainerConfig;
  readonly author: string;
  /** Oldest first. */
  readonly history: readonly DraftHistory[];
  /** What words refer to and commands have in their environment: ENV and ARG, the later one of a name. */
  readonly variables: DockerfileVariables;
  readonly buildArgs: readonly BuildArgument[];
  /** A WORKDIR of this Dockerfile came before. */
  readonly isWorkdirSet: boolean;
}

export const SCRATCH_DRAFT: StageDraft = withPath({
  node: SCRATCH,
  config: toContainerConfig({}),
  author: "",
  history: [],
  variables: new Map(),
  buildArgs: [],
  isWorkdirSet: false,
});

/** A stage that begins from an image. Its triggers are not part of it. */
export function createImageDraft({ history, configuration, config }: Image, node: BuildNode): StageDraft {
  return withPath({
    ...SCRATCH_DRAFT,
    node,
    config: { ...config, OnBuild: null },
    author: configuration.author ?? "",
    history: history.map((entry) => ({ entry })),
    variables: toVariables(config.Env ?? []),
  });
}

/** A stage that begins from another one. */
export function continueDraft(base: StageDraft): StageDraft {
  return { ...base, config: { ...base.config, OnBuild: null } };
}

export function withVariable(draft: StageDraft, name: string, value: string): StageDraft {
  return { ...draft, variables: new Map([...draft.variables, [name, value]]) };
}

/** @param node what made the layer; undefined for a step without one */
export function withHistory(draft: StageDraft, createdBy: string, node?: BuildNode): StageDraft {
  return { ...draft, history: [...draft.history, { createdBy, node }] };
}

function withPath(draft: StageDraft): StageDraft {
  if (draft.variables.has("PATH")) return draft;
  const { config } = draft;
  const Env = [...(config.Env ?? []), `PATH=${DEFAULT_PATH}`];
  return withVariable({ ...draft, config: { ...config, Env } }, "PATH", DEFAULT_PATH);
}
