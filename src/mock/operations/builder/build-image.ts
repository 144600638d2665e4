/** The classic builder: runs a Dockerfile step by step, each step an image (moby builder/dockerfile). */

import { createDirectoryNode } from "../../../userland/files/node.ts";
import { DEFAULT_PATH } from "../../../userland/process/find-program.ts";
import { ApiError, badParameter } from "../../model/api-error.ts";
import { isRunning } from "../../model/container.ts";
import { toContainerConfig } from "../../model/container-config.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { getRootTree, type Image } from "../../model/image.ts";
import { parseReference, toFamiliarText, withLatest } from "../../model/image-reference.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { toShortId } from "../../model/short-id.ts";
import { type Dockerfile, type DockerfileStage, parseDockerfile, selectStages } from "../dockerfile/dockerfile.ts";
import { type DockerfileInstruction, parseInstruction } from "../dockerfile/instruction.ts";
import { SETTINGS } from "../dockerfile/settings.ts";
import { expandWord } from "../dockerfile/shell-lexer.ts";
import { type DockerfileVariables, toVariables } from "../dockerfile/variables.ts";
import type { Engine } from "../engine.ts";
import { pullImage } from "../images/pull.ts";
import { tagImage } from "../images/tag.ts";
import { removeContainer } from "../lifecycle/remove-container.ts";
import { BuildArgs } from "./build-args.ts";
import type { BuildContext } from "./build-context.ts";
import type { BuildOptions } from "./build-options.ts";
import { type CopyRoot, copyOrAdd } from "./copy-step.ts";
import { runCommand } from "./run-step.ts";
import { type BuildScope, StageState } from "./stage-state.ts";

const SCRATCH = "scratch";

/** A checked Dockerfile. Errors in it are found before the first message is sent. */
export interface BuildPlan {
  readonly dockerfile: Dockerfile;
  readonly stages: readonly DockerfileStage[];
}

/** @throws ApiError 400 for a syntax error, or a target that does not exist */
export function planBuild({ dockerfile: text }: BuildContext, { target, labels }: BuildOptions): BuildPlan {
  const dockerfile = parseDockerfile(text);
  const stages = selectStages(dockerfile, target);
  const words = Object.entries(labels).map(([name, value]) => `${quoteLabel(name)}=${quoteLabel(value)}`);
  if (words.length === 0) return { dockerfile, stages };
  const label = parseInstruction({ number: 0, text: `LABEL ${words.sort().join(" ")}` }, dockerfile.escapeMark);
  const last = stages.at(-1) as DockerfileStage;
  return { dockerfile, stages: [...stages.slice(0, -1), { ...last, instructions: [...last.instructions, label] }] };
}

function quoteLabel(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text}'`;
}

/** The client of a build. */
export interface BuildClient {
  readonly send: ProgressSink;
  /** Resolves when the client is gone: then the build stops. */
  readonly gone: Promise<void>;
}

/**
 * Builds all stages, tags the last one, and resolves with its id.
 * @throws ApiError for a step that fails; its `code` is the exit code of a RUN
 */
export async function buildImage(
  engine: Engine,
  context: BuildContext,
  { dockerfile, stages }: BuildPlan,
  options: BuildOptions,
  client: BuildClient,
): Promise<string> {
  const shared = { engine, options, args: new BuildArgs(options.args), escapeMark: dockerfile.escapeMark, ...client };
  return new Builder(shared, context, dockerfile, stages).build();
}

class Builder {
  readonly #scope: BuildScope;
  readonly #context: BuildContext;
  readonly #dockerfile: Dockerfile;
  readonly #stages: readonly DockerfileStage[];
  readonly #builtStages: { readonly name: string | undefined; readonly image: Image | undefined }[] = [];
  readonly #total: number;
  #step = 0;

  constructor(scope: BuildScope, context: BuildContext, dockerfile: Dockerfile, stages: readonly DockerfileStage[]) {
    this.#scope = scope;
    this.#context = context;
    this.#dockerfile = dockerfile;
    this.#stages = stages;
    const instructions = stages.reduce((sum, stage) => sum + 1 + stage.instructions.length, 0);
    this.#total = dockerfile.globals.length + instructions;
  }

  async build(): Promise<string> {
    const { args, escapeMark, send } = this.#scope;
    for (const instruction of this.#dockerfile.globals) {
      this.#announce(instruction);
      args.declare(instruction, args.globals, escapeMark, true);
    }
    let last = "";
    for (const stage of this.#stages) last = await this.#buildStage(stage);
    const { unused } = args;
    if (unused.length > 0)
      send({ stream: `[Warning] One or more build-args [${unused.join(" ")}] were not consumed\n` });
    send({ stream: `Successfully built ${toShortId(last)}\n` });
    this.#tag(last);
    return last;
  }

  #announce({ text }: DockerfileInstruction): void {
    this.#step += 1;
    this.#scope.send({ stream: `Step ${this.#step}/${this.#total} : ${text}` });
    this.#scope.send({ stream: "\n" });
  }

  #tag(id: string): void {
    const { engine, options, send } = this.#scope;
    for (const reference of options.tags) {
      tagImage(engine, id, withLatest(reference));
      send({ stream: `Successfully tagged ${toFamiliarText(withLatest(reference))}\n` });
    }
  }

  async #buildStage({ from, name, instructions }: DockerfileStage): Promise<string> {
    this.#announce(from);
    this.#scope.args.reset();
    const state = await this.#startStage(from);
    this.#reportImage(state);
    for (const instruction of instructions) {
      this.#announce(instruction);
      await this.#runStep(state, () => this.#dispatch(state, instruction));
      this.#reportImage(state);
    }
    this.#builtStages.push({ name, image: state.image });
    if (state.image === undefined) throw badParameter("No image was generated. Is your Dockerfile empty?");
    if (this.#scope.options.reportsIds) this.#scope.send({ aux: { ID: state.imageId } });
    return state.imageId;
  }

  #reportImage({ imageId }: StageState): void {
    this.#scope.send({ stream: ` ---> ${toShortId(imageId)}\n` });
  }

  async #startStage({ args: [word = ""] }: DockerfileInstruction): Promise<StageState> {
    const { args, escapeMark } = this.#scope;
    const name = expandWord(word, args.globals, escapeMark);
    if (name === "") throw badParameter(`base name (${word}) should not be blank`);
    const image = name === SCRATCH ? undefined : await this.#findBase(name);
    const config = toContainerConfig(image?.configuration.config ?? {});
    const hasPath = (config.Env ?? []).some((pair) => pair.startsWith("PATH="));
    const env = hasPath ? config.Env : [`PATH=${DEFAULT_PATH}`, ...(config.Env ?? [])];
    const state = new StageState(this.#scope, image, { ...config, Env: env, OnBuild: null });
    await this.#runTriggers(state, config.OnBuild ?? []);
    return state;
  }

  async #findBase(name: string): Promise<Image | undefined> {
    const stage = this.#builtStages.find((built) => built.name === name.toLowerCase());
    return stage === undefined ? this.#resolveImage(name) : stage.image;
  }

  async #resolveImage(name: string): Promise<Image> {
    const { engine, options, send } = this.#scope;
    const local = options.pulls ? undefined : engine.images.lookUp(name);
    if (local !== undefined) return local;
    const reference = withLatest(parseReference(name));
    const credentials =
      options.credentials[reference.domain] ?? options.credentials["https://index.docker.io/v1/"] ?? {};
    return pullImage(engine, reference, credentials, send);
  }

  async #runTriggers(state: StageState, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const { send, escapeMark } = this.#scope;
    send({ stream: `# Executing ${lines.length} build trigger` });
    if (lines.length > 1) send({ stream: "s" });
    send({ stream: "\n" });
    for (const text of lines) {
      const instruction = parseInstruction({ number: 0, text }, escapeMark);
      await this.#runStep(state, () => this.#dispatch(state, instruction));
    }
  }

  /** Runs a step, then removes its containers as the options say. */
  async #runStep(state: StageState, step: () => Promise<void>): Promise<void> {
    const { removes, removesAlways } = this.#scope.options;
    try {
      await step();
      if (removes) this.#removeContainers(state);
      else state.takeContainers();
    } catch (error) {
      if (removesAlways) this.#removeContainers(state);
      throw error;
    }
  }

  #removeContainers(state: StageState): void {
    const { engine, send } = this.#scope;
    for (const id of state.takeContainers()) {
      const container = engine.containers.get(id);
      if (container === undefined || isRunning(container)) continue;
      removeContainer(engine, id, { removesVolumes: true });
      const removed = isOlderEngine(engine.release, "28") ? "Removing" : " ---> Removed";
      send({ stream: `${removed} intermediate container ${toShortId(id)}\n` });
    }
  }

  async #dispatch(state: StageState, instruction: DockerfileInstruction): Promise<void> {
    const { escapeMark, args, send } = this.#scope;
    const variables = this.#getVariables(state);
    const { name } = instruction;
    if (name === "run") return runCommand(this.#scope, state, instruction);
    if (name === "copy" || name === "add") {
      return copyOrAdd(this.#scope, state, instruction, await this.#findSource(instruction), variables);
    }
    if (name === "arg") {
      args.declare(instruction, variables, escapeMark, false);
      return state.commitSetting(
        `ARG ${instruction.args.map((word) => expandWord(word, variables, escapeMark)).join(" ")}`,
      );
    }
    if (name === "maintainer") {
      state.author = instruction.args[0] ?? "";
      return state.commitSetting(`MAINTAINER ${state.author}`);
    }
    this.#applySetting(state, instruction, variables, send);
  }

  #applySetting(
    state: StageState,
    instruction: DockerfileInstruction,
    variables: DockerfileVariables,
    send: ProgressSink,
  ): void {
    const { config: before } = state;
    const { escapeMark } = this.#scope;
    const expand = (word: string): string => expandWord(word, variables, escapeMark);
    const setting = SETTINGS.get(instruction.name)?.(instruction, { config: before, expand });
    if (setting === undefined) throw badParameter(`unknown instruction: ${instruction.name.toUpperCase()}`);
    const { Test = [] } = before.Healthcheck ?? {};
    if (instruction.name === "healthcheck" && Test.length > 0) {
      send({ stream: `Note: overriding previous HEALTHCHECK: [${Test.join(" ")}]\n` });
    }
    state.config = setting.config;
    if (instruction.name === "workdir") state.commitWorkdir(setting.comment, setting.config.WorkingDir);
    else state.commitSetting(setting.comment);
  }

  #getVariables({ config }: StageState): DockerfileVariables {
    const env = config.Env ?? [];
    return new Map([...this.#scope.args.getEffective(env), ...toVariables(env)]);
  }

  async #findSource({ flags }: DockerfileInstruction): Promise<CopyRoot> {
    const from = flags.get("from");
    if (from === undefined) return { root: this.#context.root, isContext: true };
    const image = await this.#findOtherStage(from);
    return { root: (image && getRootTree(image)) ?? createDirectoryNode(0), isContext: false };
  }

  async #findOtherStage(from: string): Promise<Image | undefined> {
    const index = /^\d+$/.test(from) ? Number(from) : -1;
    const stage = this.#builtStages.find((built) => built.name === from.toLowerCase()) ?? this.#builtStages[index];
    if (stage !== undefined) return stage.image;
    try {
      return await this.#resolveImage(from);
    } catch (error) {
      throw error instanceof ApiError
        ? new ApiError(error.status, `invalid from flag value ${from}: ${error.message}`)
        : error;
    }
  }
}
