/** Builds one stage: its FROM, then each of its instructions (buildkit frontend/dockerfile/dockerfile2llb/convert.go). */
import { Disk } from "../../../userland/files/disk.ts";
import { createLayer } from "../../images/layers.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import type { HistoryEntry } from "../../model/image.ts";
import { toFullName } from "../../model/image-reference.ts";
import type { BuildArgs } from "../builder/build-args.ts";
import { formatFingerprint } from "../builder/copy-sources.ts";
import { expandWord } from "../dockerfile/expand.ts";
import { type DockerfileInstruction, parseInstruction } from "../dockerfile/instruction.ts";
import { SETTINGS } from "../dockerfile/settings.ts";
import { type DockerfileVariables, toVariables } from "../dockerfile/variables.ts";
import type { RunningVertex } from "./build-progress.ts";
import type { BuildSnapshot } from "./buildkit-builder.ts";
import { copyInto, resolveSources, resolveTarget } from "./copy-files.ts";
import { toExcerpt } from "./load-definition.ts";
import { findMountSources, prepareMounts } from "./prepare-mounts.ts";
import { type RunCommand, toRunCommand } from "./run-arguments.ts";
import { runInSandbox } from "./run-command.ts";
import { parseRunMounts } from "./run-mount.ts";
import { createCancelError, SolveError, withSource } from "./solve-error.ts";
import { createGlobalArgs, type StagePlan } from "./stage-plan.ts";
import { EMPTY_STAGE, getStageTree, type StageResult } from "./stage-result.ts";
import { beginFromImage, findSourceTree, type StageScope } from "./stage-scope.ts";
import { formatImageName, formatInstruction, formatStepPrefix, toVertexDigest } from "./vertex-name.ts";

const STEPS: ReadonlySet<string> = new Set(["run", "copy", "add", "workdir"]);
const COMMENT = "buildkit.dockerfile.v0";

/** What a step does, and all that its result depends on. */
interface BuildStep {
  readonly instruction: DockerfileInstruction;
  readonly variables: DockerfileVariables;
  /** The vertices that it needs besides the one before it. */
  readonly inputs: readonly string[];
  /** Besides the input and the instruction. */
  readonly key: readonly unknown[];
  readonly createdBy: string;
  /** Makes the tree. */
  readonly work: (vertex: RunningVertex) => Promise<BuildSnapshot["layers"][number]["root"]>;
}

/** @throws SolveError with the lines of the instruction that fails */
export async function buildStage(scope: StageScope, plan: StagePlan): Promise<StageResult> {
  return new StageBuild(scope, plan).build();
}

class StageBuild {
  readonly #scope: StageScope;
  readonly #plan: StagePlan;
  readonly #args: BuildArgs;
  readonly #escapeMark: string;
  #result: StageResult = EMPTY_STAGE;
  #index = 0;
  #total = 0;

  constructor(scope: StageScope, plan: StagePlan) {
    const { dockerfile } = scope.definition.plan;
    this.#scope = scope;
    this.#plan = plan;
    this.#args = createGlobalArgs(dockerfile, scope.options);
    this.#escapeMark = dockerfile.escapeMark;
  }

  async build(): Promise<StageResult> {
    const { stage } = this.#plan;
    const instructions = this.#listInstructions(this.#plan);
    this.#total = this.#countSteps(this.#plan);
    this.#result = await this.#withLines(stage.from, () => this.#begin());
    for (const instruction of instructions) {
      if (this.#scope.signal.aborted) throw createCancelError();
      await this.#withLines(instruction, () => this.#dispatch(instruction));
    }
    return this.#result;
  }

  /** Those of ONBUILD of the image that the stage begins from come first. */
  #listInstructions({ base, stage }: StagePlan): readonly DockerfileInstruction[] {
    if (base.kind !== "image") return stage.instructions;
    const image = this.#scope.definition.images.get(formatImageName(base.reference))?.image;
    const lines = (image?.config.OnBuild as readonly string[] | null | undefined) ?? [];
    const number = stage.from.line;
    const triggers = lines.map((text) => parseInstruction({ text, number }, this.#escapeMark, "buildkit"));
    return [...triggers, ...stage.instructions];
  }

  #countSteps(plan: StagePlan): number {
    const steps = this.#listInstructions(plan).filter(({ name }) => STEPS.has(name)).length;
    return steps + (plan.base.kind === "image" ? 1 : 0);
  }

  async #withLines<T>(instruction: DockerfileInstruction, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw withSource(error, toExcerpt(this.#scope.definition, instruction));
    }
  }

  async #begin(): Promise<StageResult> {
    const { base, stage } = this.#plan;
    if (base.kind === "scratch") return EMPTY_STAGE;
    if (base.kind === "stage") return this.#scope.buildStage(base.index);
    const full = formatImageName(base.reference);
    const isShort = isOlderEngine(this.#scope.engine.release, "28") && !/:latest$/.test(stage.from.args[0] ?? "");
    const shown = isShort && base.reference.tag === "latest" ? toFullName(base.reference) : "";
    this.#index += 1;
    return beginFromImage(this.#scope, full, this.#formatFromPrefix(full), shown);
  }

  /** Stages that begin from one image share its step, which has the name of the last of them. */
  #formatFromPrefix(full: string): string {
    const { needed } = this.#scope.definition.plan;
    const same = needed.filter(({ base }) => base.kind === "image" && formatImageName(base.reference) === full);
    const last = same.at(-1) ?? this.#plan;
    return formatStepPrefix(last.label, 1, this.#countSteps(last));
  }

  #advancePrefix(): string {
    this.#index += 1;
    return formatStepPrefix(this.#plan.label, this.#index, this.#total);
  }

  get #variables(): DockerfileVariables {
    const env = this.#result.config.Env ?? [];
    return new Map([...this.#args.getEffective(env), ...toVariables(env)]);
  }

  async #dispatch(instruction: DockerfileInstruction): Promise<void> {
    const { name } = instruction;
    if (name === "run") return this.#run(instruction);
    if (name === "copy" || name === "add") return this.#copy(instruction);
    if (name === "arg") return this.#declare(instruction);
    if (name === "maintainer") return this.#setAuthor(instruction);
    return this.#applySetting(instruction);
  }

  #declare(instruction: DockerfileInstruction): void {
    this.#args.declare(instruction, this.#variables, this.#escapeMark, false);
    const values = this.#args.getEffective([]);
    const words = instruction.args.map((word) => {
      const [name = ""] = expandWord(word, this.#variables, this.#escapeMark).split("=");
      const value = values.get(name);
      return value === undefined ? name : `${name}=${value}`;
    });
    this.#addHistory(`ARG ${words.join(" ")}`);
  }

  #setAuthor({ args: [author = ""] }: DockerfileInstruction): void {
    this.#result = { ...this.#result, author };
    this.#addHistory(`MAINTAINER ${author}`);
  }

  async #applySetting(instruction: DockerfileInstruction): Promise<void> {
    const { config } = this.#result;
    const apply = SETTINGS.get(instruction.name);
    if (apply === undefined) throw new SolveError(`unknown instruction: ${instruction.name.toUpperCase()}`);
    const variables = this.#variables;
    const setting = apply(instruction, { config, variables, escapeMark: this.#escapeMark });
    if (instruction.name === "workdir") await this.#makeFolder(instruction, variables, setting.config.WorkingDir);
    else this.#addHistory(setting.comment);
    this.#result = { ...this.#result, config: setting.config };
  }

  #makeFolder(instruction: DockerfileInstruction, variables: DockerfileVariables, folder: string): Promise<void> {
    const work = async (): Promise<BuildSnapshot["layers"][number]["root"]> => {
      const rootRef = { root: getStageTree(this.#result) };
      const disk = new Disk([{ at: "/", rootRef }], () => this.#nowMs);
      if (disk.peek(folder) === undefined) disk.makeFolders(folder);
      return rootRef.root;
    };
    return this.#runStep({ instruction, variables, inputs: [], key: [folder], createdBy: `WORKDIR ${folder}`, work });
  }

  async #copy(instruction: DockerfileInstruction): Promise<void> {
    const { engine } = this.#scope;
    const variables = this.#variables;
    const name = expandWord(instruction.flags.get("from") ?? "", variables, this.#escapeMark);
    const needsFiles = name !== "" || instruction.args.slice(0, -1).some((word) => !/^(?:<<|https?:|ftp:)/.test(word));
    const nothing = { root: getStageTree(EMPTY_STAGE), cacheKey: "", digests: [], isContext: true };
    const from = needsFiles ? await findSourceTree(this.#scope, name, this.#plan.index) : nothing;
    const { WorkingDir: workingDir } = this.#result.config;
    const request = { instruction, variables, escapeMark: this.#escapeMark, from, workingDir };
    // Sources that are missing fail before the step begins, as BuildKit's checksums do.
    const sources = resolveSources(engine, request);
    const flags = [...instruction.flags].filter(([flag]) => flag !== "link");
    await this.#runStep({
      instruction,
      variables,
      inputs: from.digests,
      key: [
        formatFingerprint(sources),
        sources.map((source) => source.name),
        resolveTarget(request),
        workingDir,
        flags,
      ],
      createdBy: `${formatInstruction(instruction, variables).replace(/--(?:from|link)(?:=\S+)? /g, "")} # buildkit`,
      work: () => copyInto(getStageTree(this.#result), sources, request, this.#nowMs),
    });
  }

  async #run(instruction: DockerfileInstruction): Promise<void> {
    const { config } = this.#result;
    const command = toRunCommand(instruction, config, this.#args);
    const variables = this.#variables;
    const mounts = parseRunMounts(expandWord(instruction.flags.get("mount") ?? "", variables, this.#escapeMark));
    const sources = await findMountSources(this.#scope, mounts, this.#plan.index);
    await this.#runStep({
      instruction,
      variables,
      inputs: sources.flatMap(({ from }) => from?.digests ?? []),
      key: [
        command.words,
        command.buildArgs,
        config.Env,
        config.User,
        config.WorkingDir,
        mounts,
        sources.map(({ from }) => from?.cacheKey),
      ],
      createdBy: `RUN ${command.remembered.join(" ")} # buildkit`,
      work: async (vertex) =>
        this.#execute(instruction, command, await prepareMounts(this.#scope, sources, config.WorkingDir), vertex),
    });
  }

  #execute(
    { flags }: DockerfileInstruction,
    { words, buildArgs }: RunCommand,
    mounts: Awaited<ReturnType<typeof prepareMounts>>,
    vertex: RunningVertex,
  ): ReturnType<typeof runInSandbox> {
    const { builder, engine, options, signal } = this.#scope;
    const { config } = this.#result;
    const isOld = isOlderEngine(engine.release, "28");
    const request = {
      input: this.#result,
      config,
      command: words,
      env: [...(config.Env ?? []), ...buildArgs, ...this.#args.proxies, ...mounts.env],
      networkMode: flags.get("network") ?? options.networkMode,
      mounts,
      describeFailure: (exitCode: number) =>
        isOld
          ? `executor failed running [${words.join(" ")}]: exit code: ${exitCode}`
          : `process ${JSON.stringify(words.join(" "))} did not complete successfully: exit code: ${exitCode}`,
    };
    return runInSandbox(builder.sandbox, request, vertex, signal);
  }

  /** Finds a step in the cache, or runs it. Its result is the input of the next one. */
  async #runStep({ instruction, variables, inputs, key, createdBy, work }: BuildStep): Promise<void> {
    const { builder, progress, options } = this.#scope;
    const before = this.#result;
    const cacheKey = toVertexDigest(before.cacheKey, instruction.name, ...key);
    const own = options.usesCache ? "" : this.#scope.options.session;
    const definition = {
      digest: toVertexDigest(before.digests, inputs, cacheKey, own),
      name: `${this.#advancePrefix()}${formatInstruction(instruction, variables)}`,
      inputs: [...new Set([...before.digests, ...inputs])],
    };
    const snapshot = await builder.sharedSteps.run(progress, definition, async (vertex) => {
      const cached = options.usesCache ? builder.cache.get(cacheKey) : undefined;
      if (cached !== undefined) vertex.complete({ isCached: true });
      return cached ?? this.#keep(cacheKey, await work(vertex));
    });
    this.#result = { ...before, ...snapshot, cacheKey, digests: [definition.digest] };
    this.#addHistory(createdBy, snapshot.created);
  }

  #keep(cacheKey: string, root: BuildSnapshot["layers"][number]["root"]): BuildSnapshot {
    const { layers } = this.#result;
    const snapshot = {
      layers: [...layers, createLayer(root, layers.at(-1))],
      created: this.#scope.engine.time.stamp(),
    };
    this.#scope.builder.cache.set(cacheKey, snapshot);
    return snapshot;
  }

  /** @param created when the layer was made; undefined for a step without one */
  #addHistory(createdBy: string, created?: bigint): void {
    const isEmptyLayer = created === undefined;
    const entry: HistoryEntry = { created: created ?? this.#result.created, createdBy, comment: COMMENT, isEmptyLayer };
    this.#result = { ...this.#result, history: [...this.#result.history, entry] };
  }

  get #nowMs(): number {
    return Number(this.#scope.engine.time.now() / 1_000_000n);
  }
}
