/**
 * One build. Its client has the frontend read the Dockerfile (LLBBridge/Solve), returns the result (LLBBridge/Return), and
 * with that the steps run and Control/Solve is answered (buildkit solver/llbsolver/solver.go).
 */

import type { Engine } from "../engine.ts";
import { BuildProgress } from "./build-progress.ts";
import { getBuilder } from "./buildkit-builder.ts";
import { checkDefinition } from "./check-definition.ts";
import { type ExportResponse, exportResult } from "./export-result.ts";
import { solveGraph } from "./graph-solver.ts";
import type { LintReport } from "./lint/lint-report.ts";
import { type BuildDefinition, type DefinitionWatcher, loadDefinition } from "./load-definition.ts";
import { type DockerfileText, withInstruction } from "./solve-error.ts";
import type { SolveOptions } from "./solve-options.ts";
import type { SolveScope } from "./solve-scope.ts";
import { type StageResult, toStageResult } from "./stage-result.ts";

export class SolveJob {
  /** The id that the client gave the build. */
  readonly ref: string;
  readonly progress: BuildProgress;
  readonly #engine: Engine;
  readonly #leaving = new AbortController();
  #file: DockerfileText | undefined;
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

  /** Checks the Dockerfile, and leaves nothing to build. */
  async check(options: SolveOptions): Promise<LintReport> {
    return this.#share(this.#createScope(options), checkDefinition);
  }

  /** Reads what is to be built. @throws SolveError, ApiError */
  async prepare(options: SolveOptions): Promise<void> {
    const scope = this.#createScope(options);
    const definition = await this.#share(scope, () => loadDefinition(scope, this.#watch(scope)));
    this.#prepared = { scope, definition };
  }

  #createScope(options: SolveOptions): SolveScope {
    const { progress } = this;
    return {
      engine: this.#engine,
      builder: getBuilder(this.#engine),
      options,
      progress,
      signal: this.#leaving.signal,
    };
  }

  /** Works as one of the builds that are under way. */
  #share<T>(scope: SolveScope, work: (scope: SolveScope) => Promise<T>): Promise<T> {
    return scope.builder.sharedSteps.duringBuild(() => work(scope));
  }

  #watch({ progress }: SolveScope): DefinitionWatcher {
    let vertex = "";
    return {
      onFile: (file, digest) => {
        this.#file = file;
        vertex = digest;
      },
      onWarning: (warning) => {
        if (this.#file !== undefined) progress.warn(vertex, warning, this.#file);
      },
    };
  }

  /** The Dockerfile, once it was read. */
  get file(): DockerfileText | undefined {
    return this.#file;
  }

  /** Builds what was prepared; nothing where nothing was. @throws SolveError, ApiError */
  async run(): Promise<ExportResponse> {
    if (this.#prepared === undefined) return {};
    const { scope, definition } = this.#prepared;
    return this.#share(scope, async () => exportResult(scope, await buildTarget(scope, definition), this.ref));
  }
}

async function buildTarget(scope: SolveScope, { target }: BuildDefinition): Promise<StageResult> {
  const findResult = await solveGraph(scope, target.node, (error, node) => {
    if (node.kind !== "step" || node.instruction === undefined) return error;
    return withInstruction(error, node.instruction);
  });
  return toStageResult(target, findResult);
}
