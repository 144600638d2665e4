/** Reads the instructions of one stage, and makes their steps (buildkit frontend/dockerfile/dockerfile2llb/convert.go). */
import { badParameter } from "../../../model/api-error.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import { toFullName } from "../../../model/image-reference.ts";
import { type DockerfileInstruction, parseInstruction } from "../../dockerfile/instruction.ts";
import type { StepNode } from "../build-node.ts";
import { LINT_RULES } from "../lint/lint-rules.ts";
import { blameInstruction } from "../solve-error.ts";
import { checkInstruction, type StagePlan } from "../stage-plan.ts";
import { formatImageName, formatStepName, formatStepPrefix, toVertexDigest } from "../vertex-name.ts";
import { dispatchArg } from "./dispatch-arg.ts";
import { createCopyStep } from "./dispatch-copy.ts";
import { createRunStep } from "./dispatch-run.ts";
import { dispatchSetting } from "./dispatch-setting.ts";
import { createFolderStep } from "./dispatch-workdir.ts";
import { expandStageWord, type FrontendScope } from "./frontend-scope.ts";
import { createFromNode } from "./source-nodes.ts";
import { continueDraft, createImageDraft, SCRATCH_DRAFT, type StageDraft, withHistory } from "./stage-draft.ts";
import type { StepParts } from "./step-parts.ts";

const STEPS: ReadonlySet<string> = new Set(["run", "copy", "add", "workdir"]);
/** What FROM counts as a step of. */
const HAS_FROM: ReadonlySet<string> = new Set(["image", "context"]);
const ONCE: ReadonlySet<string> = new Set(["cmd", "entrypoint", "healthcheck"]);

/** @throws SolveError with the lines of the instruction that is wrong */
export function dispatchStage(scope: FrontendScope, plan: StagePlan): StageDraft {
  return new StageDispatcher(scope, plan).dispatch();
}

class StageDispatcher {
  readonly #scope: FrontendScope;
  readonly #plan: StagePlan;
  readonly #seen = new Map<string, DockerfileInstruction>();
  #draft: StageDraft = SCRATCH_DRAFT;
  #index = 0;
  #total = 0;

  constructor(scope: FrontendScope, plan: StagePlan) {
    this.#scope = scope;
    this.#plan = plan;
  }

  dispatch(): StageDraft {
    const { stage } = this.#plan;
    this.#total = this.#countSteps(stage.instructions) + (HAS_FROM.has(this.#plan.base.kind) ? 1 : 0);
    blameInstruction(stage.from, () => this.#begin());
    const triggers = blameInstruction(stage.from, () => this.#listTriggers());
    this.#total += triggers.length;
    for (const trigger of triggers) blameInstruction(trigger, () => this.#apply(trigger, true));
    for (const instruction of stage.instructions) blameInstruction(instruction, () => this.#apply(instruction, false));
    return this.#draft;
  }

  #countSteps(instructions: readonly DockerfileInstruction[]): number {
    return instructions.filter(({ name }) => STEPS.has(name)).length;
  }

  #begin(): void {
    const { base, stage } = this.#plan;
    if (base.kind === "stage") this.#draft = continueDraft(this.#scope.drafts.get(base.index) as StageDraft);
    if (base.kind === "context") this.#draft = this.#scope.namedContexts.get(base.name) ?? SCRATCH_DRAFT;
    if (base.kind !== "image") return;
    const full = formatImageName(base.reference);
    const isShort = isOlderEngine(this.#scope.engine.release, "28") && !/:latest$/.test(stage.from.args[0] ?? "");
    const shown = isShort && base.reference.tag === "latest" ? toFullName(base.reference) : "";
    const node = createFromNode(this.#scope, full, this.#advancePrefix(), shown);
    const image = this.#scope.images.get(full)?.image;
    if (image !== undefined) this.#draft = createImageDraft(image, node);
  }

  /** The lines of ONBUILD of the image or of the stage that this one begins from. */
  #listTriggers(): readonly DockerfileInstruction[] {
    const { base, stage } = this.#plan;
    const { plan, images, drafts } = this.#scope;
    const config =
      base.kind === "image"
        ? images.get(formatImageName(base.reference))?.image.config
        : base.kind === "stage"
          ? drafts.get(base.index)?.config
          : undefined;
    const lines = (config?.OnBuild as readonly string[] | null | undefined) ?? [];
    const { line: number, lastLine: lastNumber } = stage.from;
    return lines.map((text) => parseInstruction({ text, number, lastNumber }, plan.dockerfile.escapeMark, "buildkit"));
  }

  #advancePrefix(isTrigger = false): string {
    this.#index += 1;
    return `${formatStepPrefix(this.#plan.label, this.#index, this.#total)}${isTrigger ? "ONBUILD " : ""}`;
  }

  #apply(instruction: DockerfileInstruction, isTrigger: boolean): void {
    checkInstruction(instruction);
    this.#warnOfRepetition(instruction);
    this.#draft = this.#dispatchInstruction(instruction, isTrigger);
    this.#note(instruction);
  }

  #dispatchInstruction(instruction: DockerfileInstruction, isTrigger: boolean): StageDraft {
    const { name, args } = instruction;
    const [scope, draft] = [this.#scope, this.#draft];
    switch (name) {
      case "run":
        return this.#addStep(instruction, isTrigger, () => createRunStep(scope, draft, instruction));
      case "copy":
      case "add":
        return this.#addStep(instruction, isTrigger, (step) => createCopyStep(scope, draft, instruction, step));
      case "workdir":
        return this.#changeFolder(instruction, isTrigger);
      case "arg":
        return dispatchArg(scope, draft, instruction);
      case "maintainer":
        return withHistory({ ...draft, author: args[0] ?? "" }, `MAINTAINER ${args[0] ?? ""}`);
      default:
        return dispatchSetting(scope, draft, instruction, this.#seen.has("cmd"));
    }
  }

  #note(instruction: DockerfileInstruction): void {
    if (ONCE.has(instruction.name)) this.#seen.set(instruction.name, instruction);
  }

  /** Only the last one of a stage counts. */
  #warnOfRepetition({ name, text }: DockerfileInstruction): void {
    const earlier = this.#seen.get(name);
    const [written = ""] = /^\S+/.exec(text) ?? [];
    const what = `Multiple ${written} instructions should not be used in the same stage because only the last one will be used`;
    if (earlier !== undefined) this.#scope.linter.warn(LINT_RULES.multipleInstructionsDisallowed, earlier, what);
  }

  #changeFolder(instruction: DockerfileInstruction, isTrigger: boolean): StageDraft {
    const path = expandStageWord(this.#scope, this.#draft, instruction, instruction.args[0] ?? "");
    if (path === "") throw badParameter("normalizing workdir: cannot normalize nothing");
    const what = `Relative workdir ${JSON.stringify(path)} can have unexpected results if the base image changes`;
    if (!this.#draft.isWorkdirSet && !path.startsWith("/"))
      this.#scope.linter.warn(LINT_RULES.workdirRelativePath, instruction, what);
    const { config, step } = createFolderStep(this.#scope, this.#draft, path);
    this.#draft = { ...this.#draft, config, isWorkdirSet: true };
    if (step === undefined) return withHistory(this.#draft, `WORKDIR ${config.WorkingDir}`);
    return this.#addStep(instruction, isTrigger, () => step);
  }

  #addStep(instruction: DockerfileInstruction, isTrigger: boolean, create: (name: string) => StepParts): StageDraft {
    const { node: base, variables } = this.#draft;
    const { plan, options } = this.#scope;
    const { escapeMark } = plan.dockerfile;
    const name = `${this.#advancePrefix(isTrigger)}${formatStepName(instruction, variables, escapeMark)}`;
    const parts = create(name);
    const usesCache = options.usesCache(this.#plan.stage.name ?? "");
    const inputs = [base, ...parts.inputs];
    const own = usesCache ? [] : [options.session];
    const { createdBy, toKey, work } = parts;
    const node: StepNode = {
      kind: "step",
      digest: toVertexDigest(
        inputs.map(({ digest }) => digest),
        instruction.name,
        parts.definition,
        own,
      ),
      name,
      inputs,
      instruction,
      usesCache,
      toKey: (results) => toVertexDigest(results[0]?.cacheKey, instruction.name, toKey(results)),
      work,
    };
    return withHistory({ ...this.#draft, node }, createdBy, node);
  }
}
