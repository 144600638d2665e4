/** RUN: a command in a container on the stage's files, with its mounts. */
import { createDirectoryNode, createFileNode } from "../../../../userland/files/node.ts";
import { splitPath } from "../../../../userland/files/path.ts";
import { findNode, withNode } from "../../../../userland/files/tree.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import { formatFingerprint } from "../../builder/copy-sources.ts";
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import type { BuildNode, NodeResult } from "../build-node.ts";
import { createMissingError } from "../copy-files.ts";
import { AGENT_SOCKET, type MountSource, prepareMounts, resolveMountTarget } from "../prepare-mounts.ts";
import { runInSandbox } from "../run-command.ts";
import { parseRunMounts, type RunMount } from "../run-mount.ts";
import { expandStageWord, type FrontendScope } from "./frontend-scope.ts";
import { createInlineNode } from "./inline-node.ts";
import { toRunCommand } from "./run-arguments.ts";
import { findSourceNode } from "./source-nodes.ts";
import type { StageDraft } from "./stage-draft.ts";
import type { StepParts } from "./step-parts.ts";

const PIPES = "/dev/pipes";

/** A mount, and which of the step's inputs has its files. */
interface MountInput {
  readonly mount: RunMount;
  readonly node: BuildNode | undefined;
}

export function createRunStep(scope: FrontendScope, draft: StageDraft, instruction: DockerfileInstruction): StepParts {
  const { config } = draft;
  const command = toRunCommand(instruction, config, draft);
  const mounts = [...listMountInputs(scope, draft, instruction), ...createScriptMount(command.script)];
  for (const { mount } of mounts) resolveMountTarget(mount, config.WorkingDir);
  const env = [...draft.variables].map(([name, value]) => `${name}=${value}`);
  const networkMode = instruction.flags.get("network") ?? scope.options.networkMode;
  const { extraHosts } = scope.options;
  const inputs = mounts.flatMap(({ node }) => (node === undefined ? [] : [node]));
  const definition = [
    command.words,
    env,
    config.User,
    config.WorkingDir,
    mounts.map(({ mount }) => mount),
    networkMode,
    extraHosts,
  ];
  return {
    inputs,
    definition,
    createdBy: `RUN ${command.remembered.join(" ")} # buildkit`,
    toKey: (results) => JSON.stringify([definition, findMountSources(scope, mounts, results).map(hashSource)]),
    work: async (results, vertex, signal) => {
      const sources = findMountSources(scope, mounts, results);
      const prepared = await prepareMounts(scope, sources, config.WorkingDir);
      const agent = findAgentPath(mounts, config.WorkingDir);
      const ownEnv = agent === undefined ? [] : [`SSH_AUTH_SOCK=${agent}`];
      const request = {
        input: results[0] as NodeResult,
        config,
        command: command.words,
        env: [...env, ...ownEnv, ...toProxyVariables(scope.options.args), ...prepared.env],
        networkMode,
        extraHosts,
        mounts: prepared,
        describeFailure: (why: string) => describeFailure(scope, command.words, why),
      };
      return runInSandbox(scope.builder.sandbox, request, vertex, signal);
    },
  };
}

function describeFailure({ engine }: FrontendScope, words: readonly string[], why: string): string {
  return isOlderEngine(engine.release, "28")
    ? `executor failed running [${words.join(" ")}]: ${why}`
    : `process ${JSON.stringify(words.join(" "))} did not complete successfully: ${why}`;
}

function listMountInputs(
  scope: FrontendScope,
  draft: StageDraft,
  instruction: DockerfileInstruction,
): readonly MountInput[] {
  const expand = (word: string): string => expandStageWord(scope, draft, instruction, word);
  const mounts = parseRunMounts(instruction.flags.get("mount") ?? "", expand);
  return mounts.map((mount) => {
    const readsFiles = mount.type === "bind" || (mount.type === "cache" && mount.from !== "");
    return { mount, node: readsFiles ? findSourceNode(scope, mount.from) : undefined };
  });
}

/** `RUN <<EOF` with a first line `#!` is a program of its own. */
function createScriptMount(
  script: { readonly name: string; readonly content: string } | undefined,
): readonly MountInput[] {
  if (script === undefined) return [];
  const { name, content } = script;
  const root = withNode(createDirectoryNode(0), [name], createFileNode(content, 0, 0o755));
  const [mount] = parseRunMounts(`type=bind,target=${PIPES}`, (word) => word);
  return [{ mount: mount as RunMount, node: createInlineNode(root) }];
}

/** @throws SolveError for a source that does not exist */
function findMountSources(
  scope: FrontendScope,
  mounts: readonly MountInput[],
  results: readonly NodeResult[],
): readonly MountSource[] {
  let index = 0;
  return mounts.map(({ mount, node }) => {
    if (node === undefined) return { mount, from: undefined };
    index += 1;
    const { root } = results[index] as NodeResult;
    const from = findNode(root, splitPath(mount.source));
    if (from === undefined) throw createMissingError(scope.engine, mount.source);
    return { mount, from };
  });
}

function hashSource({ from }: MountSource): string {
  return from === undefined ? "" : formatFingerprint([{ name: "", node: from }]);
}

function findAgentPath(mounts: readonly MountInput[], workingDir: string): string | undefined {
  const first = mounts.find(({ mount }) => mount.type === "ssh")?.mount;
  if (first === undefined) return undefined;
  return first.target === "" ? AGENT_SOCKET : resolveMountTarget(first, workingDir);
}

/** `HTTP_PROXY` and its kin are in the environment of commands, and no part of what the cache compares. */
function toProxyVariables(args: Readonly<Record<string, string>>): readonly string[] {
  const names = /^(?:https?|ftp|no|all)_proxy$/i;
  return Object.entries(args).flatMap(([name, value]) =>
    names.test(name) ? [`${name.toUpperCase()}=${value}`, `${name.toLowerCase()}=${value}`] : [],
  );
}
