/**
 * One build. Its client has the frontend read the Dockerfile (LLBBridge/Solve), returns the result (LLBBridge/Return), and
 * with that the steps run and Control/Solve is answered (buildkit solver/llbsolver/solver.go).
 */

import type { Engine } from "../engine.ts";
import { BuildProgress } from "./build-progress.ts";
import { buildStage } from "./build-stage.ts";
import { getBuilder } from "./buildkit-builder.ts";
import { type ExportResponse, exportResult } from "./export-result.ts";
import { type BuildDefinition, loadDefinition } from "./load-definition.ts";
import type { SolveOptions } from "./solve-options.ts";
import type { SolveScope } from "./solve-scope.ts";
import type { StagePlan } from "./stage-plan.ts";
import type { StageResult } from "./stage-result.ts";
import { loadContextTree, type SourceTree, type StageScope, usesContext } from "./stage-scope.ts";

export class SolveJob {
  /** The id that the client gave the build. */
  readonly ref: string;
  readonly progress: BuildProgress;
  readonly #engine: Engine;
  readonly #leaving = new AbortController();
  #prepared: { readonly scope: SolveScope; readonly definition: BuildDefinition } | undefined;

  constructor(engine: Engine, ref: string) {
    this.#engine = engine;
    this.ref = ref;
    this.progress = new BuildProgress(() => engine.time.stamp());
  }

  /** The client is gone. */
  cancel(): void {
    this.#leaving.abort();
    this.progress.end();
  }

  /** Reads what is to be built. @throws SolveError, ApiError */
  async prepare(options: SolveOptions): Promise<void> {
    const builder = getBuilder(this.#engine);
    const scope = { engine: this.#engine, builder, options, progress: this.progress, signal: this.#leaving.signal };
    builder.sharedSteps.enterBuild();
    try {
      this.#prepared = { scope, definition: await loadDefinition(scope) };
    } finally {
      builder.sharedSteps.leaveBuild();
    }
  }

  /** Builds what was prepared; nothing where nothing was. @throws SolveError, ApiError */
  async run(): Promise<ExportResponse> {
    if (this.#prepared === undefined) return {};
    const { scope, definition } = this.#prepared;
    scope.builder.sharedSteps.enterBuild();
    try {
      const result = await buildTarget(scope, definition);
      return await exportResult(scope, result, this.ref);
    } finally {
      scope.builder.sharedSteps.leaveBuild();
    }
  }
}

async function buildTarget(solveScope: SolveScope, definition: BuildDefinition): Promise<StageResult> {
  const stages = new Map<number, Promise<StageResult>>();
  let context: Promise<SourceTree> | undefined;
  const scope: StageScope = {
    ...solveScope,
    definition,
    buildStage: (index) => {
      const stage = stages.get(index) ?? buildStage(scope, definition.plan.stages[index] as StagePlan);
      stages.set(index, stage);
      return stage;
    },
    loadContext: () => {
      context ??= loadContextTree(solveScope, definition);
      return context;
    },
  };
  if (usesContext(definition)) await scope.loadContext();
  return scope.buildStage(definition.plan.target.index);
}
