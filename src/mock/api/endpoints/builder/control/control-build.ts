/** A build as the calls of its client see it: Solve stays open until Return, Status reports, LLBBridge works in between. */
import { toErrorMessage } from "../../../../../base/error-message.ts";
import type { GrpcStatus } from "../../../../../wire/grpc/status.ts";
import type { BuildRecord } from "../../../../operations/buildkit/build-history.ts";
import { getBuilder } from "../../../../operations/buildkit/buildkit-builder.ts";
import type { ExportResponse } from "../../../../operations/buildkit/export-result.ts";
import { formatLintReport } from "../../../../operations/buildkit/lint/lint-report.ts";
import {
  createCancelError,
  SolveError,
  toFailedStatus,
  toSolveError,
} from "../../../../operations/buildkit/solve-error.ts";
import { SolveJob } from "../../../../operations/buildkit/solve-job.ts";
import {
  type AttributeMap,
  checkFrontend,
  createUnsupportedError,
  readSolveOptions,
} from "../../../../operations/buildkit/solve-options.ts";
import type { Engine } from "../../../../operations/engine.ts";
import type { SolveRequest } from "./read-solve.ts";

/** How a build ends. */
export type SolveOutcome = { readonly response: ExportResponse } | { readonly status: GrpcStatus };

/** What the frontend returns. */
export interface FrontendOutcome {
  readonly failure: GrpcStatus | undefined;
  /** Of a check: its report, by name. */
  readonly metadata: Readonly<Record<string, Buffer>>;
}

export class ControlBuild {
  readonly job: SolveJob;
  readonly #engine: Engine;
  readonly #request: Promise<SolveRequest>;
  #begin: (request: SolveRequest) => void = () => undefined;
  readonly #outcome: Promise<SolveOutcome>;
  #end: (outcome: SolveOutcome) => void = () => undefined;
  #failure: GrpcStatus | undefined;

  constructor(engine: Engine, ref: string) {
    this.#engine = engine;
    this.job = new SolveJob(engine, ref);
    this.#request = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.#outcome = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Control/Solve. Resolves at the end of the build. */
  async solve(request: SolveRequest): Promise<SolveOutcome> {
    this.#begin(request);
    if (!request.isInternal) this.#note(request);
    if (request.frontend !== "") {
      await this.runFrontend(request.frontend, request.attributes);
      await this.finish(undefined);
    }
    return this.#outcome;
  }

  /** LLBBridge/Solve. Comes perhaps before Control/Solve. */
  async runFrontend(frontend: string, attributes: AttributeMap): Promise<FrontendOutcome> {
    const { session, exporter, exporterCount } = await this.#request;
    let metadata: FrontendOutcome["metadata"] = {};
    this.#failure = await this.#catchFailure(async () => {
      checkFrontend(frontend, attributes);
      if (exporterCount > 1) throw createUnsupportedError(`${exporterCount} outputs`, "one output");
      const options = readSolveOptions(attributes, { session, exporter, exporterId: "0" });
      if (options.isCheck) metadata = formatLintReport(await this.job.check(options));
      else await this.job.prepare(options);
    });
    return { failure: this.#failure, metadata };
  }

  /** LLBBridge/Return: runs the steps. @param error what the client returns instead of a result */
  async finish(error: GrpcStatus | undefined): Promise<void> {
    let response: ExportResponse = {};
    const failure =
      this.#failure ??
      error ??
      (await this.#catchFailure(async () => {
        response = await this.job.run();
      }));
    this.job.progress.end();
    this.#noteEnd(failure === undefined ? { response } : { failure });
    this.#end(failure === undefined ? { response } : { status: failure });
  }

  /** The client is gone: what was not finished is cancelled. */
  leave(): void {
    this.job.cancel();
    this.#noteEnd({ failure: toFailedStatus(createCancelError()) });
  }

  #note({ ref, frontend, attributes, exporter }: SolveRequest): void {
    const { progress } = this.job;
    const created = this.#engine.time.stamp();
    getBuilder(this.#engine).history.begin({ ref, frontend, attributes, exporter, created, progress });
  }

  #noteEnd(result: Pick<BuildRecord, "response" | "failure">): void {
    getBuilder(this.#engine).history.end(this.job.ref, { completed: this.#engine.time.stamp(), ...result });
  }

  /** Errors of the simulator itself are reported, and end the build, too. */
  async #catchFailure(work: () => Promise<void>): Promise<GrpcStatus | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      const known = toSolveError(error);
      if (known !== undefined) return toFailedStatus(known, this.job.file);
      this.#engine.onFault(error);
      const message = toErrorMessage(error);
      return toFailedStatus(new SolveError(`whalesong's mock failed at a build: ${message}`), undefined);
    }
  }
}
