/** The classic builder: a Dockerfile, step by step, each step an image (moby builder/dockerfile). */

import { directoryNode } from "../../../userland/files/node.ts";
import { DEFAULT_PATH } from "../../../userland/process/find-program.ts";
import { ApiError, badParameter } from "../../model/api-error.ts";
import { isRunning } from "../../model/container.ts";
import { configOf } from "../../model/container-config.ts";
import { type Image, rootOf } from "../../model/image.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { familiarText, parseReference, withLatest } from "../../model/reference.ts";
import type { Engine } from "../engine.ts";
import { pull } from "../images/pull.ts";
import { tagImage } from "../images/tag.ts";
import { removeContainer } from "../lifecycle/remove.ts";
import { add, type From } from "./add.ts";
import type { BuildOptions } from "./build-options.ts";
import type { Context } from "./context.ts";
import { type Dockerfile, parseDockerfile, type Stage, upToTarget } from "./dockerfile/dockerfile.ts";
import { expand, type Variables } from "./dockerfile/expand.ts";
import { type Instruction, instructionIn } from "./dockerfile/instruction.ts";
import { run } from "./run.ts";
import { SETTINGS } from "./settings.ts";
import { type Build, StageState, shortId } from "./stage.ts";
import { BuildArgs, variablesOf } from "./variables.ts";

const SCRATCH = "scratch";

/** Ready to be run: what is wrong with the Dockerfile is found before anything is said. */
export interface Plan {
  readonly dockerfile: Dockerfile;
  readonly stages: readonly Stage[];
}

/** @throws Refusal 400 */
export function planOf({ dockerfile: text }: Context, { target, labels }: BuildOptions): Plan {
  const dockerfile = parseDockerfile(text);
  const stages = upToTarget(dockerfile, target);
  const words = Object.entries(labels).map(([name, value]) => `${labelWord(name)}=${labelWord(value)}`);
  if (words.length === 0) return { dockerfile, stages };
  const label = instructionIn({ number: 0, text: `LABEL ${words.sort().join(" ")}` }, dockerfile.escapeMark);
  const last = stages.at(-1) as Stage;
  return { dockerfile, stages: [...stages.slice(0, -1), { ...last, instructions: [...last.instructions, label] }] };
}

function labelWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text}'`;
}

/** A build's listener: says what comes about, and tells when nobody hears it any more. */
export interface Audience {
  readonly say: ProgressSink;
  readonly gone: Promise<void>;
}

/** Builds all stages, tags the last one, and resolves with its id. @throws Refusal */
export async function build(
  engine: Engine,
  context: Context,
  { dockerfile, stages }: Plan,
  options: BuildOptions,
  audience: Audience,
): Promise<string> {
  const shared = { engine, options, args: new BuildArgs(options.args), escapeMark: dockerfile.escapeMark, ...audience };
  return new Builder(shared, context, dockerfile, stages).all();
}

class Builder {
  readonly #build: Build;
  readonly #context: Context;
  readonly #dockerfile: Dockerfile;
  readonly #stages: readonly Stage[];
  readonly #built: { readonly name: string | undefined; readonly image: Image | undefined }[] = [];
  readonly #total: number;
  #step = 0;

  constructor(build: Build, context: Context, dockerfile: Dockerfile, stages: readonly Stage[]) {
    this.#build = build;
    this.#context = context;
    this.#dockerfile = dockerfile;
    this.#stages = stages;
    const instructions = stages.reduce((sum, stage) => sum + 1 + stage.instructions.length, 0);
    this.#total = dockerfile.globals.length + instructions;
  }

  async all(): Promise<string> {
    const { args, escapeMark, say } = this.#build;
    for (const instruction of this.#dockerfile.globals) {
      this.#announce(instruction);
      args.declare(instruction, args.globals, escapeMark, true);
    }
    let last = "";
    for (const stage of this.#stages) last = await this.#stage(stage);
    const { unused } = args;
    if (unused.length > 0)
      say({ stream: `[Warning] One or more build-args [${unused.join(" ")}] were not consumed\n` });
    say({ stream: `Successfully built ${shortId(last)}\n` });
    this.#tag(last);
    return last;
  }

  #announce({ text }: Instruction): void {
    this.#step += 1;
    this.#build.say({ stream: `Step ${this.#step}/${this.#total} : ${text}` });
    this.#build.say({ stream: "\n" });
  }

  #tag(id: string): void {
    const { engine, options, say } = this.#build;
    for (const reference of options.tags) {
      tagImage(engine, id, withLatest(reference));
      say({ stream: `Successfully tagged ${familiarText(withLatest(reference))}\n` });
    }
  }

  async #stage({ from, name, instructions }: Stage): Promise<string> {
    this.#announce(from);
    this.#build.args.reset();
    const state = await this.#begin(from);
    this.#tellImage(state);
    for (const instruction of instructions) {
      this.#announce(instruction);
      await this.#cleanly(state, () => this.#dispatch(state, instruction));
      this.#tellImage(state);
    }
    this.#built.push({ name, image: state.image });
    if (state.image === undefined) throw badParameter("No image was generated. Is your Dockerfile empty?");
    if (this.#build.options.tellsIds) this.#build.say({ aux: { ID: state.imageId } });
    return state.imageId;
  }

  #tellImage({ imageId }: StageState): void {
    this.#build.say({ stream: ` ---> ${shortId(imageId)}\n` });
  }

  async #begin({ args: [word = ""] }: Instruction): Promise<StageState> {
    const { args, escapeMark } = this.#build;
    const name = expand(word, args.globals, escapeMark);
    if (name === "") throw badParameter(`base name (${word}) should not be blank`);
    const image = name === SCRATCH ? undefined : await this.#base(name);
    const config = configOf(image?.configuration.config ?? {});
    const hasPath = (config.Env ?? []).some((pair) => pair.startsWith("PATH="));
    const env = hasPath ? config.Env : [`PATH=${DEFAULT_PATH}`, ...(config.Env ?? [])];
    const state = new StageState(this.#build, image, { ...config, Env: env, OnBuild: null });
    await this.#trigger(state, config.OnBuild ?? []);
    return state;
  }

  async #base(name: string): Promise<Image | undefined> {
    const stage = this.#built.find((built) => built.name === name.toLowerCase());
    return stage === undefined ? this.#imageNamed(name) : stage.image;
  }

  async #imageNamed(name: string): Promise<Image> {
    const { engine, options, say } = this.#build;
    const here = options.pulls ? undefined : engine.images.lookUp(name);
    if (here !== undefined) return here;
    const reference = withLatest(parseReference(name));
    const credentials =
      options.credentials[reference.domain] ?? options.credentials["https://index.docker.io/v1/"] ?? {};
    return pull(engine, reference, credentials, say);
  }

  async #trigger(state: StageState, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const { say, escapeMark } = this.#build;
    say({ stream: `# Executing ${lines.length} build trigger` });
    if (lines.length > 1) say({ stream: "s" });
    say({ stream: "\n" });
    for (const text of lines) {
      const instruction = instructionIn({ number: 0, text }, escapeMark);
      await this.#cleanly(state, () => this.#dispatch(state, instruction));
    }
  }

  /** Does it, and removes the containers that it left, as far as the client wants. */
  async #cleanly(state: StageState, step: () => Promise<void>): Promise<void> {
    const { removes, removesAlways } = this.#build.options;
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
    const { engine, say } = this.#build;
    for (const id of state.takeContainers()) {
      const container = engine.containers.get(id);
      if (container === undefined || isRunning(container)) continue;
      removeContainer(engine, id, { removesVolumes: true });
      say({ stream: `Removing intermediate container ${shortId(id)}\n` });
    }
  }

  async #dispatch(state: StageState, instruction: Instruction): Promise<void> {
    const { escapeMark, args, say } = this.#build;
    const variables = this.#variables(state);
    const { name } = instruction;
    if (name === "run") return run(this.#build, state, instruction);
    if (name === "copy" || name === "add") {
      return add(this.#build, state, instruction, await this.#source(instruction), variables);
    }
    if (name === "arg") {
      args.declare(instruction, variables, escapeMark, false);
      return state.settle(`ARG ${instruction.args.map((word) => expand(word, variables, escapeMark)).join(" ")}`);
    }
    if (name === "maintainer") {
      state.author = instruction.args[0] ?? "";
      return state.settle(`MAINTAINER ${state.author}`);
    }
    this.#set(state, instruction, variables, say);
  }

  #set(state: StageState, instruction: Instruction, variables: Variables, say: ProgressSink): void {
    const { config: before } = state;
    const { escapeMark } = this.#build;
    const setting = SETTINGS.get(instruction.name)?.(instruction, { config: before, variables, escapeMark });
    if (setting === undefined) throw badParameter(`unknown instruction: ${instruction.name.toUpperCase()}`);
    const { Test = [] } = before.Healthcheck ?? {};
    if (instruction.name === "healthcheck" && Test.length > 0) {
      say({ stream: `Note: overriding previous HEALTHCHECK: [${Test.join(" ")}]\n` });
    }
    state.config = setting.config;
    if (instruction.name === "workdir") state.enter(setting.comment, setting.config.WorkingDir);
    else state.settle(setting.comment);
  }

  #variables({ config }: StageState): Variables {
    const env = config.Env ?? [];
    return new Map([...this.#build.args.effective(env), ...variablesOf(env)]);
  }

  async #source({ flags }: Instruction): Promise<From> {
    const from = flags.get("from");
    if (from === undefined) return { root: this.#context.root, isContext: true };
    const image = await this.#otherStage(from);
    return { root: (image && rootOf(image)) ?? directoryNode(0), isContext: false };
  }

  async #otherStage(from: string): Promise<Image | undefined> {
    const index = /^\d+$/.test(from) ? Number(from) : -1;
    const stage = this.#built.find((built) => built.name === from.toLowerCase()) ?? this.#built[index];
    if (stage !== undefined) return stage.image;
    try {
      return await this.#imageNamed(from);
    } catch (error) {
      throw error instanceof ApiError
        ? new ApiError(error.status, `invalid from flag value ${from}: ${error.message}`)
        : error;
    }
  }
}
